"""How a port looks as a tile and as a dot."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.autostore.replies import PortReading
from console.interface.cells import places
from console.interface.drawing import Line, Tone, plain
from console.interface.port_cells import (
    LEGEND,
    SHAPES,
    Density,
    dots_label,
    port_dot,
    port_tile,
    section,
    sections,
)
from console.interface.port_rows import Sort, sorted_ids
from console.state.entities import Port
from console.state.quality import Quality

from .test_port_rows import READINGS, STALE_QUALITIES, seen
from .world import Site, case_in_error, closed, port, with_bin

BUSY = st.sampled_from(["", "openport sent"])
CHANGED = st.sampled_from([frozenset(), frozenset({"mode"}), frozenset({"bin", "at"})])

LOOKS: list[tuple[Port, Quality, str, str, str]] = [
    (seen(closed(1)), Quality.LIVE, ".", "*", " 0001   CLOSED"),
    (seen(port(2)), Quality.LIVE, "o", "*", " 0002   OPEN  "),
    (seen(with_bin(3)), Quality.LIVE, "b", "*", " 0003 b OPEN  "),
    (seen(case_in_error(4)), Quality.LIVE, "!", "#", " 0004 ! OPEN  "),
    (seen(port(5, "OPEN", "AC", bin_id=7, case="EREQ")), Quality.LIVE, "c", "*", " 0005 c OPEN  "),
    (seen(port(6, "DISABLED")), Quality.LIVE, "-", "*", " 0006 - DISAB…"),
    (seen(with_bin(7)), Quality.STALE, "~", "%", " 0007 ~ OPEN  "),
    (seen(case_in_error(8)), Quality.UNREACHABLE, "~", "%", " 0008 ~ OPEN  "),
    (Port(port_id=9), Quality.NEVER, "?", "%", " 0009 ? ?     "),
    (Port(port_id=10), Quality.UNREACHABLE, "?", "%", " 0010 ? ?     "),
]


@pytest.mark.parametrize(("known", "quality", "dot", "marked", "tile"), LOOKS)
def test_every_state_has_its_character(
    known: Port, quality: Quality, dot: str, marked: str, tile: str
) -> None:
    assert plain(port_dot(known, quality, marked=False)) == dot
    assert plain(port_dot(known, quality, marked=True)) == marked
    assert plain(port_tile(known, quality, marked=False)) == tile
    assert plain(port_tile(known, quality, marked=True)) == "*" + tile[1:]


def test_a_command_under_way_is_shown_while_nothing_is_wrong() -> None:
    assert plain(port_dot(seen(closed(1)), Quality.LIVE, marked=False, busy="openport sent")) == ":"
    assert plain(port_dot(seen(case_in_error(1)), Quality.LIVE, marked=False, busy="x")) == "!"
    assert plain(port_dot(seen(closed(1)), Quality.STALE, marked=False, busy="x")) == "~"


@given(READINGS, READINGS, st.sampled_from(STALE_QUALITIES), st.booleans(), BUSY, BUSY, CHANGED)
def test_no_stale_port_has_the_character_or_the_look_of_a_live_one(
    one: PortReading,
    other: PortReading,
    quality: Quality,
    marked: bool,
    busy: str,
    busy_too: str,
    changed: frozenset[str],
) -> None:
    stale = port_dot(seen(one), quality, marked=marked, busy=busy, changed=changed)
    live = port_dot(seen(other), Quality.LIVE, marked=marked, busy=busy_too, changed=changed)
    assert plain(stale) != plain(live)
    assert {tone for _, tone in stale} == {Tone.STALE}
    tile = port_tile(seen(one), quality, marked=marked, busy=busy, changed=changed)
    assert "~" in plain(tile)
    assert ">" not in plain(tile) or ">" in (one.status.mode or "")  # a mode of such a name may stand there
    assert {tone for text, tone in tile if text.strip(" *")} == {Tone.STALE}


@given(READINGS, st.sampled_from(Quality), st.booleans(), BUSY, CHANGED)
def test_cells_have_the_width_of_their_shape(
    reading: PortReading, quality: Quality, marked: bool, busy: str, changed: frozenset[str]
) -> None:
    for density, draw in ((Density.TILES, port_tile), (Density.DOTS, port_dot)):
        cell: Line = draw(seen(reading), quality, marked=marked, busy=busy, changed=changed)
        assert cell_len(plain(cell)) == SHAPES[density].width


def test_a_changed_value_is_marked() -> None:
    known, changed = seen(with_bin(3)), frozenset({"bin"})
    assert plain(port_tile(known, Quality.LIVE, marked=False, changed=changed)) == " 0003 b>OPEN  "
    (before,) = port_dot(known, Quality.LIVE, marked=False)
    (after,) = port_dot(known, Quality.LIVE, marked=False, changed=changed)
    assert before != after
    assert before[0] == after[0], "its character says what it is"


def test_the_legend_explains_every_character_of_a_dot() -> None:
    explained = set(plain(LEGEND))
    assert {dot for *_, dot, _, _ in LOOKS} <= explained


@given(st.lists(READINGS, max_size=20, unique_by=lambda one: one.status.port_id), st.sampled_from(Sort))
def test_the_ports_of_a_section_stand_together(readings: list[PortReading], order: Sort) -> None:
    assume(
        not {"?", "~"}.intersection(
            text for one in readings for text in (one.status.mode, one.status.port_type)
        )
    )
    site = Site(ports=range(1, 2001, 7))
    site.see(*readings)
    site.clock.pass_(10)
    site.see(*readings[: len(readings) // 2])
    ids = sorted_ids(site.store, site.store.ports.values(), order)
    words = [section(site.store, site.store.ports[port_id], order) for port_id in ids]
    begins = sections(words)
    assert len(begins) == len(set(words)), "no word comes twice"
    assert begins[0] == 0
    shape = SHAPES[Density.DOTS]
    of = places(len(ids), shape.columns(118), begins)
    for line in range(len(of.starts)):
        first = of.on_line(line).start
        label = dots_label(words[first], ids[first], first in begins, order)
        assert cell_len(plain(label)) <= shape.label
        if first in begins:
            assert plain(label).strip()


def test_two_thousand_dots_fit_on_a_screen_of_40_lines() -> None:
    ids = range(1, 2001)
    site = Site(ports=ids)
    words = [section(site.store, site.store.ports[port_id], Sort.ID) for port_id in ids]
    assert len(places(2000, SHAPES[Density.DOTS].columns(118), sections(words)).starts) == 20
