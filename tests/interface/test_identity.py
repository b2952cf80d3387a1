"""The line that is always on screen, at every width."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.autostore.values import SystemMode
from console.interface.drawing import Line, Tone, plain
from console.interface.identity import Who, identity_line
from console.state.entities import SourceName

from .world import Site

WHO = Who(site="Hall 2", mode="LIVE", operator="tech1", role="technician")


def shown(site: Site, width: int = 120, who: Who = WHO, marked: str = "") -> str:
    return plain(identity_line(site.store, who, width, marked=marked)).rstrip()


def tone_of(line: Line, text: str) -> Tone:
    return next(tone for piece, tone in line if text in piece)


@pytest.fixture
def site() -> Site:
    made = Site(ports=[1])
    made.see_system()
    return made


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (100, "Hall 2 LIVE RUNNING AutoStore ok 0 s MOR ok 0 s 3 marked tech1 (technician)"),
        (80, "Hall 2 LIVE RUNNING AutoStore ok 0 s MOR ok 0 s 3 marked tech1"),
        (68, "Hall 2 LIVE RUNNING AutoStore ok MOR ok 3 marked tech1"),
        (56, "Hall 2 LIVE RUNNING 3 marked tech1"),
        (38, "Hall 2 LIVE RUNNING 3 marked"),
    ],
)
def test_what_does_not_fit_gives_way_in_order(site: Site, width: int, line: str) -> None:
    assert shown(site, width, marked="3 marked").split() == line.split()


@example(120, "aaaaa", "2000 marked (1999 hidden)", "low bandwidth", {SourceName.LOG}, False)
@given(
    st.integers(60, 200),
    st.text(alphabet="aé漢 ", min_size=1, max_size=10),
    st.sampled_from(["", "3 marked", "2000 marked (1999 hidden)"]),
    st.sampled_from(["", "low bandwidth"]),
    st.sets(st.sampled_from(SourceName)),
    st.booleans(),
)
def test_it_always_fits_and_always_says_where_and_what_is_wrong(
    width: int, operator: str, marked: str, link: str, lost: set[SourceName], fresh: bool
) -> None:
    site = Site(ports=[1])
    site.see_system()
    for name in lost:
        site.store.source_is_lost(name, "gone", site.clock())
    site.clock.pass_(0 if fresh else 100)
    who = Who(site="Hall 2", mode="READ-ONLY", operator=operator, role="technician")
    line = identity_line(site.store, who, width, marked=marked, link=link)
    assert cell_len(plain(line)) == width
    assert all(word in plain(line) for word in ("Hall 2", "READ-ONLY", marked))
    if width >= 120:
        assert link in plain(line)
    if width >= 100:
        assert plain(line).count("LOST") == len(lost)
    assert ("RUNNING" in plain(line)) and (fresh is not ("was RUNNING" in plain(line)))


def test_the_mode_is_said_in_words_and_only_live_looks_normal(site: Site) -> None:
    for mode, tone in (("LIVE", Tone.GOOD), ("SIMULATOR", Tone.WARN), ("READ-ONLY", Tone.WARN)):
        line = identity_line(site.store, Who("Hall 2", mode, "tech1", "technician"), 120)
        assert tone_of(line, mode) is tone


@pytest.mark.parametrize("mode", [one for one in SystemMode if one is not SystemMode.RUNNING])
def test_any_other_system_mode_is_an_alarm(mode: SystemMode) -> None:
    site = Site(ports=[1])
    site.see_system(mode)
    assert tone_of(identity_line(site.store, WHO, 120), mode.name) is Tone.ALARM


def test_a_system_mode_that_grew_old_is_no_longer_claimed(site: Site) -> None:
    site.clock.pass_(10)
    line = identity_line(site.store, WHO, 120)
    assert tone_of(line, "was RUNNING") is Tone.STALE


def test_nothing_is_claimed_before_anything_was_seen() -> None:
    site = Site(ports=[1])
    for name in SourceName:
        site.store.expect(name)
    assert "system not seen yet   AutoStore waiting  Log waiting  MOR waiting" in shown(site)


def test_a_lost_source_says_so_and_since_when(site: Site) -> None:
    site.store.source_is_lost(SourceName.AUTOSTORE, "connection refused", site.clock())
    site.clock.pass_(42)
    line = identity_line(site.store, WHO, 120)
    assert "AutoStore LOST 40 s" in plain(line)
    assert tone_of(line, "LOST 40 s") is Tone.ALARM


def test_a_source_that_only_fell_silent_is_not_called_well(site: Site) -> None:
    site.clock.pass_(29)
    assert "MOR ok 25 s" in shown(site)
    site.clock.pass_(7)
    line = identity_line(site.store, WHO, 120)
    assert "MOR silent 35 s" in plain(line)
    assert tone_of(line, "silent") is Tone.STALE


def test_without_a_journal_it_says_what_follows(site: Site) -> None:
    site.store.note_journal("disk full")
    assert tone_of(identity_line(site.store, WHO, 80), "NO JOURNAL: commands refused") is Tone.ALARM
