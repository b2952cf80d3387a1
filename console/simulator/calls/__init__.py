"""What each MOR call does in the softswitch: one handler per call, found by either of its names.

Checks come in the order of mor.md section 7: disabled, method, u, hash, then the handler's own.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct

from console.fields import Kind
from console.mor.calls import DEVICE_RULE_CREATE, Call, find
from console.secret import HIDDEN
from console.simulator.calls import callflow, clis, device_changes, devices, rules, users
from console.simulator.calls.identity import Who, caller, check_hash
from console.simulator.calls.params import Params
from console.simulator.record import CLIENT, OK
from console.simulator.softswitch import Denied, Softswitch
from console.simulator.telephony import User

Handler: TypeAlias = Callable[[Softswitch, User, Params], str]

_LOGIN = "Bad login"
_AUTHORIZED = "You are not authorized to use this functionality"
_AUTHORISED = "You are not authorised to use this functionality"
_VIEW = "You are not authorized to view this page"


class Served(Struct, frozen=True, kw_only=True):
    """Who answers a call, for whom, and what it says to others.

    `stranger` is the error for an unknown `u`, `unauthorised` for one that may not call (mor.md
    sections 4 and 7). `gzipped` calls say on their page that the answer is a gzipped file.
    """

    handler: Handler
    who: Who = Who.OWNERS
    stranger: str = "Access Denied"
    unauthorised: str = "Access Denied"
    gzipped: bool = False

    @property
    def call(self) -> Call:
        """The facts of the call: it has the handler's name."""
        call = find(self.handler.__name__)
        assert call is not None
        return call


_SERVED = (
    Served(handler=devices.devices_get, stranger=_LOGIN, unauthorised=_LOGIN, gzipped=True),
    Served(handler=devices.device_details_get),
    Served(handler=devices.morphone_details_get, who=Who.ANYBODY, stranger=_LOGIN),
    Served(handler=device_changes.device_create),
    Served(handler=device_changes.device_update),
    Served(handler=device_changes.device_delete),
    Served(handler=rules.device_rules_get),
    Served(handler=rules.device_rule_create),
    Served(handler=rules.device_rule_delete, who=Who.ACCOUNTANTS),
    Served(handler=callflow.device_callflow_get, who=Who.MANAGERS, unauthorised=_AUTHORISED),
    Served(handler=callflow.device_callflow_update, who=Who.MANAGERS, unauthorised=_AUTHORISED),
    Served(handler=clis.device_clis_get, who=Who.MANAGERS, unauthorised=_AUTHORIZED),
    Served(handler=clis.cli_add, who=Who.MANAGERS, unauthorised=_AUTHORISED, gzipped=True),
    Served(handler=clis.cli_delete, who=Who.MANAGERS, unauthorised=_AUTHORISED, gzipped=True),
    Served(handler=clis.cli_info_get, who=Who.MANAGERS, gzipped=True),
    Served(handler=users.users_get, who=Who.MANAGERS, unauthorised=_VIEW),
    Served(handler=users.user_details_get),
    Served(handler=users.system_version_get),
)

SERVED: Mapping[str, Served] = {
    name: served for served in _SERVED for name in (served.call.name, served.call.old_name) if name
}


def present_name(name: str) -> str:
    """Return the name a call has today, or `name` if the server knows none of that name."""
    return SERVED[name].call.name if name in SERVED else name


_IDENTITY = ("p", "hash", "uniquehash")


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
    try:
        user = caller(world, served.call, params, served.who)
    except LookupError:
        raise Denied(served.stranger) from None
    if user is None:
        raise Denied(served.unauthorised)
    check_hash(world, served.call, user, params)
    return served.handler(world, user, params)


def _note(world: Softswitch, served: Served | None, params: Params, result: str) -> None:
    if served is None or not served.call.mutating:
        return
    secret = {field.name for field in served.call.params if field.kind is Kind.SECRET}
    arguments = {
        name: HIDDEN if name in secret and value else value
        for name, value in params.items()
        if name not in _IDENTITY
    }
    world.record.add(world.now, CLIENT, served.call.name, arguments, result)
