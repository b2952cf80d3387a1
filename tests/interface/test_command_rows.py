"""How a command looks in the activity pane, in every phase of its life."""

from datetime import UTC, datetime

import pytest

from console.interface.command_rows import command_row, phase_words
from console.interface.drawing import Tone, fit_line, plain
from console.operations.commands import TITLES
from console.state.entities import Phase
from console.text import safe

from .world import command

LOCAL = datetime(2026, 3, 5, 14, 2, 11, tzinfo=UTC)

WORDS = {
    Phase.PLANNED: (" ", "planned ..."),
    Phase.INTENT: (" ", "intent ..."),
    Phase.SENT: (" ", "sent ..."),
    Phase.ACCEPTED: (" ", "accepted, reading back"),
    Phase.REFUSED: ("-", "refused"),
    Phase.NOT_SENT: ("-", "not sent"),
    Phase.UNKNOWN: ("?", "UNKNOWN, settling 4 s"),
    Phase.CONFIRMED: ("+", "confirmed 1.2 s"),
    Phase.NOT_REACHED: ("!", "not reached"),
    Phase.UNVERIFIED: (" ", "accepted, cannot be read back"),
    Phase.APPLIED: ("+", "applied 1.2 s"),
    Phase.NOT_APPLIED: ("-", "not applied"),
    Phase.OTHER_STATE: ("!", "other state"),
    Phase.STILL_UNKNOWN: ("?", "STILL UNKNOWN"),
    Phase.NOT_STARTED: ("-", "not started"),
}


def test_every_phase_has_its_words() -> None:
    assert set(WORDS) == set(Phase)
    assert len({words for _, words in WORDS.values()}) == len(Phase)


@pytest.mark.parametrize("phase", Phase)
def test_a_phase_as_a_row(phase: Phase) -> None:
    known = command(phase=phase, changed_at=1001.2)
    mark, words = WORDS[phase]
    assert plain(command_row(known, 1005.5, LOCAL, 80)) == f" 14:02:11 {mark} close port   port 1   {words}"


@pytest.mark.parametrize("phase", [Phase.UNKNOWN, Phase.STILL_UNKNOWN])
def test_unknown_looks_neither_done_nor_failed(phase: Phase) -> None:
    tones = {tone for _, tone in command_row(command(phase=phase), 1000.0, LOCAL, 80)}
    assert Tone.UNKNOWN in tones
    assert not tones & {Tone.GOOD, Tone.WARN, Tone.ALARM}


def test_only_what_was_seen_to_happen_looks_good() -> None:
    good = {
        phase
        for phase in Phase
        if Tone.GOOD in {tone for _, tone in command_row(command(phase=phase), 1000.0, LOCAL, 80)}
    }
    assert good == {Phase.CONFIRMED, Phase.APPLIED}


def test_a_refusal_keeps_the_code_and_the_words_of_the_server() -> None:
    known = command(phase=Phase.REFUSED, code=1148, reason=safe("New action cannot be started."))
    assert phase_words(known, 1000.0) == "refused (1148): New action cannot be started."


def test_a_method_without_a_key_is_called_by_its_name() -> None:
    assert "removebin" in plain(command_row(command(method="removebin"), 1000.0, LOCAL, 80))


NARROWEST = 57
"""Cells of a row where the terminal has 120, beside its scroll bar."""


@pytest.mark.parametrize("method", ["case_extract", "device_rule_delete"])
@pytest.mark.parametrize("phase", Phase)
def test_only_the_reason_is_cut(method: str, phase: Phase) -> None:
    known = command(method=method, target="device 123", phase=phase, reason=safe("no answer in 5 s"))
    row = plain(fit_line(command_row(known, 1300.0, LOCAL, NARROWEST), NARROWEST))
    outcome = phase.value.split(",")[0]
    assert f"{TITLES.get(method, method)} device 123 {outcome}" in row


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.UNVERIFIED])
def test_what_is_said_of_a_port_fits(phase: Phase) -> None:
    known = command(method="case_extract", target="port 200", phase=phase, changed_at=1012.0)
    row = plain(command_row(known, 1600.0, LOCAL, NARROWEST))
    assert len(row) <= NARROWEST


@pytest.mark.parametrize("phase", Phase)
def test_where_there_is_little_room_the_time_gives_way(phase: Phase) -> None:
    """38 cells is the pane on the smallest terminal where two panes stand side by side."""
    known = command(method="case_extract", target="port 200", phase=phase)
    row = plain(fit_line(command_row(known, 1300.0, LOCAL, 38), 38))
    assert f"extract case port 200 {phase.value.split(',')[0]}" in row
    assert "14:02" not in row
