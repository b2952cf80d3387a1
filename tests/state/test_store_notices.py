"""Changes are gathered: one notice a frame, with the keys and nothing else."""

from collections.abc import Callable

from console.state.entities import Key, Kind, SourceName
from console.state.store import Store

from .small import Clock, Heard, reading


class Frames:
    """Holds back what is to run at the next frame."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, tell: Callable[[], None]) -> None:
        self.waiting.append(tell)

    def pass_by(self) -> None:
        waiting, self.waiting = self.waiting, []
        for tell in waiting:
            tell()


def test_many_changes_are_one_notice_with_each_key_once() -> None:
    frames = Frames()
    store = Store(range(1, 2001), clock=Clock(), schedule=frames)
    heard = Heard(store)
    for mode in ("OPEN", "CLOSED"):
        for port_id in store.ports:
            store.see_port(reading(port_id, mode), 100.0)
    assert len(frames.waiting) == 1
    assert heard.notices == []
    frames.pass_by()
    assert heard.notices == [frozenset(Key(Kind.PORT, port_id) for port_id in range(1, 2001))]


def test_the_next_change_has_the_next_frame() -> None:
    frames = Frames()
    store = Store([4], clock=Clock(), schedule=frames)
    heard = Heard(store)
    store.expect(SourceName.MOR)
    frames.pass_by()
    store.see_port(reading(), 100.0)
    frames.pass_by()
    assert heard.notices == [{Key(Kind.SOURCE, SourceName.MOR)}, {Key(Kind.PORT, 4)}]


def test_a_frame_without_changes_is_silent() -> None:
    store = Store(clock=Clock())
    heard = Heard(store)
    store.flush()
    assert heard.notices == []


def test_a_change_made_by_a_listener_has_a_frame_of_its_own() -> None:
    frames = Frames()
    store = Store([4], clock=Clock(), schedule=frames)
    heard = Heard(store)
    store.listen(lambda keys: store.expect(SourceName.AUTOSTORE))
    store.see_port(reading(), 100.0)
    frames.pass_by()
    assert heard.notices == [{Key(Kind.PORT, 4)}]
    frames.pass_by()
    assert heard.notices[1:] == [{Key(Kind.SOURCE, SourceName.AUTOSTORE)}]


def test_without_frames_every_change_is_told_at_once() -> None:
    store = Store([4, 9], clock=Clock())
    heard = Heard(store)
    store.see_port(reading(4), 100.0)
    store.see_port(reading(9), 100.0)
    assert heard.notices == [{Key(Kind.PORT, 4)}, {Key(Kind.PORT, 9)}]


def test_a_listener_can_leave_even_twice_and_while_it_is_told() -> None:
    store = Store([4], clock=Clock())
    others = Heard(store)
    leaving = Heard(store)
    leaver = store.listen(lambda keys: leaving.stop())
    last = Heard(store)
    store.see_port(reading(mode="OPEN"), 100.0)
    leaver()
    leaver()
    store.see_port(reading(mode="CLOSED"), 100.0)
    assert [len(one.notices) for one in (others, leaving, last)] == [2, 1, 2]
