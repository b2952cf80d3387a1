"""What the Log Publisher's word is worth, and what becomes of it in the store."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.state.entities import Key, Kind, Phase, SourceName, Stream
from console.state.port_beliefs import Heard
from console.state.quality import Quality
from console.state.store import ALERTS_KEPT, Store
from console.text import safe

from .small import Clock, reading
from .small import Heard as Listener
from .test_store_commands import command

BIN, PORT = 7, Key(Kind.PORT, 4)
FOLLOWED = Stream(since=100.0, complete=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Store:
    one = Store([4, 9], clock=clock)
    one.see_port(reading(4, bin_id=BIN, bin_mode="PORT"), 100.0)
    return one


Tell = Callable[[Store, float], Heard]
TELLS: dict[str, Tell] = {
    "bin": lambda store, at: store.hear_bin(BIN, safe("OPEN"), at),
    "case": lambda store, at: store.hear_case(4, BIN, safe("EREQ"), at),
    "hatch": lambda store, at: store.hear_hatch(4, 1, safe("O"), at),
}
every_tell = pytest.mark.parametrize("tell", TELLS.values(), ids=TELLS)


@every_tell
def test_what_is_told_is_shown(store: Store, tell: Tell) -> None:
    heard = Listener(store)
    assert tell(store, 101.0) is Heard.TAKEN
    assert heard.take() == [PORT]
    assert store.ports[4].changed_at == 101.0


@every_tell
def test_told_again_it_is_no_news(store: Store, tell: Tell) -> None:
    tell(store, 101.0)
    heard = Listener(store)
    tell(store, 102.0)
    assert heard.take() == []


@every_tell
def test_what_is_older_than_what_is_known_changes_nothing(store: Store, tell: Tell) -> None:
    tell(store, 101.0)
    before = store.ports[4]
    assert tell(store, 99.0) is Heard.OUTDATED
    assert store.ports[4] == before


@every_tell
def test_no_event_makes_a_port_look_fresh(store: Store, clock: Clock, tell: Tell) -> None:
    clock.now = 110.0
    assert store.port_quality(store.ports[4]) is Quality.STALE
    tell(store, 110.0)
    assert store.port_quality(store.ports[4]) is Quality.STALE


def test_what_is_about_others_is_not_kept(store: Store) -> None:
    before = dict(store.ports)
    assert store.hear_bin(8, safe("OPEN"), 101.0) is Heard.ELSEWHERE
    assert store.hear_case(5, BIN, safe("EREQ"), 101.0) is Heard.ELSEWHERE
    assert store.hear_hatch(5, 1, safe("O"), 101.0) is Heard.ELSEWHERE
    assert store.ports == before


def test_a_bin_is_followed_to_the_port_that_selects_it(store: Store) -> None:
    assert store.port_of_bin(BIN) == 4
    store.see_port(reading(9, bin_id=BIN, bin_mode="GRID"), 101.0)
    store.see_port(reading(4), 102.0)
    assert store.port_of_bin(BIN) == 9
    store.hear_bin(BIN, safe("PORT"), 103.0)
    assert (store.ports[9].bin_mode, store.ports[4].bin_mode) == ("PORT", None)
    store.see_port(reading(9, bin_id=8, bin_mode="GRID"), 104.0)
    assert (store.port_of_bin(BIN), store.port_of_bin(8)) == (None, 9)


def test_bins_that_come_and_go_leave_nothing_behind(store: Store) -> None:
    for bin_id in range(1, 5000):
        store.see_port(reading(4, bin_id=bin_id), 100.0 + bin_id)
    assert len(store._port_of_bin) == 1


def test_while_the_stream_tells_reads_may_be_older_and_in_parts(store: Store, clock: Clock) -> None:
    port = Key(Kind.PORT, 4)
    store.watch([4])
    store.note_stream(FOLLOWED)
    clock.now = 104.0
    assert store.port_quality(store.ports[4]) is Quality.LIVE
    store.see_port(reading(4, bin_id=BIN, bin_mode="PORT"), 104.0, whole=False)
    clock.now = 105.0
    heard = Listener(store)
    store.note_stream(Stream())
    assert store.port_quality(store.ports[4]) is Quality.STALE
    assert port in heard.take()


@pytest.mark.parametrize(
    ("stream", "kept"),
    [
        (Stream(since=101.0), Stream(since=101.0)),
        (Stream(since=101.0, complete=True), Stream(since=101.0, complete=True)),
        (Stream(complete=True), Stream()),
    ],
)
def test_without_a_beginning_nothing_is_complete(store: Store, stream: Stream, kept: Stream) -> None:
    store.note_stream(stream)
    assert store.stream == kept
    assert (store.paces.awake.interval == 10.0) == kept.complete


def test_a_hatch_is_only_as_fresh_as_the_stream_that_told_of_it(store: Store, clock: Clock) -> None:
    assert store.hatch_quality(store.ports[4]) is Quality.NEVER
    store.note_stream(FOLLOWED)
    store.hear_hatch(4, 1, safe("O"), 101.0)
    clock.now = 1000.0
    assert store.hatch_quality(store.ports[4]) is Quality.LIVE
    store.note_stream(Stream())
    assert store.hatch_quality(store.ports[4]) is Quality.STALE
    store.note_stream(Stream(since=999.0))
    assert store.hatch_quality(store.ports[4]) is Quality.STALE
    store.hear_hatch(4, 1, safe("O"), 1000.0)
    assert store.hatch_quality(store.ports[4]) is Quality.LIVE
    assert store.ports[4].hatch_since == 101.0


@pytest.mark.parametrize("phase", [Phase.SENT, Phase.UNKNOWN, Phase.CONFIRMED])
def test_a_port_with_a_command_under_way_is_watched(store: Store, phase: Phase) -> None:
    store.watch(visible=[])
    store.note_command(command("a", phase))
    paces = {port_id: store.pace(store.ports[port_id]) for port_id in (4, 9)}
    under_way = phase is not Phase.CONFIRMED
    assert paces == {4: store.paces.watched if under_way else store.paces.awake, 9: store.paces.asleep}


def test_after_a_sleep_only_a_new_download_is_believed(store: Store, clock: Clock) -> None:
    store.note_stream(FOLLOWED)
    clock.now = 200.0
    store.distrust()
    assert store.stream == Stream()
    assert store.port_quality(store.ports[4]) is Quality.STALE
    store.note_stream(Stream(since=199.0, complete=True))
    assert store.stream == Stream()
    store.note_stream(Stream(since=201.0))
    assert store.stream.since == 201.0


def test_who_looks_decides_what_is_fresh(store: Store, clock: Clock) -> None:
    store.see_port(reading(9, "CLOSED"), 100.0)
    clock.now = 105.0
    assert store.port_quality(store.ports[9]) is Quality.STALE
    assert store.watch(visible=[4]) == {9}
    assert store.port_quality(store.ports[9]) is Quality.LIVE
    assert store.watch(visible=[9], marked=[4, 77]) == {4, 9}
    assert store.port_quality(store.ports[9]) is Quality.STALE
    assert store.pace(store.ports[4]) == store.paces.awake
    assert store.watch(visible=[9], marked=[4]) == frozenset()


def test_alerts_are_dated_and_of_few_kinds(store: Store) -> None:
    heard = Listener(store)
    store.hear_alert(safe("BCK"), 100.0)
    assert heard.take() == [Key(Kind.SOURCE, SourceName.LOG)]
    store.hear_alert(safe("BCK"), 99.0)
    assert store.alerts["BCK"].at == 100.0
    for number in range(100):
        store.hear_alert(safe(f"A{number}"), 101.0)
    assert len(store.alerts) == ALERTS_KEPT
    assert "A99" in store.alerts


steps = st.one_of(
    st.tuples(st.sampled_from(["whole", "part", "late"]), st.floats(0, 20)),
    st.tuples(st.sampled_from(["bin", "case", "hatch"]), st.floats(0, 20)),
    st.tuples(st.just("wait"), st.floats(0, 40)),
    st.tuples(
        st.sampled_from(["followed", "lost", "distrust", "grow old", "watch", "look away"]), st.just(0.0)
    ),
)


def take(store: Store, clock: Clock, step: str, number: float) -> None:
    """Do one of the steps; `number` is how long ago, or how long."""
    at = clock.now - number
    match step:
        case "whole" | "late" | "part":
            store.see_port(reading(bin_id=BIN), at, whole=step != "part")
        case "wait":
            clock.now += number
        case "followed":
            store.note_stream(Stream(since=clock.now, complete=True))
        case "lost":
            store.note_stream(Stream())
        case "distrust":
            store.distrust()
        case "grow old":
            store.grow_old()
        case "watch" | "look away":
            store.watch([4] if step == "watch" else [])
        case _:
            TELLS[step](store, at)


@given(st.lists(steps, max_size=25))
def test_quality_is_never_better_than_the_newest_observation_allows(taken: list[tuple[str, float]]) -> None:
    clock = Clock(1000.0)
    store = Store([4], clock=clock)
    asked = whole = trusted_from = float("-inf")
    for step, number in taken:
        at = clock.now - number
        take(store, clock, step, number)
        if step in ("whole", "late"):
            asked, whole = (max(asked, at), at if at >= asked else whole)
        elif step == "part":
            asked = max(asked, at)
        elif step == "distrust":
            trusted_from = clock.now
        vouched = asked if store.stream.complete else whole
        fresh = vouched > trusted_from and clock.now - vouched <= store.pace(store.ports[4]).limit
        assert (store.port_quality(store.ports[4]) is Quality.LIVE) == fresh


@given(st.lists(steps, max_size=25))
def test_every_change_of_quality_by_time_alone_is_told(taken: list[tuple[str, float]]) -> None:
    """After a second's tick listeners know what each port is worth, however little was worked out anew."""
    clock = Clock(1000.0)
    store = Store([4, 9], clock=clock)
    known = dict.fromkeys((4, 9), Quality.NEVER)

    def listen(keys: frozenset[Key]) -> None:
        for key in keys:
            if key.kind is Kind.PORT:
                known[int(key.id)] = store.port_quality(store.ports[int(key.id)])

    store.listen(listen)
    for step, number in taken:
        take(store, clock, step, number)
        store.grow_old()
        assert known == {port_id: store.port_quality(port) for port_id, port in store.ports.items()}
