"""Who is giving commands: what the kernel says, and what is only claimed (operations-safety rule 45)."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from console.text import SafeText, safe

UNSET = 4294967295
"""What the kernel says of a process that no login led to."""

_CLAIMED = ("SUDO_USER", "SSH_CONNECTION", "USER")


class Actor(Struct, frozen=True, kw_only=True):
    """The person at the console.

    `login_uid` and `login_session` are the kernel's word, None where it has none; `claims` may be forged.
    """

    operator: str
    role: str
    uid: int
    login_uid: int | None
    login_session: int | None = None  # older records have none
    claims: Mapping[str, SafeText]


def whoami(operator: str, role: str) -> Actor:
    """Return who is at this process's terminal."""
    return Actor(
        operator=operator,
        role=role,
        uid=os.getuid(),
        login_uid=_of_login("loginuid"),
        login_session=_of_login("sessionid"),
        claims=_claims(),
    )


def _of_login(name: str) -> int | None:
    try:
        number = int(Path("/proc/self", name).read_text())
    except (OSError, ValueError):
        return None
    return None if number == UNSET else number


def _claims() -> Mapping[str, SafeText]:
    claims = {name: os.environ[name] for name in _CLAIMED if name in os.environ}
    with suppress(OSError):
        claims["tty"] = os.ttyname(0)
    return {name: safe(claim) for name, claim in claims.items()}


def may_be_same(one: Actor, other: Actor) -> bool:
    """Return whether two may be one person: by their login uids, or by any uid where one has no login.

    Whoever is not certain to be somebody else is no second person (operations-safety rule 17).
    """
    if one.login_uid is not None and other.login_uid is not None:
        return one.login_uid == other.login_uid
    uids = {one.login_uid, one.uid} - {None}
    return not uids.isdisjoint({other.login_uid, other.uid})


def is_member(group: str) -> bool:
    """Return whether this process belongs to a Unix group; to one that does not exist, nobody does."""
    import grp  # not everywhere, and only asked for where groups are set

    try:
        return grp.getgrnam(group).gr_gid in {*os.getgroups(), os.getgid(), os.getegid()}
    except KeyError:
        return False
