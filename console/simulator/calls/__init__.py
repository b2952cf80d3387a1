"""What each MOR call does in the softswitch: one handler per call, found by either of its names.

Checks come in the order of mor.md section 7: disabled, method, u, hash, then the handler's own.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from console.mor.calls import DEVICE_RULE_CREATE, DEVICE_RULES_GET, DEVICES_GET, USERS_GET, Call
from console.simulator.calls import devices, rules, users
from console.simulator.calls.params import Params
from console.simulator.record import CLIENT, OK
from console.simulator.softswitch import Denied, Softswitch, User

Handler: TypeAlias = Callable[[Softswitch, User, Params], str]


class Served(Struct, frozen=True, kw_only=True):
    """A call the server knows: who answers it, and what it says to whom it will not serve.

    `stranger` is the error for an unknown `u`, `unauthorised` for one that may not call (mor.md
    sections 4 and 7). `gzipped` calls say on their page that the answer is a gzipped file.
    """

    call: Call
    handler: Handler
    stranger: str = "Access Denied"
    unauthorised: str = "Access Denied"
    gzipped: bool = False


_SERVED = (
    Served(
        call=DEVICES_GET,
        handler=devices.devices_get,
        stranger="Bad login",
        unauthorised="Bad login",
        gzipped=True,
    ),
    Served(call=DEVICE_RULES_GET, handler=rules.device_rules_get),
    Served(call=DEVICE_RULE_CREATE, handler=rules.device_rule_create),
    Served(call=USERS_GET, handler=users.users_get, unauthorised="You are not authorized to view this page"),
)

SERVED: Mapping[str, Served] = {
    name: served for served in _SERVED for name in (served.call.name, served.call.old_name) if name
}

_IDENTITY = ("u", "p", "hash", "uniquehash")


def execute(world: Softswitch, name: str, params: Params, *, by_get: bool = False) -> str:
    """Carry out one call and return its success document; keep it in the record if it changes anything.

    Raises:
        Denied: with the exact error text; nothing changed.
    """
    served = SERVED.get(name)
    try:
        document = _carry_out(world, served, params, by_get=by_get)
    except Denied as denied:
        _note(world, served, params, denied.text)
        raise
    _note(world, served, params, OK)
    return document


def _carry_out(world: Softswitch, served: Served | None, params: Params, *, by_get: bool) -> str:
    if not world.switches.enabled:
        raise Denied("API Requests are disabled")
    if by_get and not world.switches.get_allowed:
        raise Denied("GET Requests are disabled")
    if served is None:
        raise Denied("Unknown API call")
    if world.switches.device_alias and served.call is DEVICE_RULE_CREATE and "device" in params:
        params = {"device_id": params["device"], **params}
    caller = _caller(world, served, params)
    _check_hash(world, served.call, caller, params)
    return served.handler(world, caller, params)


def _caller(world: Softswitch, served: Served, params: Params) -> User:
    caller = world.named(params.get("u", ""))
    if caller is None or not all(_proofs(world, caller, params)):
        raise Denied(served.stranger)
    if not caller.may_call:
        raise Denied(served.unauthorised)
    return caller


def _proofs(world: Softswitch, caller: User, params: Params) -> Iterator[bool]:
    """Yield whether each proof of identity that is there, or must be, is right."""
    if "uniquehash" in params:
        yield _same(params["uniquehash"], caller.uniquehash)
    elif "p" in params or world.switches.password_required:
        yield _same(params.get("p", ""), caller.password)


def _check_hash(world: Softswitch, call: Call, caller: User, params: Params) -> None:
    """Compare with the SHA-1 of the recipe's values and the caller's key (mor.md section 2)."""
    if not world.switches.hash_checked:
        return
    values = "".join(params.get(name, "") for name in call.recipe(world.switches.profile))
    digest = hashlib.sha1((values + caller.api_secret).encode(), usedforsecurity=False).hexdigest()
    if not _same(params.get("hash", ""), digest):
        raise Denied("Incorrect hash")


def _same(given: str, right: str) -> bool:
    """Compare in constant time; nothing is the same as a proof that is not set."""
    return bool(right) and hmac.compare_digest(given.encode(), right.encode())


def _note(world: Softswitch, served: Served | None, params: Params, result: str) -> None:
    if served is None or not served.call.mutating:
        return
    arguments = {name: value for name, value in params.items() if name == "u" or name not in _IDENTITY}
    world.record.add(world.now, CLIENT, served.call.name, arguments, result)
