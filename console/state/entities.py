"""What is believed, as frozen values: ports, systems, lists, sources and commands.

Times named `*_at` and `*_since` are seconds of the store's clock, which goes on while a
laptop sleeps; `*_utc` are aware datetimes.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from console.autostore.replies import PortReading, SystemStatus
from console.autostore.values import CASE_ACTIVE, PortMode, PortType
from console.mor.replies import Device, DeviceRule, User
from console.text import SafeText


class Kind(StrEnum):
    """What a key is about."""

    PORT = "port"
    SYSTEM = "system"
    USERS = "users"
    DEVICES = "devices"
    DEVICE = "device"
    RULES = "rules"
    SOURCE = "source"
    COMMAND = "command"
    JOURNAL = "journal"


class Key(NamedTuple):
    """Names one belief in notices and schedules."""

    kind: Kind
    id: int | str = 0


class SourceName(StrEnum):
    """Where beliefs come from."""

    AUTOSTORE = "AutoStore"
    LOG = "Log Publisher"
    MOR = "MOR"


class Port(Struct, frozen=True):
    """A port as last seen. `failure` is why the latest look failed, None when it succeeded.

    `seen_at` is when the last look began, `whole_at` the last one that took nothing on the Log
    Publisher's word; `*_told_at` when that last told. `mode_since`, `case_since` and `hatch_since` are
    when it was first seen as it is now, which may be older, and `changed_at` when anything was last
    seen to change. Hatches are codes of the Log Publisher; `hatch_right` is the second of a MultiPort.
    """

    port_id: int
    reading: PortReading | None = None
    seen_at: float | None = None
    whole_at: float | None = None
    bin_told_at: float | None = None
    case_told_at: float | None = None
    mode_since: float | None = None
    case_since: float | None = None
    changed_at: float | None = None
    hatch: SafeText | None = None
    hatch_right: SafeText | None = None
    hatch_since: float | None = None
    hatch_told_at: float | None = None
    failure: SafeText | None = None

    @property
    def mode(self) -> str | None:
        """The mode as the controller words it; None is unknown."""
        return self.reading.status.mode if self.reading else None

    @property
    def port_type(self) -> str | None:
        """The two- or three-letter type code; None is unknown."""
        return self.reading.status.port_type if self.reading else None

    @property
    def bin_id(self) -> int | None:
        """The selected bin; None is none, or unknown."""
        return self.reading.status.bin_id if self.reading else None

    @property
    def task_id(self) -> int | None:
        """The selected task; None is none, or unknown."""
        return self.reading.status.task_id if self.reading else None

    @property
    def bin_mode(self) -> str | None:
        """The mode of the selected bin; None is unknown."""
        return self.reading.bin.mode if self.reading and self.reading.bin else None

    @property
    def case_state(self) -> str | None:
        """The state of the case action; None is unknown or no AutoCase port."""
        return self.reading.case.state if self.reading and self.reading.case else None

    @property
    def case_error(self) -> bool:
        """Whether the case action is known to be in error."""
        return bool(self.reading and self.reading.case and self.reading.case.error)

    @property
    def case_active(self) -> bool:
        """Whether a case action is known to be running."""
        return self.case_state in CASE_ACTIVE

    @property
    def autocase(self) -> bool:
        """Whether this is known to be an AutoCase port."""
        return self.port_type == PortType.AUTOCASE

    @property
    def open(self) -> bool:
        """Whether the port is known to be in a mode other than closed."""
        return self.mode is not None and self.mode != PortMode.CLOSED

    @property
    def shown(self) -> tuple[object, ...]:
        """What can be seen to change: modes, bin, case and hatches, without times."""
        case = (self.case_state, self.case_error)
        return (self.mode, self.bin_id, self.bin_mode, *case, self.hatch, self.hatch_right)


class System(Struct, frozen=True):
    """The controller's system mode."""

    status: SystemStatus | None = None
    seen_at: float | None = None
    failure: SafeText | None = None


class Source(Struct, frozen=True):
    """One server the beliefs come from: `ok` is None before the first answer."""

    name: SourceName
    ok: bool | None = None
    good_at: float | None = None
    failing_since: float | None = None
    reason: SafeText | None = None


class Stream(Struct, frozen=True):
    """What the Log Publisher's word is worth.

    From `since` on, when a download began, what it tells is believed; None while it is not. Once the
    download is `complete`, what it does not tell has not changed.
    """

    since: float | None = None
    complete: bool = False


class Alert(Struct, frozen=True):
    """A warning of the controller, as the Log Publisher last told it (autostore.md 2.6)."""

    code: SafeText
    at: float


class Behind(Struct, frozen=True):
    """So many ports are older than they should be, though the controller answers; `reason` is why."""

    ports: int
    reason: SafeText


class UserList(Struct, frozen=True):
    """The users of the MOR server."""

    users: tuple[User, ...] = ()
    seen_at: float | None = None
    failure: SafeText | None = None


class DeviceList(Struct, frozen=True):
    """The devices of one user."""

    user_id: int
    devices: tuple[Device, ...] = ()
    seen_at: float | None = None
    failure: SafeText | None = None


class RuleList(Struct, frozen=True):
    """The rules of one device."""

    device_id: int
    rules: tuple[DeviceRule, ...] = ()
    seen_at: float | None = None
    failure: SafeText | None = None


class Phase(StrEnum):
    """Where a command is in its life (house.md, a command's life)."""

    PLANNED = "planned"
    INTENT = "intent"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_SENT = "not sent"
    UNKNOWN = "UNKNOWN"
    CONFIRMED = "confirmed"
    NOT_REACHED = "not reached"
    UNVERIFIED = "accepted, cannot be read back"
    APPLIED = "applied"
    NOT_APPLIED = "not applied"
    OTHER_STATE = "other state"
    STILL_UNKNOWN = "STILL UNKNOWN"
    NOT_STARTED = "not started"


UNSETTLED = frozenset({Phase.PLANNED, Phase.INTENT, Phase.SENT, Phase.ACCEPTED, Phase.UNKNOWN})
"""Phases in which more is to come."""


class Command(Struct, frozen=True):
    """One command and what is known of it; `detail` are its arguments in words."""

    op_id: str
    method: str
    target: str
    detail: SafeText
    asked_utc: datetime
    asked_at: float
    phase: Phase = Phase.PLANNED
    reason: SafeText | None = None
    code: int | None = None
    changed_at: float = 0.0
