"""The MOR server over HTTP: one API call at a time, accepted or an exception."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from lxml import etree

from console.documents import DocumentError
from console.exchange import Link
from console.fields import Invalid
from console.mor import rows, wire
from console.mor.calls import Call, Profile, find
from console.mor.replies import Device, DeviceRule, Reply, User
from console.outcome import Refused, Unknown

T = TypeVar("T")

_LARGE = 64 * 1024
"""Bytes above which a reply is parsed off the event loop."""


class MorClient:
    """Speaks the API of one MOR server.

    Args:
        url: base URL, such as `https://10.0.0.9`; calls go below `/billing/api/`.
        caller: user, key, password for old servers, and the dialect of the hash.
        old_names: call `device_list` instead of `devices_get`, and the like.
        timeout: seconds for a whole call, 0.1 to 60.
        tls: context for https URLs.

    Every call raises `Invalid` before anything is sent, `Refused` with the server's own text,
    `NotSent` when nothing left this machine, and `Unknown` for everything that proves nothing.
    """

    def __init__(
        self,
        url: str,
        caller: wire.Caller,
        *,
        old_names: bool = False,
        timeout: float = 10.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._caller = caller
        self._old_names = old_names
        self._reads = Link(url, deadline=timeout, fresh=False, tls=tls)
        self._commands = Link(url, deadline=timeout, fresh=True, tls=tls)

    @property
    def profile(self) -> Profile:
        """The dialect of the server."""
        return self._caller.profile

    async def close(self) -> None:
        """Close all connections."""
        await self._reads.close()
        await self._commands.close()

    async def call(self, name: str, given: Mapping[str, object] | None = None) -> Reply:
        """Call any documented call with checked values and return its reply."""
        call = _known(name)
        return await self._exchange(call, given or {}, lambda root: wire.read(call, root))

    async def devices(self, user_id: int) -> tuple[Device, ...]:
        """List the devices of a user."""
        call = _known("devices_get")
        return await self._rows(call, {"user_id": user_id}, partial(rows.device, user_id))

    async def rules(self, device_id: int) -> tuple[DeviceRule, ...]:
        """List the rules of a device."""
        return await self._rows(_known("device_rules_get"), {"device_id": device_id}, rows.rule)

    async def users(self) -> tuple[User, ...]:
        """List the users this caller may see."""
        return await self._rows(_known("users_get"), {}, rows.user)

    async def _rows(
        self, call: Call, given: Mapping[str, object], row: Callable[[etree._Element], T | None]
    ) -> tuple[T, ...]:
        def read(root: etree._Element) -> tuple[T, ...]:
            found = (row(element) for element in wire.records(call, root))
            return tuple(one for one in found if one is not None)

        try:
            return await self._exchange(call, given, read)
        except Refused as refusal:
            if refusal.meaning in call.empty:
                return ()
            raise

    async def _exchange(
        self, call: Call, given: Mapping[str, object], read: Callable[[etree._Element], T]
    ) -> T:
        body = wire.encode(call, call.check(given, self._caller.profile), self._caller)
        link = self._commands if call.mutating else self._reads
        wire_name = call.old_name if self._old_names and call.old_name else call.name
        path = f"/billing/api/{wire_name}"
        answer = await link.post(path, body, {"Content-Type": wire.CONTENT_TYPE}, wire.limits(call).bytes)
        if answer.proves_nothing:
            raise Unknown(f"{call.name}: the server answered HTTP {answer.status}")
        try:
            if len(answer.body) > _LARGE:
                result = await asyncio.to_thread(_decode, call, answer.body, read)
            else:
                result = _decode(call, answer.body, read)
        except wire.ServerError as error:
            raise Refused(call.name, error.text) from error
        except DocumentError as error:
            raise Unknown(f"{call.name}: {error}") from error
        if not answer.ok:
            raise Unknown(f"{call.name}: the server answered HTTP {answer.status}")
        return result


def _decode(call: Call, body: bytes, read: Callable[[etree._Element], T]) -> T:
    return read(wire.parse(call, body))


def _known(name: str) -> Call:
    call = find(name)
    if call is None:
        raise Invalid("call", name, "a documented MOR call")
    return call
