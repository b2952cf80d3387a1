"""Looks at ports: what is kept, and when people are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.state.entities import Key, Kind, Port
from console.state.quality import Quality
from console.state.store import Store

from .small import Clock, Heard, reading

PORT = Key(Kind.PORT, 4)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Store:
    return Store([9, 4], clock=clock)


def test_before_the_first_look_nothing_is_known(store: Store) -> None:
    assert list(store.ports) == [4, 9]
    assert store.ports[4] == Port(port_id=4)
    assert store.port_quality(store.ports[4]) is Quality.NEVER


def test_a_look_is_kept_with_its_time(store: Store) -> None:
    heard = Heard(store)
    store.see_port(reading(), 99.5)
    assert store.ports[4].reading == reading()
    assert store.ports[4].seen_at == 99.5
    assert heard.take() == [PORT]


def test_other_ports_than_the_configured_are_never_added(store: Store) -> None:
    heard = Heard(store)
    store.see_port(reading(5), 100.0)
    store.miss_port(5, "lost")
    assert list(store.ports) == [4, 9]
    assert heard.take() == []


def test_an_older_look_is_ignored(store: Store) -> None:
    store.see_port(reading(mode="OPEN"), 100.0)
    heard = Heard(store)
    store.see_port(reading(mode="CLOSED"), 99.0)
    assert store.ports[4].mode == "OPEN"
    assert heard.take() == []


def test_an_unchanged_live_port_is_not_told_again(store: Store, clock: Clock) -> None:
    store.see_port(reading(), 100.0)
    heard = Heard(store)
    clock.now = 101.0
    store.see_port(reading(), 101.0)
    assert store.ports[4].seen_at == 101.0
    assert heard.take() == []


@pytest.mark.parametrize("noticed", [True, False])
def test_a_stale_port_that_comes_back_is_told(store: Store, clock: Clock, noticed: bool) -> None:
    store.see_port(reading(), 100.0)
    clock.now = 110.0
    if noticed:
        store.grow_old()
    heard = Heard(store)
    store.see_port(reading(), 110.0)
    assert heard.take() == [PORT]
    assert store.port_quality(store.ports[4]) is Quality.LIVE


def test_a_look_that_took_too_long_is_stale_when_it_arrives(store: Store, clock: Clock) -> None:
    clock.now = 105.0
    store.see_port(reading(), 100.0)
    assert store.port_quality(store.ports[4]) is Quality.STALE


def test_a_port_told_live_is_told_stale_even_when_a_slow_look_arrives_first(
    store: Store, clock: Clock
) -> None:
    store.see_port(reading(), 100.0)
    heard = Heard(store)
    clock.now = 110.0
    store.see_port(reading(), 105.0)
    assert heard.take() == [PORT]
    store.grow_old()
    assert heard.take() == []


def test_a_failed_look_leaves_what_was_known(store: Store, clock: Clock) -> None:
    store.see_port(reading(), 100.0)
    heard = Heard(store)
    store.miss_port(4, "no\x1banswer")
    assert store.ports[4].failure == "no\\x1banswer"
    assert store.ports[4].seen_at == 100.0
    assert store.port_quality(store.ports[4]) is Quality.LIVE
    assert heard.take() == [PORT]
    clock.now = 103.1
    assert store.port_quality(store.ports[4]) is Quality.UNREACHABLE


def test_the_same_failure_again_is_not_told(store: Store) -> None:
    store.miss_port(4, "no answer")
    heard = Heard(store)
    store.miss_port(4, "no answer")
    store.grow_old()
    assert heard.take() == []
    store.miss_port(4, "another reason")
    assert heard.take() == [PORT]


def test_a_good_look_ends_the_failure(store: Store) -> None:
    store.see_port(reading(), 100.0)
    store.miss_port(4, "no answer")
    heard = Heard(store)
    store.see_port(reading(), 100.5)
    assert store.ports[4].failure is None
    assert heard.take() == [PORT]


def test_since_when_the_mode_is_what_it_is(store: Store) -> None:
    for at, mode in ((100.0, "OPEN"), (101.0, "OPEN"), (102.0, "CLOSED"), (103.0, "CLOSED")):
        store.see_port(reading(mode=mode, bin_id=int(at)), at)
    assert store.ports[4].mode_since == 102.0


def test_since_when_the_case_is_what_it_is(store: Store) -> None:
    looks = ((100.0, "EREQ", False), (101.0, "ERSO", False), (102.0, "ERSO", True), (103.0, "ERSO", True))
    for at, case, error in looks:
        store.see_port(reading(mode=f"M{at}", bin_id=7, case=case, error=error), at)
    assert store.ports[4].case_since == 102.0
    assert store.ports[4].mode_since == 103.0


@given(st.lists(st.tuples(st.floats(0, 1000), st.sampled_from(["OPEN", "CLOSED", "INSERT"])), max_size=20))
def test_whatever_the_order_of_arrival_the_newest_look_is_kept(looks: list[tuple[float, str]]) -> None:
    store = Store([4], clock=Clock(1000.0))
    for at, mode in looks:
        store.see_port(reading(mode=mode), at)
    newest = max((at for at, _ in looks), default=None)
    assert store.ports[4].seen_at == newest
    assert store.ports[4].mode == next((mode for at, mode in reversed(looks) if at == newest), None)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("see"), st.floats(0, 20)),
            st.tuples(st.just("miss"), st.just(0.0)),
            st.tuples(st.just("wait"), st.floats(0, 20)),
            st.tuples(st.just("distrust"), st.just(0.0)),
            st.tuples(st.just("grow old"), st.just(0.0)),
        ),
        max_size=20,
    )
)
def test_quality_is_never_better_than_the_newest_observation_allows(steps: list[tuple[str, float]]) -> None:
    clock = Clock()
    store = Store([4], clock=clock)
    newest, trusted_from = None, -1.0
    for step, number in steps:
        match step:
            case "see":
                at = clock.now - number
                store.see_port(reading(), at)
                newest = at if newest is None else max(newest, at)
            case "miss":
                store.miss_port(4, "no answer")
            case "wait":
                clock.now += number
            case "distrust":
                store.distrust()
                trusted_from = clock.now
            case "grow old":
                store.grow_old()
        fresh = newest is not None and newest > trusted_from and clock.now - newest <= 3.0
        assert (store.port_quality(store.ports[4]) is Quality.LIVE) == fresh
