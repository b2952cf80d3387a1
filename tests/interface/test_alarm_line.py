"""The line that is there only when something needs a person."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.interface.alarm_line import alarm_line
from console.interface.drawing import Tone, plain
from console.state.alarms import Alarm
from console.state.entities import Key, Kind

FIRST = Alarm(Key(Kind.PORT, 17), "port 17: case action is in error (ERSO)", 958.0)


def test_it_names_the_first_says_since_when_and_counts_the_rest() -> None:
    line = alarm_line([FIRST, FIRST, FIRST], 1000.0, 120)
    assert plain(line).rstrip() == (
        " ! port 17: case action is in error (ERSO), 40 s   and 2 more   g go there"
    )
    assert line[0][1] is Tone.ALARM


def test_without_an_alarm_there_is_no_line() -> None:
    assert alarm_line([], 1000.0, 120) == ()


@given(st.integers(40, 200), st.integers(1, 2000), st.text(alphabet="a 漢", max_size=80))
def test_the_count_and_the_way_there_stay_in_sight(width: int, count: int, text: str) -> None:
    line = plain(alarm_line([Alarm(FIRST.key, text, None)] * count, 1000.0, width))
    assert cell_len(line) == width
    assert line.rstrip().endswith("g go there")
    assert count == 1 or f"and {count - 1} more" in line
