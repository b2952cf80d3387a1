"""Ages: what becomes stale by itself, and everything at once after a sleep."""

from console.autostore.replies import SystemStatus
from console.state.clock import awake_and_asleep
from console.state.entities import Key, Kind, SourceName
from console.state.quality import Quality
from console.state.store import Store

from .small import Clock, Heard, device, reading, rule, user


def full_store(clock: Clock) -> Store:
    """A store that has just seen one of everything."""
    store = Store([4, 9], clock=clock)
    store.expect(SourceName.AUTOSTORE)
    store.see_port(reading(4), clock.now)
    store.see_system(SystemStatus(mode=20, stopcode=0), clock.now)
    store.see_users((user(100),), clock.now)
    store.see_devices(100, (device(2),), clock.now)
    store.see_rules(2, (rule(1),), clock.now)
    return store


def qualities(store: Store) -> set[Quality]:
    lists = (store.users, store.device_lists[100], store.rule_lists[2])
    return {
        store.port_quality(store.ports[4]),
        store.system_quality(),
        *(store.list_quality(one) for one in lists),
    }


EVERYTHING = sorted(
    [
        Key(Kind.PORT, 4),
        Key(Kind.SYSTEM),
        Key(Kind.USERS),
        Key(Kind.DEVICES, 100),
        Key(Kind.RULES, 2),
    ]
)


def test_growing_old_is_told_once_and_only_of_what_has_changed() -> None:
    clock = Clock()
    store = full_store(clock)
    heard = Heard(store)
    for now, keys in (
        (102.0, []),
        (103.1, [Key(Kind.PORT, 4), Key(Kind.SYSTEM)]),
        (104.0, []),
        (131.0, [key for key in EVERYTHING if key.kind not in (Kind.PORT, Kind.SYSTEM)]),
        (132.0, []),
    ):
        clock.now = now
        store.grow_old()
        assert heard.take() == keys


def test_after_a_sleep_everything_is_stale_at_once() -> None:
    store = full_store(Clock())
    assert qualities(store) == {Quality.LIVE}
    heard = Heard(store)
    store.distrust()
    assert qualities(store) == {Quality.STALE}
    assert heard.take() == sorted([*EVERYTHING, Key(Kind.SOURCE, SourceName.AUTOSTORE)])


def test_after_a_sleep_what_was_failing_is_unreachable() -> None:
    store = full_store(Clock())
    store.miss_port(4, "no answer")
    assert store.port_quality(store.ports[4]) is Quality.LIVE
    store.distrust()
    assert store.port_quality(store.ports[4]) is Quality.UNREACHABLE
    assert store.port_quality(store.ports[9]) is Quality.NEVER


def test_a_look_begun_before_the_sleep_is_not_trusted_when_it_arrives_after() -> None:
    clock = Clock()
    store = full_store(clock)
    clock.now = 101.0
    store.distrust()
    store.see_port(reading(4, "CLOSED"), 100.9)
    assert store.ports[4].mode == "CLOSED"
    assert store.port_quality(store.ports[4]) is Quality.STALE
    store.see_port(reading(4, "CLOSED"), 101.1)
    assert store.port_quality(store.ports[4]) is Quality.LIVE


def test_the_clock_never_goes_back() -> None:
    times = [awake_and_asleep() for _ in range(1000)]
    assert times == sorted(times)
    assert times[0] > 0
