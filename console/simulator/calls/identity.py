"""Who is calling, whether they may, and whether they signed it right (mor.md 1.3 and section 2)."""

import hashlib
import hmac
from collections.abc import Iterator
from enum import Enum

from console.mor.calls import DEVICE_DETAILS_GET, Call
from console.simulator.calls.params import Params
from console.simulator.softswitch import Denied, Softswitch
from console.simulator.telephony import ACCOUNTANT, User


class Who(Enum):
    """Who may make a call: each row also those above it."""

    OWNERS = 1  # admins and resellers, for their own users
    MANAGERS = 2  # an admin's accountants who manage devices
    ACCOUNTANTS = 3  # all of them
    ANYBODY = 4  # every user, about what is its own


_READ, _WRITE = 1, 2
"""Levels of an API permission."""


def caller(world: Softswitch, call: Call, params: Params, who: Who) -> User | None:
    """Return for whom a call is carried out, or None if `u` may not make it.

    An accountant acts for its admin, with the admin's key.

    Raises:
        LookupError: `u` is nobody, or proves to be somebody else.
    """
    user = world.named(params.get("u", ""))
    if user is None or not all(_proofs(world, call, user, params)):
        raise LookupError(params.get("u", ""))
    if user.api_permissions is not None:
        needed = _WRITE if call.mutating else _READ
        if user.api_permissions.get(call.name, 0) < needed:
            return None
    if user.owns_users or who is Who.ANYBODY:
        return user
    may = who is Who.ACCOUNTANTS or (who is Who.MANAGERS and user.manages_devices)
    return world.users[user.owner_id] if user.usertype == ACCOUNTANT and may else None


def check_hash(world: Softswitch, call: Call, user: User, params: Params) -> None:
    """Compare with the SHA-1 of the recipe's values and the caller's key.

    Raises:
        Denied: they differ.
    """
    if not (call.signed and world.switches.hash_checked):
        return
    digest = hashlib.sha1((_hashed(world, call, params) + user.api_secret).encode(), usedforsecurity=False)
    if not _same(params.get("hash", ""), digest.hexdigest()):
        raise Denied("Incorrect hash")


def _hashed(world: Softswitch, call: Call, params: Params) -> str:
    names = call.recipe(world.switches.profile)
    if call is DEVICE_DETAILS_GET and params.get("device_id"):
        names = ("device_id",)
    return "".join(params.get(name, "") for name in names)


def _proofs(world: Softswitch, call: Call, user: User, params: Params) -> Iterator[bool]:
    """Yield whether each proof of identity that is there, or must be, is right."""
    if "uniquehash" in params:
        yield _same(params["uniquehash"], user.uniquehash)
    elif "p" in params or call.needs_password or world.switches.password_required:
        yield _same(params.get("p", ""), user.password)


def _same(given: str, right: str) -> bool:
    """Compare in constant time; nothing is the same as a proof that is not set."""
    return bool(right) and hmac.compare_digest(given.encode(), right.encode())
