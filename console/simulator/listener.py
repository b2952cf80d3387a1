"""One face behind a real HTTP server, and the faults that only a socket can show."""

import asyncio
import logging
import socket
import struct
from collections.abc import Callable
from typing import Any

from aiohttp import web

from console.simulator.faults import UNTOUCHED, FaultRule, Faults, Trouble, Verdict
from console.simulator.spoiling import spoil
from console.simulator.wire import Asked, Face, Received, Reply

MAX_REQUEST = 4 * 1024 * 1024
"""Bytes of a request body; the largest documented request, 60,000 bins to prepare, fits."""

# Without a handler of its own, what clients do wrong would be printed over a console in the same process.
_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())

_SHUTDOWN_SECONDS = 0.2
_LINGER_ZERO = struct.pack("ii", 1, 0)


class Listener:
    """Serves `face` over HTTP; `tick` lets the worlds catch up before each call is carried out."""

    def __init__(self, name: str, face: Face, faults: Faults, tick: Callable[[], None]) -> None:
        self._name = name
        self._face = face
        self._faults = faults
        self._tick = tick
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str, port: int) -> str:
        """Listen, on a free port if `port` is 0, and return the base URL.

        Raises:
            OSError: the address cannot be had.
        """
        server = web.Server(self._handle, request_factory=_bounded_request, access_log=None, logger=_log)
        self._runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close the socket and every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _response(Reply(body=b"too large", status=413))
        self._tick()
        asked = self._face.read(_received(request, body))
        verdict = self._faults.judge(self._name, asked.method, asked.port)
        if verdict is UNTOUCHED:
            return _response(asked.answer())
        return await self._misbehave(request, asked, verdict)

    async def _misbehave(
        self, request: web.BaseRequest, asked: Asked, verdict: Verdict
    ) -> web.StreamResponse:
        if verdict.wait_before:
            await asyncio.sleep(verdict.wait_before)
            self._tick()
        reply = _carried_out(asked, verdict.rule)
        await asyncio.sleep(verdict.wait_after)
        if verdict.rule is None:
            return _response(reply)
        match verdict.rule.kind:
            case Trouble.DROP_BEFORE | Trouble.DROP_AFTER:
                return _dropped(request)
            case Trouble.RESET_BEFORE | Trouble.RESET_AFTER:
                return _reset(request)
            case Trouble.TRUNCATE:
                return await _truncated(request, reply)
            case Trouble.DRIBBLE:
                return await _dribbled(request, reply, verdict.rule.seconds)
        return _response(spoil(reply, verdict.rule, self._faults.random))


def _carried_out(asked: Asked, rule: FaultRule | None) -> Reply:
    """Carry the call out unless the rule forbids it, and return the reply that is to travel."""
    if rule is None:
        return asked.answer()
    reply = asked.answer() if rule.executes else None
    if reply is None or rule.kind in (Trouble.FAULT, Trouble.SERVER_ERROR):
        return asked.refuse(rule.code, rule.text)
    return reply


def _bounded_request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=MAX_REQUEST)


def _received(request: web.BaseRequest, body: bytes) -> Received:
    path, _, query = request.raw_path.partition("?")
    headers = request.headers
    return Received(
        verb=request.method,
        path=path,
        query=query,
        content_type=headers.get("Content-Type", ""),
        accept_encoding=headers.get("Accept-Encoding", ""),
        body=body,
    )


def _response(reply: Reply) -> web.Response:
    return web.Response(body=reply.body, status=reply.status, headers=_headers(reply))


def _headers(reply: Reply) -> dict[str, str]:
    return {"Content-Type": f"{reply.content_type}; charset=utf-8", **reply.headers}


def _dropped(request: web.BaseRequest) -> web.Response:
    """Close the connection; what is returned finds it closed and goes nowhere."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


def _reset(request: web.BaseRequest) -> web.Response:
    """Close the connection with a TCP reset."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        request.transport.abort()
    return web.Response()


async def _truncated(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
    """Announce all of the body, send half of it, close."""
    response = await _begun(request, reply)
    await response.write(reply.body[: len(reply.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def _dribbled(request: web.BaseRequest, reply: Reply, seconds: float) -> web.StreamResponse:
    response = await _begun(request, reply)
    for index in range(len(reply.body)):
        await response.write(reply.body[index : index + 1])
        await asyncio.sleep(seconds)
    await response.write_eof()
    return response


async def _begun(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
    response = web.StreamResponse(status=reply.status, headers=_headers(reply))
    response.content_length = len(reply.body)
    await response.prepare(request)
    return response
