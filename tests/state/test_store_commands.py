"""Commands and the journal's health in the store."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from console.state.entities import UNSETTLED, Command, Key, Kind, Phase
from console.state.store import COMMANDS_KEPT, Store
from console.text import safe

from .small import Clock, Heard

ASKED = datetime(2026, 11, 22, 6, tzinfo=UTC)


def command(op_id: str, phase: Phase = Phase.CONFIRMED) -> Command:
    return Command(
        op_id=op_id,
        method="openport",
        target="port 4",
        detail=safe(""),
        asked_utc=ASKED,
        asked_at=100.0,
        phase=phase,
    )


def test_the_latest_phase_is_kept_and_told() -> None:
    store = Store(clock=Clock())
    heard = Heard(store)
    asked = command("a", Phase.PLANNED)
    store.note_command(asked)
    store.note_command(replace(asked, phase=Phase.SENT))
    assert store.commands["a"].phase is Phase.SENT
    assert heard.notices == [{Key(Kind.COMMAND, "a")}] * 2


def test_the_oldest_are_forgotten() -> None:
    store = Store(clock=Clock())
    for number in range(COMMANDS_KEPT + 3):
        store.note_command(command(str(number)))
    assert list(store.commands) == [str(number) for number in range(3, COMMANDS_KEPT + 3)]


@pytest.mark.parametrize("phase", sorted(UNSETTLED | {Phase.STILL_UNKNOWN}))
def test_what_is_under_way_or_needs_a_person_is_remembered_longer(phase: Phase) -> None:
    store = Store(clock=Clock())
    store.note_command(command("needed", phase))
    for number in range(2 * COMMANDS_KEPT):
        store.note_command(command(str(number)))
    assert "needed" in store.commands
    assert len(store.commands) == COMMANDS_KEPT


def test_not_even_commands_that_need_a_person_grow_without_bound() -> None:
    store = Store(clock=Clock())
    for number in range(COMMANDS_KEPT + 1):
        store.note_command(command(str(number), Phase.STILL_UNKNOWN))
    assert len(store.commands) == COMMANDS_KEPT
    assert "0" not in store.commands


def test_the_journal_is_told_when_it_breaks_and_when_it_is_well_again() -> None:
    store = Store(clock=Clock())
    heard = Heard(store)
    for failure in (None, "disk full", "disk full", None, None):
        store.note_journal(failure)
    assert heard.notices == [{Key(Kind.JOURNAL)}] * 2
    store.note_journal("disk \x1b[31m full")
    assert store.journal_failure == "disk \\x1b[31m full"
