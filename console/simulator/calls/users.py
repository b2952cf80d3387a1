"""Calls about users, and about the system itself (mor.md 3.14)."""

from console.simulator.calls import pages
from console.simulator.calls.params import Params, ident
from console.simulator.softswitch import Denied, Softswitch
from console.simulator.telephony import User

VERSION = "MOR X16"

_SHOWN = (
    *("id", "username", "first_name", "last_name", "balance", "blocked"),
    *("lcr_id", "tariff_id", "owner_id", "usertype", "hidden"),
)


def users_get(world: Softswitch, caller: User, _params: Params) -> str:
    """List the users the caller may see."""
    users = ({name: getattr(user, name) for name in _SHOWN} for user in world.users_of(caller))
    return pages.record_list(("page", "status", "users"), "user", users)


def user_details_get(world: Softswitch, caller: User, params: Params) -> str:
    """Answer what there is to know about a user, found by id, by login name, or by both.

    Raises:
        Denied: there is no such user of the caller's, or id and name are of different ones.
    """
    user_id, username = params.get("user_id", ""), params.get("username", "")
    named = world.named(username)
    user = world.user_of(caller, ident(user_id) if user_id else named.id if named else -1)
    if user is None or username not in ("", user.username):
        raise Denied("User was not found")
    return pages.page(
        {
            "pagename": "Details",
            "language": "en",
            "userid": user.id,
            "details": {
                "main_detail": {name: getattr(user, name) for name in _SHOWN[1:5]},
                "other_details": {name: getattr(user, name) for name in _SHOWN[5:]},
                "registration": {"first_name": user.first_name, "last_name": user.last_name},
            },
        }
    )


def system_version_get(_world: Softswitch, _caller: User, _params: Params) -> str:
    """Answer the version; who gets it has the right name and key."""
    return pages.page({"version": VERSION})
