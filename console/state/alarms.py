"""Which beliefs need a person: derived from the tables, never kept beside them (rule 36)."""

from collections.abc import Iterator

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


class Alarm(Struct, frozen=True):
    """Something a person must act on: `key` says where, `since` is store time or None."""

    key: Key
    text: str
    since: float | None


def alarms(store: Store) -> list[Alarm]:
    """Return the alarms, the most urgent first; a lost source is one, not one for each port."""
    return [*_lost_sources(store), *_alerts(store), *_unknown_commands(store), *_case_errors(store)]


def _lost_sources(store: Store) -> Iterator[Alarm]:
    lost = {source.name: source for source in store.sources.values() if source.ok is False}
    if SourceName.AUTOSTORE in lost:
        lost.pop(SourceName.LOG, None)  # it speaks for the same controller
    for name, source in lost.items():
        words = f"{name}: {source.reason}" if name is SourceName.LOG else f"{name} does not answer"
        yield Alarm(Key(Kind.SOURCE, name), words, source.failing_since)


def _alerts(store: Store) -> Iterator[Alarm]:
    for alert in reversed(store.alerts.values()):
        if store.clock() - alert.at < ALERT_STANDS:
            words = _ALERTS.get(alert.code, f"the controller warns: {alert.code}")
            yield Alarm(Key(Kind.SOURCE, SourceName.LOG), words, alert.at)


def _unknown_commands(store: Store) -> Iterator[Alarm]:
    for command in store.commands.values():
        if command.phase is Phase.STILL_UNKNOWN:
            text = f"{command.method} {command.target}: outcome unknown, look at it yourself"
            yield Alarm(Key(Kind.COMMAND, command.op_id), text, command.changed_at)


def _case_errors(store: Store) -> Iterator[Alarm]:
    controller = store.sources.get(SourceName.AUTOSTORE)
    if controller is not None and controller.ok is False:
        return
    for port in store.ports.values():
        if port.case_error:
            # A port that cannot be seen for a while has not been put right by that.
            verb = "is" if store.port_quality(port) is Quality.LIVE else "was"
            text = f"port {port.port_id}: case action {verb} in error ({port.case_state})"
            yield Alarm(Key(Kind.PORT, port.port_id), text, port.case_since)
