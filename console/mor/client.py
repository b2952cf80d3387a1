"""The MOR server over HTTP: one API call at a time, accepted or an exception."""

import ssl
from collections.abc import Callable, Mapping
from copy import copy
from functools import partial
from typing import TypeVar

from console.exchange import Link, understood
from console.fields import Arguments, Invalid, target_words
from console.mor import rows, wire
from console.mor.calls import Call, find
from console.mor.known_devices import KnownDevices
from console.mor.replies import Callflow, Cli, CliOwner, Device, DeviceDetails, DeviceRule, Reply, User
from console.outcome import Refused
from console.tap import Request, Tap, Told, kept, telling
from console.text import SafeText

T = TypeVar("T")


class MorClient:
    """Speaks the API of one MOR server.

    Args:
        url: base URL, such as `https://10.0.0.9`; calls go below `/billing/api/`.
        caller: user, key, password for old servers, and the dialect of the hash.
        old_names: call `device_list` instead of `devices_get`, and the like.
        timeout: seconds a call may take, 0.1 to 60.
        tls: context for https URLs.
        tap: is told of every exchange, with the secrets in it hidden.

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
        tap: Tap | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._tap = tap
        self._caller = caller
        self._old_names = old_names
        self._reads = Link(url, deadline=timeout, fresh=False, tls=tls)
        self._commands = Link(url, deadline=timeout, fresh=True, tls=tls)
        self._read_deadline: float | None = None
        self._devices: dict[int, KnownDevices] = {}

    def hurried(self, seconds: float) -> "MorClient":
        """Return this client for reads that are repeated: one that takes longer is given up (rule 68)."""
        hurried = copy(self)
        hurried._read_deadline = seconds
        return hurried

    async def close(self) -> None:
        """Close all connections."""
        await self._reads.close()
        await self._commands.close()

    def check(self, name: str, given: Mapping[str, object]) -> Arguments:
        """Return the values of a call, typed and checked, without sending anything.

        Raises:
            Invalid: an unknown call, or a value or combination that cannot be right.
        """
        return wire.checked(_known(name), given, self._caller)

    def request(self, name: str, given: Mapping[str, object]) -> Request:
        """Return what a call would send, its secrets hidden, without sending it.

        Raises:
            Invalid: as `check`.
        """
        return self._request(_known(name), self.check(name, given))

    async def call(self, name: str, given: Mapping[str, object] | None = None) -> Reply:
        """Call any documented call with checked values and return its reply."""
        call = _known(name)
        return await self._exchange(call, given or {}, partial(wire.decode, call))

    async def devices(self, user_id: int) -> tuple[Device, ...]:
        """List the devices of a user."""
        call, known = _known("devices_get"), self._devices.setdefault(user_id, KnownDevices(user_id))
        return await self._exchange(call, {"user_id": user_id}, partial(known.read, call))

    async def rules(self, device_id: int) -> tuple[DeviceRule, ...]:
        """List the rules of a device."""
        return await self._rows("device_rules_get", {"device_id": device_id}, partial(rows.rule, device_id))

    async def details(self, device_id: int) -> DeviceDetails:
        """Read everything about a device."""
        return await self._whole("device_details_get", device_id, rows.details)

    async def callflow(self, device_id: int) -> Callflow:
        """Read what a device does with calls."""
        return await self._whole("device_callflow_get", device_id, rows.callflow)

    async def clis(self, *, device_id: int | None = None, user_id: int | None = None) -> tuple[Cli, ...]:
        """List the CLIs of a device, of a user, or all that this caller may see."""
        return await self._rows("device_clis_get", {"devices_id": device_id, "users_id": user_id}, rows.cli)

    async def cli_owners(self, number: str, domain: str | None = None) -> tuple[CliOwner, ...]:
        """List the devices that a CLI is tied to; the server refuses one it does not know."""
        return await self._rows("cli_info_get", {"cli": number, "domain": domain}, rows.cli_owner)

    async def users(self) -> tuple[User, ...]:
        """List the users this caller may see."""
        return await self._rows("users_get", {}, rows.user)

    async def version(self) -> SafeText:
        """Read the version of the server: the cheapest proof that user and key are right."""
        call = _known("system_version_get")
        return await self._exchange(call, {}, lambda body: rows.version(wire.decode(call, body)))

    async def _rows(
        self, name: str, given: Mapping[str, object], read: Callable[[Mapping[str, str]], T | None]
    ) -> tuple[T, ...]:
        call = _known(name)
        return await self._exchange(call, given, lambda body: wire.decode_rows(call, body, read))

    async def _whole(self, name: str, device_id: int, read: Callable[[int, Reply], T]) -> T:
        call = _known(name)
        return await self._exchange(
            call, {"device_id": device_id}, lambda body: read(device_id, wire.decode(call, body))
        )

    async def _exchange(self, call: Call, given: Mapping[str, object], decode: Callable[[bytes], T]) -> T:
        arguments = wire.checked(call, given, self._caller)
        hide = partial(wire.shown_reply, caller=self._caller)
        with telling(self._tap, self._request(call, arguments), hide) as told:
            return await self._post(call, wire.encode(call, arguments, self._caller), decode, told)

    def _request(self, call: Call, arguments: Arguments) -> Request:
        return Request(
            system="mor",
            method=call.name,
            command=call.mutating,
            target=target_words(arguments),
            url=self._url + self._path(call),
            content_type=wire.CONTENT_TYPE,
            body=kept(wire.shown_request(call, arguments, self._caller)),
        )

    def _path(self, call: Call) -> str:
        return f"/billing/api/{call.old_name if self._old_names and call.old_name else call.name}"

    async def _post(self, call: Call, body: bytes, decode: Callable[[bytes], T], told: Told) -> T:
        link, deadline = (self._commands, None) if call.mutating else (self._reads, self._read_deadline)
        headers = {"Content-Type": wire.CONTENT_TYPE}
        answer = await link.post(self._path(call), body, headers, wire.limits(call).bytes, deadline)
        told.status, told.reply = answer.status, answer.body

        def read(body: bytes) -> T:
            try:
                return decode(body)
            except wire.ServerError as error:
                raise Refused(call.name, wire.shown_words(error.text, self._caller)) from error

        return await understood(call.name, answer, read)


def _known(name: str) -> Call:
    call = find(name)
    if call is None:
        raise Invalid("call", name, "a documented MOR call")
    return call
