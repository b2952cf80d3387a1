"""What the console's own reads answer, as typed values; a missing one is None: unknown, never 'no'."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from console.autostore.values import BIN_MODE_LETTERS, system_mode_name
from console.text import SafeText

Reply: TypeAlias = Mapping[str, Any]
"""Values of a success by name: ints, bools and safe text; a repeated one is a tuple of replies."""


class PortStatus(Struct, frozen=True):
    """getportstatus; all but type and mode are assumed to be possible (autostore.md 8 #6)."""

    port_id: int
    port_type: SafeText | None
    mode: SafeText | None
    bin_id: int | None = None
    task_id: int | None = None
    taskgroup_id: int | None = None
    ready: bool | None = None


class CaseStatus(Struct, frozen=True):
    """case_getstate; all but the port is assumed (autostore.md 8 #7)."""

    bin_id: int | None = None
    state: SafeText | None = None
    error: bool | None = None


class BinStatus(Struct, frozen=True):
    """One bin of getbinstate; a one-letter mode has become its word (autostore.md D8)."""

    bin_id: int
    mode: SafeText | None
    port_id: int | None


class PortReading(Struct, frozen=True):
    """One look at a port: its status, the bin it selected and its case; None is unknown."""

    status: PortStatus
    bin: BinStatus | None = None
    case: CaseStatus | None = None


class SystemStatus(Struct, frozen=True):
    """getsystemmode."""

    mode: int
    stopcode: int | None

    @property
    def name(self) -> str:
        """The mode in a word."""
        return system_mode_name(self.mode)


def port_status(port_id: int, reply: Reply) -> PortStatus:
    """Read getportstatus.

    Raises:
        ValueError: the reply is about another port than `port_id`.
    """
    _same_port(port_id, reply)
    return PortStatus(
        port_id=port_id,
        port_type=reply.get("port_type"),
        mode=reply.get("mode"),
        bin_id=reply.get("selected_bin"),
        task_id=reply.get("selected_task"),
        taskgroup_id=reply.get("selected_taskgroup"),
        ready=reply.get("is_ready"),
    )


def case_status(port_id: int, reply: Reply) -> CaseStatus:
    """Read case_getstate.

    Raises:
        ValueError: the reply is about another port than `port_id`.
    """
    _same_port(port_id, reply)
    return CaseStatus(
        bin_id=reply.get("bin_id"),
        state=reply.get("case_state"),
        error=reply.get("case_error"),
    )


def bin_statuses(reply: Reply) -> tuple[BinStatus, ...]:
    """Read getbinstate; rows without a bin_id are left out."""
    return tuple(
        BinStatus(bin_id=row["bin_id"], mode=_bin_mode(row.get("bin_mode")), port_id=row.get("port_id"))
        for row in reply.get("bins", ())
        if row.get("bin_id") is not None
    )


def system_status(reply: Reply) -> SystemStatus:
    """Read getsystemmode.

    Raises:
        ValueError: the reply has no mode.
    """
    if reply.get("mode") is None:
        raise ValueError("the reply has no system mode")
    return SystemStatus(mode=reply["mode"], stopcode=reply.get("stopcode"))


def _same_port(port_id: int, reply: Reply) -> None:
    answered = reply.get("port_id", port_id)
    if answered != port_id:
        raise ValueError(f"asked about port {port_id}, answered about port {answered}")


def _bin_mode(text: SafeText | None) -> SafeText | None:
    word = BIN_MODE_LETTERS.get(text) if text else None
    return SafeText(word.value) if word else text
