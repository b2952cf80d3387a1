"""Which values are marked as changed, and for how long."""

from hypothesis import given
from hypothesis import strategies as st

from console.autostore.replies import PortReading
from console.interface.changes import MARKED_SECONDS, Changes
from console.state.entities import Port

from .world import case_in_error, closed, port, with_bin

LOOKS = (closed(1), port(1), with_bin(1), with_bin(1, 4799), case_in_error(1))


def seen(reading: PortReading) -> Port:
    return Port(port_id=reading.status.port_id, reading=reading, seen_at=0.0)


def changes(*looks: PortReading) -> Changes:
    """Return what is known after looks a second apart, the first at 0."""
    known = Changes()
    for second, look in enumerate(looks):
        known.note(seen(look), float(second))
    return known


def test_the_first_look_changes_nothing() -> None:
    known = changes(with_bin(1))
    known.note(Port(port_id=2), 1.0)
    known.note(seen(with_bin(2)), 2.0)
    assert known.marked(1, 2.0) == known.marked(2, 2.0) == known.marked(3, 2.0) == frozenset()


def test_each_value_is_marked_by_itself() -> None:
    known = changes(closed(1), port(1), with_bin(1), case_in_error(1))
    assert known.marked(1, 3.0) == {"mode", "bin", "at", "case"}
    assert known.marked(1, 1.0 + MARKED_SECONDS) == {"bin", "at", "case"}
    assert known.marked(1, 2.0 + MARKED_SECONDS) == {"case"}


def test_a_look_at_the_same_marks_nothing_again() -> None:
    known = changes(closed(1), port(1), port(1), port(1))
    assert known.marked(1, 0.9 + MARKED_SECONDS) == {"mode"}
    assert known.marked(1, 1.0 + MARKED_SECONDS) == frozenset()


def test_a_failed_look_marks_nothing() -> None:
    known = changes(closed(1))
    known.note(Port(port_id=1), 1.0)
    known.note(seen(closed(1)), 2.0)
    assert known.marked(1, 2.0) == frozenset()


@given(st.lists(st.sampled_from(LOOKS), max_size=8), st.floats(0, 20))
def test_what_is_forgotten_is_what_is_marked_no_more(looks: list[PortReading], later: float) -> None:
    known = changes(*looks)
    now = len(looks) + later
    before = known.marked(1, float(len(looks)))
    ended = known.forget(now)
    after = known.marked(1, now)
    assert after <= before
    assert ended <= {1}
    if after < before:
        assert ended == {1}
    assert known.forget(now) == set()
    assert known.forget(now + MARKED_SECONDS) == ({1} if after else set())
