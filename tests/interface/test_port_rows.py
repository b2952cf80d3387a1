"""How a port looks as a row, and in what order rows stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.autostore.replies import PortReading
from console.autostore.values import CaseState, PortMode, PortType
from console.interface.drawing import Line, Tone, plain
from console.interface.port_rows import HEADER, Sort, attention, coarse_age, port_row, sorted_ids
from console.state.entities import Port
from console.state.quality import Quality

from .world import Site, case_in_error, closed, port, with_bin

NOW = 1000.0
LIVE_TONES = frozenset(Tone) - {Tone.STALE, Tone.MARK}
STALE_QUALITIES = [quality for quality in Quality if quality is not Quality.LIVE]

READINGS = st.builds(
    port,
    st.integers(1, 2000),
    st.one_of(st.none(), st.sampled_from(PortMode), st.text(max_size=12)),
    st.one_of(st.none(), st.sampled_from(PortType), st.text(max_size=6)),
    bin_id=st.one_of(st.none(), st.integers(1, 4_000_000)),
    bin_mode=st.sampled_from([None, "OPEN", "GRID", "a mode of tomorrow"]),
    case=st.one_of(st.none(), st.sampled_from(CaseState)),
    error=st.sampled_from([None, False, True]),
    ready=st.sampled_from([None, False, True]),
)


def seen(reading: PortReading, at: float = NOW) -> Port:
    return Port(port_id=reading.status.port_id, reading=reading, seen_at=at, mode_since=at, case_since=at)


def row(known: Port, quality: Quality = Quality.LIVE, *, marked: bool = False, busy: str = "") -> Line:
    return port_row(known, quality, NOW, marked=marked, busy=busy)


@pytest.mark.parametrize(
    ("reading", "shown"),
    [
        (closed(1), "  0001 CO  CLOSED"),
        (closed(2, "AC"), "  0002 AC  CLOSED                   ?"),
        (port(3, "OPEN", "ECO"), "  0003 ECO OPEN"),
        (with_bin(4), "  0004 CO  OPEN     4711    OPEN"),
        (port(5, bin_id=4711), "  0005 CO  OPEN     4711"),
        (port(6, ready=False), "  0006 CO  OPEN                          not ready"),
        (port(7, "AC DC is no mode", "?!?!?"), "  0007 ?!… AC DC i…"),
        (port(8, None, None), "  0008 ?   ?"),
        (case_in_error(2000), "  2000 AC  OPEN     4711    OPEN    ERSO ! in error 0 s"),
        (port(9, "OPEN", "AC", case="NOOP"), "  0009 AC  OPEN                     NOOP"),
    ],
)
def test_a_live_port_as_a_row(reading: PortReading, shown: str) -> None:
    assert plain(row(seen(reading))).rstrip() == shown


@pytest.mark.parametrize(
    ("known", "quality", "note"),
    [
        (Port(port_id=1), Quality.NEVER, "~ not seen yet"),
        (Port(port_id=1), Quality.UNREACHABLE, "~ no answer"),
        (seen(closed(1), NOW - 31), Quality.STALE, "~ 30 s old"),
        (seen(closed(1), NOW - 31), Quality.UNREACHABLE, "~ no answer 30 s"),
        (seen(case_in_error(1), NOW - 31), Quality.STALE, "~ 30 s old"),
        (seen(with_bin(1), NOW - 4000), Quality.STALE, "~ 65 min old"),
    ],
)
def test_what_is_not_fresh_says_so_and_how_old_it_is(known: Port, quality: Quality, note: str) -> None:
    assert plain(row(known, quality)).rstrip().endswith(note)


@given(READINGS, st.sampled_from(STALE_QUALITIES), st.booleans(), st.sampled_from(["", "openport sent"]))
def test_a_stale_row_never_has_the_look_of_a_live_one(
    reading: PortReading, quality: Quality, marked: bool, busy: str
) -> None:
    line = row(seen(reading, NOW - 60), quality, marked=marked, busy=busy)
    assert not {tone for text, tone in line if text.strip()} & LIVE_TONES
    assert "~" in plain(line)


@given(READINGS)
def test_a_live_row_draws_no_age_of_the_look(reading: PortReading) -> None:
    known = seen(reading, NOW)
    assert port_row(known, Quality.LIVE, NOW, marked=False) == port_row(
        known, Quality.LIVE, NOW + 0.9, marked=False
    )


@given(READINGS, st.sampled_from(Quality))
def test_columns_stand_under_their_heading(reading: PortReading, quality: Quality) -> None:
    columns = row(seen(reading), quality)[:7]
    assert cell_len(plain(columns)) == len(HEADER) == 41


def test_a_mark_and_a_command_under_way_are_shown() -> None:
    assert plain(row(seen(closed(1)), marked=True)).startswith("* 0001")
    assert plain(row(seen(closed(1)), busy="openport sent")).endswith("openport sent")


def test_what_is_not_normal_has_a_tone_and_what_is_has_none() -> None:
    assert Tone.ALARM in tones(case_in_error(1))
    assert tones(with_bin(1)) <= {Tone.PLAIN, Tone.DIM}
    assert tones(closed(1)) <= {Tone.PLAIN, Tone.DIM}
    assert tones(port(1, "DISABLED")) <= {Tone.PLAIN, Tone.DIM}


def tones(reading: PortReading) -> set[Tone]:
    return {tone for text, tone in row(seen(reading)) if text.strip()}


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_coarse_age_never_goes_back_and_is_never_more_than_the_age(a: float, b: float) -> None:
    young, old = sorted((a, b))
    assert seconds(coarse_age(young)) <= seconds(coarse_age(old)) <= old + 0.001


@pytest.mark.parametrize("age", [0.0, 9.0, 10.0, 59.0, 60.0, 599.0, 600.0, 36_000.0])
def test_a_coarse_age_stays_for_a_while(age: float) -> None:
    assert coarse_age(age) == coarse_age(age + 0.9)


def test_an_age_is_never_negative() -> None:
    assert coarse_age(-5) == "0 s"


def seconds(words: str) -> float:
    """Return the seconds that `31 s`, `4 min` and `2 h 05` say."""
    match words.split():
        case [number, "s"]:
            return float(number)
        case [number, "min"]:
            return 60 * float(number)
        case [hours, "h", minutes]:
            return 3600 * float(hours) + 60 * float(minutes)
    raise AssertionError(words)


def test_what_needs_a_person_stands_first() -> None:
    in_order = [
        (seen(case_in_error(1)), Quality.LIVE),
        (seen(closed(1)), Quality.UNREACHABLE),
        (Port(port_id=1), Quality.NEVER),
        (seen(with_bin(1)), Quality.LIVE),
        (seen(closed(1)), Quality.LIVE),
        (seen(port(1, "DISABLED")), Quality.LIVE),
    ]
    ranks = [attention(known, quality) for known, quality in in_order]
    assert ranks == sorted(set(ranks))


def test_rows_do_not_jump_with_every_bin() -> None:
    assert {attention(seen(one), Quality.LIVE) for one in (port(1), with_bin(1), port(1, bin_id=7))} == {3}


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (Sort.ATTENTION, [5, 4, 2, 3, 1]),
        (Sort.ID, [1, 2, 3, 4, 5]),
        (Sort.MODE, [1, 2, 3, 5, 4]),
        (Sort.TYPE, [5, 2, 3, 1, 4]),
        (Sort.AGE, [4, 1, 2, 3, 5]),
    ],
)
def test_sort_orders(order: Sort, ids: list[int]) -> None:
    site = Site(ports=range(1, 6))
    site.see(closed(1, "RE"))
    site.clock.pass_(0.5)
    site.see(with_bin(2), port(3, "OPEN", "CO"), case_in_error(5))
    assert sorted_ids(site.store, site.store.ports.values(), order) == ids


@given(st.lists(READINGS, max_size=12), st.sampled_from(Sort))
def test_sorting_loses_and_invents_nothing(readings: list[PortReading], order: Sort) -> None:
    site = Site(ports=range(1, 2001, 7))
    site.see(*readings)
    assert sorted(sorted_ids(site.store, site.store.ports.values(), order)) == list(site.store.ports)
