"""The system mode, users, devices and rules: all kept and told by the same rules."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from console.autostore.replies import SystemStatus
from console.state.entities import Key, Kind
from console.state.phone_beliefs import RULE_LISTS_KEPT
from console.state.quality import Quality
from console.state.store import Store

from .small import Clock, Heard, device, rule, user


class Way(NamedTuple):
    """How one kind of belief comes into the store and out again."""

    key: Key
    see: Callable[[Store, Any, float], None]
    miss: Callable[[Store, str], None]
    belief: Callable[[Store], Any]
    content: Callable[[Any], Any]
    quality: Callable[[Store], Quality]
    first: Any
    second: Any
    limit: float


SYSTEM = Way(
    key=Key(Kind.SYSTEM),
    see=lambda store, value, at: store.see_system(value, at),
    miss=lambda store, reason: store.miss_system(reason),
    belief=lambda store: store.system,
    content=lambda belief: belief.status,
    quality=lambda store: store.system_quality(),
    first=SystemStatus(mode=20, stopcode=0),
    second=SystemStatus(mode=70, stopcode=3),
    limit=3.0,
)
USERS = Way(
    key=Key(Kind.USERS),
    see=lambda store, value, at: store.see_users(value, at),
    miss=lambda store, reason: store.miss_users(reason),
    belief=lambda store: store.users,
    content=lambda belief: belief.users,
    quality=lambda store: store.list_quality(store.users),
    first=(user(100),),
    second=(user(100), user(101)),
    limit=30.0,
)
DEVICES = Way(
    key=Key(Kind.DEVICES, 100),
    see=lambda store, value, at: store.see_devices(100, value, at),
    miss=lambda store, reason: store.miss_devices(100, reason),
    belief=lambda store: store.device_lists[100],
    content=lambda belief: belief.devices,
    quality=lambda store: store.list_quality(store.device_lists[100]),
    first=(device(2),),
    second=(),
    limit=30.0,
)
RULES = Way(
    key=Key(Kind.RULES, 2),
    see=lambda store, value, at: store.see_rules(2, value, at),
    miss=lambda store, reason: store.miss_rules(2, reason),
    belief=lambda store: store.rule_lists[2],
    content=lambda belief: belief.rules,
    quality=lambda store: store.list_quality(store.rule_lists[2]),
    first=(rule(1),),
    second=(rule(1), rule(2)),
    limit=30.0,
)

every_way = pytest.mark.parametrize("way", [SYSTEM, USERS, DEVICES, RULES], ids=lambda way: way.key.kind)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Store:
    return Store(clock=clock)


@every_way
def test_what_is_seen_is_kept_and_told(store: Store, way: Way) -> None:
    heard = Heard(store)
    way.see(store, way.first, 100.0)
    assert way.content(way.belief(store)) == way.first
    assert way.belief(store).seen_at == 100.0
    assert heard.take() == [way.key]


@every_way
def test_the_same_again_is_not_told_but_is_fresh(store: Store, clock: Clock, way: Way) -> None:
    way.see(store, way.first, 100.0)
    heard = Heard(store)
    clock.now = 101.0
    way.see(store, way.first, 101.0)
    assert way.belief(store).seen_at == 101.0
    assert heard.take() == []


@every_way
def test_a_change_is_told(store: Store, way: Way) -> None:
    way.see(store, way.first, 100.0)
    heard = Heard(store)
    way.see(store, way.second, 100.0)
    assert way.content(way.belief(store)) == way.second
    assert heard.take() == [way.key]


@every_way
def test_an_older_reply_is_ignored(store: Store, way: Way) -> None:
    way.see(store, way.second, 100.0)
    heard = Heard(store)
    way.see(store, way.first, 99.9)
    assert way.content(way.belief(store)) == way.second
    assert heard.take() == []


@every_way
def test_quality_by_age(store: Store, clock: Clock, way: Way) -> None:
    way.see(store, way.first, 100.0)
    for now, quality in ((100 + way.limit, Quality.LIVE), (100.1 + way.limit, Quality.STALE)):
        clock.now = now
        assert way.quality(store) is quality


@every_way
def test_growing_old_and_coming_back_are_told_once_each(store: Store, clock: Clock, way: Way) -> None:
    way.see(store, way.first, 100.0)
    heard = Heard(store)
    clock.now = 200.0
    store.grow_old()
    store.grow_old()
    assert heard.take() == [way.key]
    way.see(store, way.first, 200.0)
    assert heard.take() == [way.key]


@every_way
def test_a_failed_read_keeps_what_was_known(store: Store, clock: Clock, way: Way) -> None:
    way.see(store, way.first, 100.0)
    heard = Heard(store)
    way.miss(store, "no answer")
    way.miss(store, "no answer")
    assert way.content(way.belief(store)) == way.first
    assert way.belief(store).failure == "no answer"
    assert way.quality(store) is Quality.LIVE
    assert heard.take() == [way.key]
    clock.now = 200.0
    assert way.quality(store) is Quality.UNREACHABLE


@every_way
def test_a_failed_first_read_is_unreachable_not_empty(store: Store, way: Way) -> None:
    way.miss(store, "no answer")
    assert way.quality(store) is Quality.UNREACHABLE
    assert way.belief(store).seen_at is None


@every_way
def test_a_good_read_ends_the_failure(store: Store, way: Way) -> None:
    way.see(store, way.first, 100.0)
    way.miss(store, "no answer")
    heard = Heard(store)
    way.see(store, way.first, 100.0)
    assert way.belief(store).failure is None
    assert heard.take() == [way.key]


def test_users_have_lists_of_their_own(store: Store) -> None:
    store.see_devices(100, (device(2),), 100.0)
    store.see_devices(101, (device(3, 101),), 100.0)
    store.miss_devices(101, "refused")
    assert store.device_lists[100].devices == (device(2),)
    assert store.device_lists[100].failure is None


def test_rules_of_the_devices_looked_at_longest_ago_are_forgotten(store: Store) -> None:
    for device_id in range(1, RULE_LISTS_KEPT + 1):
        store.see_rules(device_id, (), 100.0)
    store.see_rules(1, (), 100.0)
    store.see_rules(RULE_LISTS_KEPT + 1, (), 100.0)
    assert len(store.rule_lists) == RULE_LISTS_KEPT
    assert 1 in store.rule_lists
    assert 2 not in store.rule_lists
