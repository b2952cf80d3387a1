"""How a command looks in the activity pane, in every phase of its life."""

from datetime import UTC, datetime

import pytest

from console.interface.command_rows import command_row, phase_words
from console.interface.drawing import Tone, plain
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
    assert plain(command_row(known, 1005.5, LOCAL)) == f" 14:02:11 {mark} close port    port 1     {words}"


@pytest.mark.parametrize("phase", [Phase.UNKNOWN, Phase.STILL_UNKNOWN])
def test_unknown_looks_neither_done_nor_failed(phase: Phase) -> None:
    tones = {tone for _, tone in command_row(command(phase=phase), 1000.0, LOCAL)}
    assert Tone.UNKNOWN in tones
    assert not tones & {Tone.GOOD, Tone.WARN, Tone.ALARM}


def test_only_what_was_seen_to_happen_looks_good() -> None:
    good = {
        phase
        for phase in Phase
        if Tone.GOOD in {tone for _, tone in command_row(command(phase=phase), 1000.0, LOCAL)}
    }
    assert good == {Phase.CONFIRMED, Phase.APPLIED}


def test_a_refusal_keeps_the_code_and_the_words_of_the_server() -> None:
    known = command(phase=Phase.REFUSED, code=1148, reason=safe("New action cannot be started."))
    assert phase_words(known, 1000.0) == "refused (1148): New action cannot be started."


def test_a_method_without_a_key_is_called_by_its_name() -> None:
    assert "removebin" in plain(command_row(command(method="removebin"), 1000.0, LOCAL))
