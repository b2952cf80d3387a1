"""The AutoStore controller over HTTP: one method call at a time, accepted or an exception."""

import ssl
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from functools import partial
from typing import TypeVar

from console.autostore import replies, wire
from console.autostore.catalogue import Interface, Method
from console.autostore.methods import find
from console.autostore.values import PortType
from console.exchange import Link, understood
from console.fields import Arguments, Invalid, target_words
from console.outcome import CallFailed, NotSent, Refused, Unknown
from console.tap import Request, Tap, Told, kept, telling

T = TypeVar("T")

READ_SLOTS = 32
"""Reads that have a connection at the same time: twice as many as are made in the background, so that
a look that belongs to a command always finds one."""


class AutoStoreClient:
    """Speaks the Task or Bin interface of one controller.

    Args:
        url: base URL, such as `http://10.0.0.5:44000`.
        interface: which endpoint the site uses.
        encoding: XML unless the site says otherwise.
        timeout: seconds a call may take, 0.1 to 60.
        tls: context for https URLs.
        tap: is told of every exchange.

    Every call raises `Invalid` before anything is sent, `Refused` for a fault, `NotSent` when
    nothing left this machine, and `Unknown` for everything that proves nothing.
    """

    def __init__(
        self,
        url: str,
        *,
        interface: Interface = Interface.TASK,
        encoding: wire.Encoding = wire.Encoding.XML,
        timeout: float = 5.0,
        tls: ssl.SSLContext | None = None,
        tap: Tap | None = None,
    ) -> None:
        self.interface = interface
        self._url = url.rstrip("/")
        self._tap = tap
        self._encoding = encoding
        self._path = f"/api/v2/{interface}"
        self._reads = Link(url, deadline=timeout, fresh=False, tls=tls, slots=READ_SLOTS)
        self._commands = Link(url, deadline=timeout, fresh=True, tls=tls)
        self._read_deadline: float | None = None

    def hurried(self, seconds: float) -> "AutoStoreClient":
        """Return this client for reads that are repeated: one that takes longer is given up (rule 68)."""
        hurried = copy(self)
        hurried._read_deadline = seconds
        return hurried

    async def close(self) -> None:
        """Close all connections."""
        await self._reads.close()
        await self._commands.close()

    def method(self, name: str) -> Method:
        """Return the catalogue's entry for a wire name on this site's interface.

        Raises:
            Invalid: no such method there.
        """
        method = find(name, self.interface)
        if method is None:
            raise Invalid("method", name, f"a method of the {self.interface} interface")
        return method

    def check(self, name: str, given: Mapping[str, object]) -> Arguments:
        """Return the values of a call, typed and checked, without sending anything.

        Raises:
            Invalid: an unknown method, or a value or combination that cannot be right.
        """
        return self.method(name).check(given)

    def request(self, name: str, given: Mapping[str, object]) -> Request:
        """Return what a call would send, without sending it.

        Raises:
            Invalid: as `check`.
        """
        method = self.method(name)
        return self._request(method, method.check(given))[0]

    async def call(self, name: str, given: Mapping[str, object] | None = None) -> replies.Reply:
        """Call any method of the catalogue with checked values and return its reply."""
        method = self.method(name)
        request, body = self._request(method, method.check(given or {}))
        with telling(self._tap, request) as told:
            return await self._exchange(method, body, told)

    def _request(self, method: Method, arguments: Arguments) -> tuple[Request, bytes]:
        """Return what is told of a call, and all of its body."""
        body = wire.encode(method, arguments, self._encoding)
        request = Request(
            system="autostore",
            method=method.name,
            command=method.mutating,
            target=target_words(arguments),
            url=self._url + self._path,
            content_type=wire.CONTENT_TYPES[self._encoding],
            body=kept(body),
        )
        return request, body

    async def _exchange(self, method: Method, body: bytes, told: Told) -> replies.Reply:
        link, deadline = (self._commands, None) if method.mutating else (self._reads, self._read_deadline)
        headers = {"Content-Type": wire.CONTENT_TYPES[self._encoding]}
        answer = await link.post(self._path, body, headers, wire.limits(method).bytes, deadline)
        told.status, told.reply = answer.status, answer.body

        def read(body: bytes) -> replies.Reply:
            reply = wire.decode(method, body, answer.content_type, self._encoding)
            if isinstance(reply, wire.Fault):
                raise Refused(method.name, method.meaning(reply.code), reply.code)
            return reply

        return await understood(method.name, answer, read)

    async def port_status(self, port_id: int) -> replies.PortStatus:
        """Read a port's type, mode and selection."""
        reply = await self._ask("getportstatus", {"port_id": port_id})
        return _read(partial(replies.port_status, port_id), reply)

    async def case_status(self, port_id: int) -> replies.CaseStatus:
        """Read how far the case action at an AutoCase port is."""
        reply = await self._ask("case_getstate", {"port_id": port_id})
        return _read(partial(replies.case_status, port_id), reply)

    async def look(self, port_id: int, told: replies.PortReading | None = None) -> replies.PortReading:
        """Read all that can be known of a port: its status, then its bin and its case.

        Only the first read can fail the look; what the others could not tell is unknown. A case, and the
        mode of the same bin, that are `told` are not asked for again but are in the reading as they are.
        """
        status = await self.port_status(port_id)
        bin_status = told.bin if told is not None else None
        if bin_status is not None and bin_status.bin_id != status.bin_id:
            bin_status = None
        if bin_status is None and status.bin_id is not None:
            bin_status = await _or_unknown(self.bin_status(status.bin_id))
        case_status = told.case if told is not None else None
        if case_status is None and status.port_type == PortType.AUTOCASE.value:
            case_status = await _or_unknown(self.case_status(port_id))
        return replies.PortReading(status=status, bin=bin_status, case=case_status)

    async def bin_status(self, bin_id: int) -> replies.BinStatus | None:
        """Read one bin's mode and port; None when the controller lists no such bin."""
        reply = await self.call("getbinstate", {"bin_id": bin_id})
        return next((row for row in replies.bin_statuses(reply) if row.bin_id == bin_id), None)

    async def system_status(self) -> replies.SystemStatus:
        """Read the system's mode."""
        name = "getsystemmode" if self.interface is Interface.TASK else "getsystemstate"
        return _read(replies.system_status, await self._ask(name, {}))

    async def _ask(self, name: str, given: Mapping[str, object]) -> replies.Reply:
        if find(name, self.interface) is None:
            raise NotSent(f"{name} is not a method of the {self.interface} interface")
        return await self.call(name, given)


async def _or_unknown(read: Awaitable[T | None]) -> T | None:
    try:
        return await read
    except CallFailed:
        return None


def _read(read: Callable[[replies.Reply], T], reply: replies.Reply) -> T:
    try:
        return read(reply)
    except ValueError as error:
        raise Unknown(str(error)) from error
