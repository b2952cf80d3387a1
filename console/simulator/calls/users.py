"""Calls about users (mor.md 3.14)."""

from console.simulator.calls.pages import record_list
from console.simulator.calls.params import Params
from console.simulator.softswitch import Softswitch, User

_SHOWN = (
    *("id", "username", "first_name", "last_name", "balance", "blocked"),
    *("lcr_id", "tariff_id", "owner_id", "usertype", "hidden"),
)


def users_get(world: Softswitch, caller: User, _params: Params) -> str:
    """List the users the caller may see."""
    users = ({name: getattr(user, name) for name in _SHOWN} for user in world.users_of(caller))
    return record_list(("page", "status", "users"), "user", users)
