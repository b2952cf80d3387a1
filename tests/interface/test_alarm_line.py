"""The line that is there only when something needs a person, or is kept from calling one."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from console.interface.alarm_line import alarm_line
from console.interface.drawing import Tone, plain
from console.state.alarm_book import Listed
from console.state.alarm_life import Episode, Standing
from console.state.alarms import CASE_ERROR, Alarm, Priority
from console.state.entities import Key, Kind

FIRST = Alarm(Key(Kind.PORT, 17), "port 17: case action is in error (ERSO)", 958.0, CASE_ERROR)


def listed(
    standing: Standing = Standing.NEW, alarm: Alarm = FIRST, raised: tuple[float, ...] = (958.0,)
) -> Listed:
    times = len(raised)
    return Listed(alarm.name, standing, Episode(alarm, raised, Priority.MEDIUM, times), None)


def test_it_names_the_first_says_since_when_and_counts_the_rest() -> None:
    line = alarm_line([listed()] * 3, 1000.0, 120)
    assert plain(line).rstrip() == (
        " ! port 17: case action is in error (ERSO), 40 s   and 2 more   g go there  a all"
    )
    assert line[0][1] is Tone.ALARM


def test_one_that_somebody_knows_of_is_calmer() -> None:
    line = alarm_line([listed(Standing.ACKNOWLEDGED)], 1000.0, 120)
    assert ", 40 s, acknowledged   g go there" in plain(line)
    assert line[0][1] is Tone.WARN


def test_one_that_comes_and_goes_says_how_often() -> None:
    assert ", 40 s, 3 times   g" in plain(alarm_line([listed(raised=(920.0, 940.0, 958.0))], 1000.0, 120))


def test_what_calls_nobody_is_counted_beside_and_alone() -> None:
    away = [listed(Standing.SHELVED), listed(Standing.OUT_OF_SERVICE), listed(Standing.SUPPRESSED)]
    beside = plain(alarm_line([listed(), *away, listed(Standing.CLEARED)], 1000.0, 120))
    assert "40 s   1 came and went, 3 hidden   g go there" in beside
    alone = alarm_line(away, 1000.0, 120)
    assert plain(alone).rstrip() == "   alarms: 3 hidden   a all"
    assert Tone.ALARM not in {tone for _, tone in alone}


def test_without_an_alarm_there_is_no_line() -> None:
    assert alarm_line([], 1000.0, 120) == ()


@given(st.integers(50, 200), st.integers(1, 2000), st.text(alphabet="a 漢", max_size=80))
def test_the_count_and_the_way_there_stay_in_sight(width: int, count: int, text: str) -> None:
    one = listed(alarm=replace(FIRST, text=text, since=None))
    line = plain(alarm_line([one] * count, 1000.0, width))
    assert cell_len(line) == width
    assert line.rstrip().endswith("g go there  a all")
    assert count == 1 or f"and {count - 1} more" in line
