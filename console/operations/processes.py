"""Which console wrote something, and whether it still runs (operations-safety rule 28).

A process is named by its id and the moment it began: ids are given again, and none outlives a boot.
"""

import os
from pathlib import Path


def boot_id() -> str:
    """Return what the kernel calls this boot; blank where it has no word for it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def this_process() -> str:
    """Return the name of this process, such as `4242:918273`."""
    pid = os.getpid()
    return f"{pid}:{_began(pid) or 0}"


def lives(process: str, boot: str) -> bool:
    """Return whether the process of that name, of the boot `boot`, still runs on this machine.

    A name that says nothing counts as ended: whoever wrote it cannot be waited for.
    """
    pid, _, began = process.partition(":")
    if not pid.isdecimal() or boot != boot_id():
        return False
    now = _began(int(pid))
    if now is None:
        return False
    return began in ("0", str(now))


def _began(pid: int) -> int | None:
    """Return when a process began, in ticks since the boot; 0 where the system does not tell."""
    try:
        # The name in brackets may hold anything; after the last one come plain numbers.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return _signalled(pid)
    except OSError:
        return 0
    if fields[0] in ("Z", "X"):
        return None
    return int(fields[19])


def _signalled(pid: int) -> int | None:
    """Ask where there is no /proc."""
    if Path("/proc/self").exists():
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return 0
    return 0
