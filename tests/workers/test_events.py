"""What the Log Publisher's lines do to the store: believed, counted, or a reason to read."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from state.small import Clock, reading

from console.autostore.events import BinModeChanged, DownloadBegun, Event, HatchMoved, read_line
from console.autostore.stream import Connected, Disconnected, DownloadComplete, Overrun
from console.state.entities import SourceName, Stream
from console.state.port_beliefs import Heard
from console.state.quality import Quality
from console.state.store import Store
from console.text import safe
from console.workers.events import CELLS_KNOWN, Fate, LogFollower, Stage, next_stage

BIN, AUTOCASE, PLAIN = 7, 4, 9
NOW = 100.0


class Bench:
    """A follower that is handed its events, and what it asks for: ports in a hurry, and new paces."""

    def __init__(self) -> None:
        self.clock = Clock(NOW)
        self.store = Store([AUTOCASE, PLAIN], clock=self.clock)
        self.store.expect(SourceName.LOG)
        self.store.see_port(reading(AUTOCASE, bin_id=BIN, bin_mode="PORT", port_type="AC"), NOW - 1)
        self.store.see_port(reading(PLAIN, "CLOSED"), NOW - 1)
        self.hurried: list[int] = []
        self.repaced = 0
        self.follower = LogFollower(self._connect, self.store, hurry=self.hurried.append, repace=self._repace)

    def say(self, *lines: str) -> None:
        for line in lines:
            self.follower.take(read_line(line.encode(), self.clock.now))

    def take(self, *events: Callable[..., Event], **more: Any) -> None:
        for event in events:
            self.follower.take(event(at=self.clock.now, **more))

    def download(self) -> None:
        """Connect, and have everything told."""
        self.take(Connected, DownloadBegun)
        self.clock.now += 1
        self.take(DownloadComplete)

    def bin_mode(self) -> str | None:
        return self.store.ports[AUTOCASE].bin_mode

    @property
    def counts(self) -> Counter[Heard | Fate]:
        return self.follower.counts

    def health(self) -> tuple[bool | None, str | None]:
        source = self.store.sources[SourceName.LOG]
        return source.ok, source.reason

    def _repace(self) -> None:
        self.repaced += 1

    def _connect(self) -> Any:
        raise NotImplementedError


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def followed(bench: Bench) -> Bench:
    bench.download()
    return bench


# How far a stream has come


@pytest.mark.parametrize(
    ("events", "stage", "stream", "ok"),
    [
        ([Connected], Stage.CONNECTED, Stream(), None),
        ([Connected, DownloadBegun], Stage.DOWNLOADING, Stream(since=NOW), None),
        ([Connected, DownloadBegun, DownloadComplete], Stage.FOLLOWING, Stream(NOW, complete=True), True),
        ([Connected, DownloadComplete], Stage.CONNECTED, Stream(), None),
    ],
)
def test_a_download_is_what_makes_it_believed(
    bench: Bench, events: list[type[Event]], stage: Stage, stream: Stream, ok: bool | None
) -> None:
    bench.take(*events)
    assert bench.follower.stage is stage
    assert bench.store.stream == stream
    assert bench.health() == (ok, None)


ENDINGS: dict[str, Callable[[Bench], None]] = {
    "cannot connect": lambda bench: bench.take(Disconnected, reason=safe("cannot connect")),
    "3 events came too fast to be taken, and are lost": lambda bench: bench.take(Overrun, lost=3),
    "it hears nothing of the controller": lambda bench: bench.say("AL,NOC"),
}


@pytest.mark.parametrize("reason", ENDINGS)
@pytest.mark.parametrize("before", [[], [Connected], [Connected, DownloadBegun, DownloadComplete]])
def test_what_ends_belief_is_shown_with_its_reason(
    bench: Bench, before: list[type[Event]], reason: str
) -> None:
    bench.take(*before)
    ENDINGS[reason](bench)
    assert bench.store.stream == Stream()
    assert bench.health() == (False, reason)
    bench.download()
    assert bench.store.stream.complete
    assert bench.health() == (True, None)


def test_while_it_is_deaf_a_download_that_had_begun_does_not_end_well(bench: Bench) -> None:
    bench.take(Connected, DownloadBegun)
    bench.say("AL,NOC")
    bench.take(DownloadComplete)
    assert bench.store.stream == Stream()
    assert bench.health()[0] is False


def test_reads_are_repaced_when_its_word_changes_and_only_then(bench: Bench) -> None:
    bench.take(Connected, DownloadBegun)
    assert bench.repaced == 0
    bench.take(DownloadComplete)
    assert bench.repaced == 1
    bench.say("BM,7,O", "AL,BCK")
    assert bench.repaced == 1
    bench.say("AL,NOC")
    assert bench.repaced == 2
    bench.take(Disconnected, reason=safe("gone"))
    assert bench.repaced == 2


# What is told


@pytest.mark.parametrize(
    ("line", "mode", "hurried"),
    [
        ("BM,7,O", "OPEN", False),
        ("BM,7,C", "CLOSED", True),
        ("BM,7,R", "TOGRID", True),
        ("BM,7,X", "OUTSIDE", True),
        ("BM,7,???", "???", True),
        ("BL,7,1,4,1,1,P", "PORT", False),
        ("BL,7,1,20,20,105,G,5,330", "GRID", True),
        ("BL,7,1,20,20,105", "GRID", True),
        ("BL,7,1", "GRID", True),
        ("BL,7,1,0,0", "GRID", True),
    ],
)
def test_where_the_bin_of_a_port_is(followed: Bench, line: str, mode: str, hurried: bool) -> None:
    followed.say(line)
    assert followed.bin_mode() == mode
    assert followed.hurried == [AUTOCASE] * hurried


def test_one_read_is_enough_for_a_bin_that_goes_step_by_step(followed: Bench) -> None:
    followed.say("BM,7,O", "BM,7,C", "BL,7,1", "BL,7,1,20,20,105")
    assert followed.bin_mode() == "GRID"
    assert followed.hurried == [AUTOCASE]


@pytest.mark.parametrize("mode", ["GRID", "FORECAST", "PREPARED"])
def test_a_bin_that_is_still_coming_keeps_its_mode(followed: Bench, mode: str) -> None:
    followed.store.see_port(reading(AUTOCASE, bin_id=BIN, bin_mode=mode), followed.clock.now)
    followed.say("BL,7,1", "BL,7,1,20,20,105")
    assert followed.bin_mode() == mode


def test_how_far_a_case_is_and_that_its_error_is_to_be_read(followed: Bench) -> None:
    followed.say("AC,4,7,EREQ")
    assert followed.store.ports[AUTOCASE].case_state == "EREQ"
    assert followed.hurried == [AUTOCASE]
    followed.say("AC,4,7,CR")
    assert followed.store.ports[AUTOCASE].case_state == "EREQ"
    assert followed.hurried == [AUTOCASE, AUTOCASE]


def test_hatches(followed: Bench) -> None:
    followed.say("HS,9,B,1", "HS,9,FO,2")
    port = followed.store.ports[PLAIN]
    assert (port.hatch, port.hatch_right, port.hatch_since) == ("B", "FO", NOW + 1)


def test_alerts_are_told_whatever_else_is_believed(bench: Bench) -> None:
    bench.say("AL,BCK", "AL,DSTP", "AL,\x1b]0;x")
    assert [(alert.code, alert.at) for alert in bench.store.alerts.values()] == [
        ("BCK", NOW),
        ("DSTP", NOW),
        ("\\x1b]0;x", NOW),
    ]


def test_a_bin_that_comes_to_a_known_cell_is_a_reason_to_read_its_port(followed: Bench) -> None:
    followed.say("BL,8,1,4,1,1,P")
    assert followed.hurried == []
    followed.say("BL,7,1,4,1,1,P", "BL,8,1,4,1,1,P", "BL,8,1,5,1,1,P")
    assert followed.hurried == [AUTOCASE]


def test_cells_are_not_remembered_without_end(followed: Bench) -> None:
    for number in range(CELLS_KNOWN + 10):
        followed.say(f"BL,7,{number // 1000 + 1},{number % 1000 + 1},1,1,P")
    assert len(followed.follower._port_at) <= CELLS_KNOWN


# What is not believed, and what is about others


CHANGES = ("BM,7,O", "BL,7,1", "AC,4,7,EREQ", "HS,4,O,1")


@pytest.mark.parametrize("line", CHANGES)
@pytest.mark.parametrize("ending", [None, *ENDINGS])
def test_outside_of_a_download_nothing_is_believed_but_read(
    bench: Bench, ending: str | None, line: str
) -> None:
    if ending is not None:
        bench.download()
        ENDINGS[ending](bench)
    else:
        bench.take(Connected)
    before = bench.store.ports[AUTOCASE]
    bench.say(line)
    assert bench.store.ports[AUTOCASE] == before
    assert bench.counts[Fate.NOT_BELIEVED] == 1
    assert bench.hurried == [AUTOCASE] * (not line.startswith("HS"))


def test_from_the_beginning_of_a_download_on_it_is(bench: Bench) -> None:
    bench.take(Connected)
    bench.say("DS", "BM,7,O")
    assert bench.bin_mode() == "OPEN"
    assert bench.counts == {Heard.TAKEN: 1}


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        ("BM,8,O", Heard.ELSEWHERE),
        ("BL,8,1", Heard.ELSEWHERE),
        ("BL,8,1,4,1,1,P", Heard.ELSEWHERE),
        ("HS,5,O,1", Heard.ELSEWHERE),
        ("AC,2000,8,EREQ", Heard.ELSEWHERE),
        ("AC,4,7,CR", Fate.NOT_NEEDED),
        ("BD,7,330,ST", Fate.NOT_NEEDED),
        ("CD,1,1,PO,0,0", Fate.NOT_NEEDED),
        ("CL,1,L,3,4", Fate.NOT_NEEDED),
        ("LCL,3,4,BOTH", Fate.NOT_NEEDED),
        ("LF,1,3,4", Fate.NOT_NEEDED),
        ("AC,2001,7,EREQ", Fate.NOT_UNDERSTOOD),
        ("AC,0,7,EREQ", Fate.NOT_UNDERSTOOD),
        ("BM,4000001,O", Fate.NOT_UNDERSTOOD),
        ("BM,-7,O", Fate.NOT_UNDERSTOOD),
        ("HS,4,O,3", Fate.NOT_UNDERSTOOD),
        ("XY,1,2,3", Fate.NOT_UNDERSTOOD),
        ("BM", Fate.NOT_UNDERSTOOD),
        ("\x00\xff", Fate.NOT_UNDERSTOOD),
    ],
)
def test_what_is_not_about_this_site_is_counted_and_changes_nothing(
    followed: Bench, line: str, fate: Heard | Fate
) -> None:
    before = dict(followed.store.ports)
    followed.say(line)
    assert followed.store.ports == before
    assert followed.counts == {fate: 1}


def test_events_out_of_order_are_counted_and_change_nothing(followed: Bench) -> None:
    followed.say("BM,7,O", "HS,4,O,1")
    before = dict(followed.store.ports)
    followed.follower.take(BinModeChanged(at=NOW, bin_id=BIN, bin_mode=safe("PORT")))
    followed.follower.take(HatchMoved(at=NOW, port_id=4, hatch_position=safe("C"), port_index=1))
    assert followed.store.ports == before
    assert followed.counts[Heard.OUTDATED] == 2


def test_a_look_begun_before_an_event_does_not_undo_it(followed: Bench) -> None:
    begun = followed.clock.now
    followed.clock.now += 0.2
    followed.say("BM,7,O")
    followed.store.see_port(reading(AUTOCASE, bin_id=BIN, bin_mode="PORT"), begun)
    assert followed.bin_mode() == "OPEN"


def test_what_was_lost_is_counted(followed: Bench) -> None:
    followed.take(Overrun, lost=12)
    assert followed.counts == {Fate.LOST: 12}


def test_after_a_sleep_only_the_next_download_counts(followed: Bench) -> None:
    followed.clock.now += 3600
    followed.store.distrust()
    followed.say("BM,7,O")
    assert followed.bin_mode() == "PORT"
    assert followed.follower._in_doubt()
    followed.clock.now += 1
    followed.download()
    followed.say("BM,7,O")
    assert followed.bin_mode() == "OPEN"
    assert not followed.follower._in_doubt()


lines = st.one_of(
    st.binary(max_size=40),
    st.builds(
        lambda tag, fields: ",".join([tag, *fields]).encode(),
        st.sampled_from(["AC", "AL", "BD", "BL", "BM", "CL", "DS", "HS", "LCL", "LF", "ZZ"]),
        st.lists(
            st.sampled_from(["", "0", "1", "2", "4", "7", "9", "O", "C", "NOC", "EREQ", "-1", "9999999"])
        ),
    ),
)


@given(st.lists(lines, max_size=40), st.lists(st.sampled_from(sorted(ENDINGS)), max_size=2))
def test_whatever_is_said_every_line_is_counted_and_nothing_looks_fresh_for_it(
    said: list[bytes], endings: list[str]
) -> None:
    bench = Bench()
    bench.download()
    bench.clock.now += 20
    bench.store.grow_old()
    for ending in endings:
        ENDINGS[ending](bench)
    events = [read_line(line, bench.clock.now) for line in said]
    for event in events:
        bench.follower.take(event)
    assert set(bench.store.ports) == {AUTOCASE, PLAIN}
    assert all(bench.store.port_quality(port) is Quality.STALE for port in bench.store.ports.values())
    signals = [one for one in events if isinstance(one, DownloadBegun) or getattr(one, "driver_lost", False)]
    assert sum(bench.counts.values()) - bench.counts[Fate.LOST] == len(events) - len(signals)


@given(
    st.lists(st.sampled_from([Connected, DownloadBegun, DownloadComplete, "AL,NOC", "BM,7,O"]), max_size=20)
)
def test_nothing_is_followed_without_a_whole_download(story: list[Any]) -> None:
    stage, begun = Stage.ABSENT, False
    for step in story:
        event = step(at=NOW) if isinstance(step, type) else read_line(step.encode(), NOW)
        stage = next_stage(stage, event)
        begun = step is DownloadBegun or (begun and step not in (Connected, "AL,NOC"))
        assert stage is not Stage.FOLLOWING or begun
