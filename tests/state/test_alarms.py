"""Which beliefs need a person, and in what order."""

import pytest
from msgspec.structs import replace

from console.state.alarms import ALERT_STANDS, alarms
from console.state.entities import Key, Kind, Phase, SourceName
from console.state.store import Store
from console.text import safe

from .small import Clock, reading
from .test_store_commands import command

Said = tuple[Key, str, float | None]


def said(store: Store) -> list[Said]:
    """What is told of the alarms that another one does not explain."""
    return [(one.key, one.text, one.since) for one in alarms(store) if not one.suppressed]


ERROR = {"port_type": "AC", "bin_id": 7, "case": "ERSO", "error": True}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Store:
    return Store([4, 9], clock=clock)


def test_a_healthy_site_has_none(store: Store) -> None:
    store.source_answers(SourceName.AUTOSTORE, 100.0)
    store.see_port(reading(4, case="ERSO", error=False), 100.0)
    store.note_command(command("a", Phase.UNKNOWN))
    store.note_command(command("b", Phase.REFUSED))
    assert alarms(store) == []


def test_a_source_that_has_not_answered_yet_is_none(store: Store) -> None:
    store.expect(SourceName.AUTOSTORE)
    assert alarms(store) == []


def test_a_lost_controller_is_one_alarm_however_many_ports_it_has(store: Store) -> None:
    for port_id in store.ports:
        store.see_port(reading(port_id, **ERROR), 100.0)
        store.miss_port(port_id, "no answer")
    store.source_is_lost(SourceName.AUTOSTORE, "no answer", 100.0)
    key = Key(Kind.SOURCE, SourceName.AUTOSTORE)
    assert said(store) == [(key, "AutoStore does not answer", 100.0)]


def test_a_case_in_error(store: Store) -> None:
    store.see_port(reading(4, **ERROR), 100.0)
    assert said(store) == [(Key(Kind.PORT, 4), "port 4: case action is in error (ERSO)", 100.0)]


def test_an_error_is_not_over_because_it_cannot_be_seen(store: Store, clock: Clock) -> None:
    store.see_port(reading(4, **ERROR), 100.0)
    clock.now = 200.0
    assert said(store) == [(Key(Kind.PORT, 4), "port 4: case action was in error (ERSO)", 100.0)]
    store.see_port(reading(4, case="NOOP", error=False), 200.0)
    assert alarms(store) == []


def test_a_command_that_could_not_be_settled(store: Store) -> None:
    store.note_command(replace(command("a", Phase.STILL_UNKNOWN), changed_at=120.0))
    words = "openport port 4: outcome unknown, look at it yourself"
    assert said(store) == [(Key(Kind.COMMAND, "a"), words, 120.0)]


def test_a_lost_log_publisher_says_why(store: Store) -> None:
    store.source_is_lost(SourceName.LOG, "it hears nothing of the controller", 100.0)
    key = Key(Kind.SOURCE, SourceName.LOG)
    assert said(store) == [(key, "Log Publisher: it hears nothing of the controller", 100.0)]


def test_lost_with_its_controller_it_is_no_alarm_of_its_own(store: Store) -> None:
    for name in (SourceName.AUTOSTORE, SourceName.LOG):
        store.source_is_lost(name, "no answer", 100.0)
    assert [text for _, text, _ in said(store)] == ["AutoStore does not answer"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("BCK", "the link to the controller's backup is slow or down"),
        ("DSTP", "the controller puts off a stop"),
        ("NEW", "the controller warns: NEW"),
    ],
)
def test_an_alert_stands_for_a_while(store: Store, clock: Clock, code: str, words: str) -> None:
    store.hear_alert(safe(code), 100.0)
    assert said(store) == [(Key(Kind.SOURCE, SourceName.LOG), words, 100.0)]
    clock.now = 99.0 + ALERT_STANDS
    assert len(alarms(store)) == 1
    clock.now = 100.0 + ALERT_STANDS
    assert alarms(store) == []


def test_what_another_alarm_explains_is_suppressed_and_not_over(store: Store) -> None:
    store.see_port(reading(4, **ERROR), 100.0)
    (before,) = alarms(store)
    store.source_is_lost(SourceName.AUTOSTORE, "no answer", 100.0)
    _, after = alarms(store)
    assert (before.name, before.suppressed) == ("case error at port 4", False)
    assert (after.name, after.suppressed) == ("case error at port 4", True)


def test_each_says_what_can_be_done_and_fits_two_lines_of_a_small_screen(store: Store) -> None:
    store.see_port(reading(4, **ERROR), 100.0)
    store.note_command(command("a", Phase.STILL_UNKNOWN))
    store.hear_alert(safe("BCK"), 100.0)
    for name in SourceName:
        store.source_is_lost(name, "no answer", 100.0)
    found = alarms(store)
    assert len({alarm.name for alarm in found}) == len(found) == 6
    for alarm in found:
        assert 20 < len(alarm.sort.guidance) < 140


def test_each_is_told_of_once(store: Store) -> None:
    store.see_port(reading(4, **ERROR), 100.0)
    store.note_command(command("a", Phase.STILL_UNKNOWN))
    store.hear_alert(safe("BCK"), 100.0)
    store.source_is_lost(SourceName.MOR, "no answer", 100.0)
    ids = [alarm.key.id for alarm in alarms(store)]
    assert ids == [SourceName.MOR, SourceName.LOG, "a", 4]
