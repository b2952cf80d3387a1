"""The MOR server over HTTP: one API call at a time, accepted or an exception."""

import ssl
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from console.documents import DocumentError
from console.exchange import Link, decoded
from console.fields import Arguments, Invalid
from console.mor import rows, wire
from console.mor.calls import Call, find
from console.mor.replies import Device, DeviceRule, Reply, User
from console.outcome import Refused, Unknown

T = TypeVar("T")


class MorClient:
    """Speaks the API of one MOR server.

    Args:
        url: base URL, such as `https://10.0.0.9`; calls go below `/billing/api/`.
        caller: user, key, password for old servers, and the dialect of the hash.
        old_names: call `device_list` instead of `devices_get`, and the like.
        timeout: seconds a command may take, 0.1 to 60.
        read_timeout: seconds a read may take; the same when left out.
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
        read_timeout: float | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._caller = caller
        self._old_names = old_names
        self._reads = Link(url, deadline=read_timeout or timeout, fresh=False, tls=tls)
        self._commands = Link(url, deadline=timeout, fresh=True, tls=tls)

    async def close(self) -> None:
        """Close all connections."""
        await self._reads.close()
        await self._commands.close()

    def check(self, name: str, given: Mapping[str, object]) -> Arguments:
        """Return the values of a call, typed and checked, without sending anything.

        Raises:
            Invalid: an unknown call, or a value or combination that cannot be right.
        """
        return _known(name).check(given, self._caller.profile)

    async def call(self, name: str, given: Mapping[str, object] | None = None) -> Reply:
        """Call any documented call with checked values and return its reply."""
        call = _known(name)
        return await self._exchange(call, given or {}, partial(wire.decode, call))

    async def devices(self, user_id: int) -> tuple[Device, ...]:
        """List the devices of a user."""
        return await self._rows("devices_get", {"user_id": user_id}, partial(rows.device, user_id))

    async def rules(self, device_id: int) -> tuple[DeviceRule, ...]:
        """List the rules of a device."""
        return await self._rows("device_rules_get", {"device_id": device_id}, partial(rows.rule, device_id))

    async def users(self) -> tuple[User, ...]:
        """List the users this caller may see."""
        return await self._rows("users_get", {}, rows.user)

    async def _rows(
        self, name: str, given: Mapping[str, object], read: Callable[[Mapping[str, str]], T | None]
    ) -> tuple[T, ...]:
        call = _known(name)
        return await self._exchange(call, given, lambda body: wire.decode_rows(call, body, read))

    async def _exchange(self, call: Call, given: Mapping[str, object], decode: Callable[[bytes], T]) -> T:
        body = wire.encode(call, call.check(given, self._caller.profile), self._caller)
        link = self._commands if call.mutating else self._reads
        wire_name = call.old_name if self._old_names and call.old_name else call.name
        path = f"/billing/api/{wire_name}"
        answer = await link.post(path, body, {"Content-Type": wire.CONTENT_TYPE}, wire.limits(call).bytes)
        if answer.proves_nothing:
            raise Unknown(f"{call.name}: the server answered HTTP {answer.status}")
        try:
            result = await decoded(answer.body, decode)
        except wire.ServerError as error:
            raise Refused(call.name, error.text) from error
        except DocumentError as error:
            status = "" if answer.ok else f"HTTP {answer.status}, "
            raise Unknown(f"{call.name}: {status}{error}") from error
        if not answer.ok:
            raise Unknown(f"{call.name}: the server answered HTTP {answer.status}")
        return result


def _known(name: str) -> Call:
    call = find(name)
    if call is None:
        raise Invalid("call", name, "a documented MOR call")
    return call
