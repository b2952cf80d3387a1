"""Who is giving commands: what the kernel says, and what is only claimed (operations-safety rule 45)."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

UNSET_LOGIN_UID = 4294967295


class Actor(Struct, frozen=True):
    """The person at the console. `login_uid` is the kernel's word; `claims` may be forged."""

    operator: str
    role: str
    uid: int
    login_uid: int | None
    claims: dict[str, str]


def whoami(operator: str, role: str) -> Actor:
    """Return who is at this process's terminal."""
    return Actor(operator=operator, role=role, uid=os.getuid(), login_uid=_login_uid(), claims=_claims())


def _login_uid() -> int | None:
    try:
        uid = int(Path("/proc/self/loginuid").read_text())
    except (OSError, ValueError):
        return None
    return None if uid == UNSET_LOGIN_UID else uid


def _claims() -> dict[str, str]:
    claims = {
        name: os.environ[name] for name in ("SUDO_USER", "SSH_CONNECTION", "USER") if name in os.environ
    }
    with suppress(OSError, ValueError):
        claims["tty"] = os.ttyname(sys.stdin.fileno())
    return claims
