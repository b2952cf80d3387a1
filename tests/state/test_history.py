"""What was seen, change by change: bounded, cheap, and never out of order."""

import tracemalloc
from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.state.entities import Port
from console.state.history import KEPT, OTHER_WORD, History, Seen
from console.state.store import Store
from console.text import safe

from .small import Clock, reading

KILOBYTE = 1024


def port(mode: str | None = "OPEN", *, hatch: str | None = None, port_id: int = 4, **more: object) -> Port:
    seen = reading(port_id, mode, **more)  # type: ignore[arg-type]
    return Port(port_id=port_id, reading=seen, hatch=None if hatch is None else safe(hatch))


def test_all_that_can_change_is_kept() -> None:
    history = History([4])
    history.capture(Port(port_id=4), 99.0)
    history.capture(port(bin_id=4_000_000, bin_mode="OPEN", case="ERSO", error=True, hatch="FO"), 100.0)
    history.capture(port("CLOSED"), 101.5)
    assert history(4) == (
        Seen(99.0, None, None, None, None, False, None),
        Seen(100.0, "OPEN", 4_000_000, "OPEN", "ERSO", True, "FO"),
        Seen(101.5, "CLOSED", None, None, None, False, None),
    )


def test_the_same_again_is_not_kept() -> None:
    history = History([4])
    for at in (100.0, 101.0, 102.0):
        history.capture(port(bin_id=7, bin_mode="PORT"), at)
    assert [seen.at for seen in history(4)] == [100.0]


def test_ports_do_not_touch_each_other_and_unknown_ones_have_none() -> None:
    history = History([4, 9])
    history.capture(port(port_id=9), 100.0)
    assert history(4) == history(5) == ()
    assert len(history(9)) == 1


def test_the_oldest_gives_way() -> None:
    history = History([4])
    modes = cycle(["OPEN", "CLOSED"])
    for at in range(KEPT + 50):
        history.capture(port(next(modes)), float(at))
    assert [seen.at for seen in history(4)] == [float(at) for at in range(50, KEPT + 50)]


def test_a_look_that_comes_late_does_not_turn_the_order_around() -> None:
    history = History([4])
    history.capture(port("OPEN"), 100.0)
    history.capture(port("CLOSED"), 99.0)
    assert [seen.at for seen in history(4)] == [100.0, 100.0]


def test_words_without_end_are_not_kept_without_end() -> None:
    history = History([4])
    for number in range(10_000):
        history.capture(port(f"mode {number}"), float(number))
    assert history(4)[-1].mode == OTHER_WORD
    assert len(history(4)) == KEPT
    assert len(history._words) == len(history._numbers) < 256
    history.capture(port("mode 3"), 1e6)
    assert history(4)[-1].mode == "mode 3"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["OPEN", "CLOSED", None]),
            st.sampled_from([None, 1, 4_000_000]),
            st.sampled_from([None, "PORT", "OPEN"]),
            st.sampled_from([None, "EREQ", "NOOP"]),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_what_comes_out_is_what_went_in(
    steps: list[tuple[str | None, int | None, str | None, str | None, bool]],
) -> None:
    history, wanted = History([4]), []
    for at, (mode, bin_id, bin_mode, case, error) in enumerate(steps):
        one = port(mode, bin_id=bin_id, bin_mode=bin_mode, case=case, error=error)
        history.capture(one, float(at))
        seen = (mode, bin_id, bin_mode, case, error and case is not None)
        if not wanted or wanted[-1] != seen:
            wanted.append(seen)
    assert [tuple(seen[1:6]) for seen in history(4)] == wanted


def test_full_rings_are_a_few_kilobytes_each() -> None:
    ports = range(1, 101)
    tracemalloc.start()
    try:
        history = History(ports)
        before, _ = tracemalloc.get_traced_memory()
        modes = cycle(["OPEN", "CLOSED"])
        for at in range(KEPT + 10):
            one = port(next(modes))
            for port_id in ports:
                history.capture(replace(one, port_id=port_id), float(at))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / len(ports) < 3 * KILOBYTE


def test_the_store_keeps_what_every_kind_of_observation_changes() -> None:
    store = Store([4], clock=Clock())
    store.see_port(reading(bin_id=7, bin_mode="PORT"), 100.0)
    store.hear_bin(7, safe("OPEN"), 101.0)
    store.hear_case(4, 7, safe("EREQ"), 102.0)
    store.hear_hatch(4, 1, safe("O"), 103.0)
    store.miss_port(4, "no answer")
    store.see_port(reading(bin_id=7, bin_mode="CLOSED"), 104.0)
    kept = [(seen.at, seen.bin_mode, seen.case_state, seen.hatch) for seen in store.history(4)]
    assert kept == [
        (100.0, "PORT", None, None),
        (101.0, "OPEN", None, None),
        (102.0, "OPEN", "EREQ", None),
        (103.0, "OPEN", "EREQ", "O"),
        (104.0, "CLOSED", None, "O"),
    ]
