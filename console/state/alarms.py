"""Which beliefs need a person: derived from the tables, never kept beside them (rule 36)."""

from collections.abc import Iterator
from enum import IntEnum

from msgspec import Struct

from console.autostore.events import AlertCode
from console.state.entities import Key, Kind, Phase, SourceName
from console.state.quality import Quality
from console.state.store import Store

ALERT_STANDS = 900.0
"""Seconds for which an alert counts: there is no line that ends one."""

_ALERTS: dict[str, str] = {
    AlertCode.BACKUP_SEQUENCE: "the link to the controller's backup is slow or down",
    AlertCode.DELAYED_STOP: "the controller puts off a stop",
}


class Priority(IntEnum):
    """How soon a person must act: at once, soon, or in the course of the shift."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Sort(Struct, frozen=True):
    """What alarms of one sort have in common.

    `word` begins their names, `guidance` says what a person can do (rule 40), `delay` is how many
    seconds one has to stand before it counts (rule 38).
    """

    word: str
    priority: Priority
    guidance: str
    delay: float = 0.0


class Alarm(Struct, frozen=True):
    """Something a person must act on: `key` says where, `since` is store time or None.

    One that is `suppressed` follows from another alarm, and waits until that is gone.
    """

    key: Key
    text: str
    since: float | None
    sort: Sort
    suppressed: bool = False

    @property
    def name(self) -> str:
        """What it is called in records: the same each time that it is raised."""
        return f"{self.sort.word} {self.key.id}" if self.key.id else self.sort.word


_LOST = {
    SourceName.AUTOSTORE: Sort(
        "lost",
        Priority.HIGH,
        "Ports are shown as they were, and commands are refused. Look at the controller and the network; "
        "w shows the last calls.",
    ),
    SourceName.MOR: Sort(
        "lost",
        Priority.MEDIUM,
        "Phones are shown as they were. Look at the phone switch and the network; w shows the last calls.",
    ),
    SourceName.LOG: Sort(
        "lost",
        Priority.LOW,
        "Changes show later, for ports are read one by one now. Look at the Log Publisher's machine.",
    ),
}
UNKNOWN_COMMAND = Sort(
    "command",
    Priority.HIGH,
    "It may have been carried out or not. Go there, look, and only then give it again.",
)
CASE_ERROR = Sort(
    "case error at port",
    Priority.MEDIUM,
    "Look at the case on the port. There, X cancels the action in error; then it can be given again.",
)


def _alert(code: str) -> Sort:
    guidance = "It comes from the controller itself: tell whoever looks after that. It stands for 15 minutes."
    return Sort(f"heard {code} from", Priority.LOW, guidance)


def alarms(store: Store) -> list[Alarm]:
    """Return the alarms; a lost source is one, and those of its ports are suppressed meanwhile."""
    return [*_lost_sources(store), *_alerts(store), *_unknown_commands(store), *_case_errors(store)]


def _lost_sources(store: Store) -> Iterator[Alarm]:
    lost = {source.name: source for source in store.sources.values() if source.ok is False}
    for name, source in lost.items():
        words = f"{name}: {source.reason}" if name is SourceName.LOG else f"{name} does not answer"
        follows = name is SourceName.LOG and SourceName.AUTOSTORE in lost  # it speaks for the same controller
        yield Alarm(Key(Kind.SOURCE, name), words, source.failing_since, _LOST[name], suppressed=follows)


def _alerts(store: Store) -> Iterator[Alarm]:
    for alert in reversed(store.alerts.values()):
        if store.clock() - alert.at < ALERT_STANDS:
            words = _ALERTS.get(alert.code, f"the controller warns: {alert.code}")
            yield Alarm(Key(Kind.SOURCE, SourceName.LOG), words, alert.at, _alert(alert.code))


def _unknown_commands(store: Store) -> Iterator[Alarm]:
    for command in store.commands.values():
        if command.phase is Phase.STILL_UNKNOWN:
            text = f"{command.method} {command.target}: outcome unknown, look at it yourself"
            yield Alarm(Key(Kind.COMMAND, command.op_id), text, command.changed_at, UNKNOWN_COMMAND)


def _case_errors(store: Store) -> Iterator[Alarm]:
    controller = store.sources.get(SourceName.AUTOSTORE)
    lost = controller is not None and controller.ok is False
    for port in store.ports.values():
        if port.case_error:
            # A port that cannot be seen for a while has not been put right by that.
            verb = "is" if store.port_quality(port) is Quality.LIVE else "was"
            text = f"port {port.port_id}: case action {verb} in error ({port.case_state})"
            yield Alarm(Key(Kind.PORT, port.port_id), text, port.case_since, CASE_ERROR, suppressed=lost)
