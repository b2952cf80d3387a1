"""Plans, runs and reports as lines: plain values, whatever the numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.interface.bulk_report_lines import classes_of, rows_of
from console.interface.bulk_run_lines import bar, interrupted_alarms, progress_lines, run_note, speed_words
from console.interface.bulk_words import class_mark, class_tone, class_words, counted, state_tone
from console.interface.drawing import Tone, plain
from console.operations.bulk.classes import FAILED, REACHED, UNCERTAIN, Class
from console.operations.bulk.progress import Progress, RunState

from .bulk_desk import report, told

COUNTS = st.dictionaries(st.sampled_from(Class), st.integers(1, 2000), min_size=1)
CALM = {Tone.PLAIN, Tone.DIM}


def far(counts: dict[Class, int], **more: object) -> Progress:
    known = {"state": RunState.RUNNING, **more}
    return Progress(run="r", plan="d", title="t", total=sum(counts.values()), counts=counts, **known)  # type: ignore[arg-type]


@given(COUNTS, st.integers(20, 200))
def test_every_class_that_occurs_is_counted_once_and_all_is_their_sum(
    counts: dict[Class, int], width: int
) -> None:
    words = [plain(line).split() for line in progress_lines(far(counts), width)[4:]]
    shown = {" ".join(line[:-1]).lstrip("+-!?= "): line[-1] for line in words if line and line[-1].isdigit()}
    for cls, count in counts.items():
        found = [line for line in words if class_words(cls).split()[0] in line and str(count) in line]
        assert found, cls
    assert shown["all"] == str(sum(counts.values()))


@given(COUNTS, st.integers(40, 200))
def test_the_bar_is_as_wide_as_asked_and_shows_any_unknown(counts: dict[Class, int], width: int) -> None:
    line = bar(far(counts), width)
    assert cell_len(plain(line)) == width
    unknown = any(cls in UNCERTAIN for cls in counts)
    assert ("?" in plain(line)) is unknown
    if set(counts) <= REACHED:
        assert "." not in plain(line)


@pytest.mark.parametrize("cls", Class)
def test_only_what_went_wrong_has_a_colour_and_unknown_is_neither_done_nor_failed(cls: Class) -> None:
    calm = class_tone(cls) in CALM
    assert calm is (cls not in FAILED | UNCERTAIN | {Class.NOT_APPLIED, Class.OTHER_STATE})
    assert (class_tone(cls) is Tone.UNKNOWN) is (cls in UNCERTAIN)
    assert class_words(cls).isupper() is (cls in UNCERTAIN)
    assert calm or class_mark(cls).strip(), "a colour never stands alone"


@pytest.mark.parametrize(
    ("state", "calm"),
    [
        (RunState.RUNNING, True),
        (RunState.ENDED, True),
        (RunState.PAUSED, False),
        (RunState.STOPPING, False),
        (RunState.INTERRUPTED, False),
    ],
)
def test_a_state_that_waits_for_a_person_stands_out(state: RunState, calm: bool) -> None:
    assert (state_tone(state) not in (Tone.WARN, Tone.ALARM)) is calm


def test_unknown_is_counted_last() -> None:
    counts = {Class.STILL_UNKNOWN: 1, Class.CONFIRMED: 3, Class.LEFT_OUT: 2}
    assert plain(counted(counts)) == "3 confirmed   2 left out   1 STILL UNKNOWN   "
    assert plain(counted(counts, bad_only=True)) == "1 STILL UNKNOWN   "


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "rate –   left –   since the beginning 0.0 s"),
        ({"rate": 0.25, "eta": 120.0}, "rate 0.2 a second   left about 2 min   since the beginning 0.0 s"),
    ],
)
def test_what_nobody_can_tell_is_a_dash(more: dict[str, float], words: str) -> None:
    assert speed_words(far({Class.NOT_STARTED: 30}, **more)) == words


@pytest.mark.parametrize(
    ("states", "note"),
    [
        ((), ("", Tone.PLAIN)),
        ((RunState.ENDED, RunState.INTERRUPTED), ("", Tone.PLAIN)),
        ((RunState.RUNNING,), ("run 1/3", Tone.PLAIN)),
        ((RunState.ENDED, RunState.STOPPING), ("run 1/3", Tone.PLAIN)),
        ((RunState.RUNNING, RunState.PAUSED), ("run 1/3 +1 PAUSED", Tone.WARN)),
    ],
)
def test_what_the_identity_line_says(states: tuple[RunState, ...], note: tuple[str, Tone]) -> None:
    counts = {Class.CONFIRMED: 1, Class.NOT_STARTED: 2}
    assert run_note(far(counts, state=state) for state in states) == note


def test_interrupted_runs_are_one_alarm() -> None:
    left = [told(run) for run in ("r2", "r1")]
    assert [alarm.text for alarm in interrupted_alarms(left)] == [
        "interrupted run, 12 of 12 done, and 1 more"
    ]
    assert interrupted_alarms([]) == []


@given(st.lists(st.sampled_from(Class), min_size=1, max_size=40))
def test_the_classes_of_a_report_divide_its_rows(classes: list[Class]) -> None:
    known = report(*classes)
    everything, *single = classes_of(known)
    parts = [rows_of(known, cls) for cls in single]
    assert sum(map(len, parts)) == len(rows_of(known, everything)) == len(classes)
    assert all(parts)
