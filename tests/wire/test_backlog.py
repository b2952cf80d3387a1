"""The queue between the stream and whoever takes from it: bounded, and honest about what it left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from console.autostore.backlog import Backlog, Counts
from console.autostore.events import Alert, BinModeChanged, DownloadBegun, Event
from console.text import safe


def mode(bin_id: int, at: float) -> BinModeChanged:
    return BinModeChanged(at=at, bin_id=bin_id, bin_mode=safe("PORT"))


def all_of(backlog: Backlog) -> list[Event]:
    return [backlog.take() for _ in range(len(backlog))]


def filled(limit: int, events: list[Event]) -> Backlog:
    backlog = Backlog(limit, kept=(DownloadBegun,))
    for event in events:
        backlog.put(event)
    return backlog


def test_while_there_is_room_everything_stays_in_order() -> None:
    events: list[Event] = [mode(1, 1.0), mode(2, 2.0), mode(1, 3.0), mode(1, 4.0)]
    backlog = filled(4, events)
    assert all_of(backlog) == events
    assert backlog.counts == Counts()


def test_when_full_what_is_out_of_date_gives_way() -> None:
    backlog = filled(3, [mode(1, 1.0), mode(2, 2.0), mode(3, 3.0), mode(1, 4.0), mode(2, 5.0)])
    assert all_of(backlog) == [mode(3, 3.0), mode(1, 4.0), mode(2, 5.0)]
    assert backlog.counts == Counts(outdated=2)


def test_when_full_of_other_things_the_oldest_is_lost() -> None:
    backlog = filled(2, [mode(1, 1.0), mode(2, 2.0), mode(3, 3.0)])
    assert all_of(backlog) == [mode(2, 2.0), mode(3, 3.0)]
    assert backlog.counts == Counts(lost=1)


def test_an_oldest_that_is_out_of_date_is_no_loss() -> None:
    backlog = filled(2, [mode(1, 1.0), mode(1, 2.0), mode(3, 3.0)])
    assert all_of(backlog) == [mode(1, 2.0), mode(3, 3.0)]
    assert backlog.counts == Counts(outdated=1)


def test_what_was_taken_is_not_out_of_date_any_more() -> None:
    backlog = filled(2, [mode(1, 1.0), mode(2, 2.0)])
    assert backlog.take() == mode(1, 1.0)
    backlog.put(mode(3, 3.0))
    backlog.put(mode(1, 4.0))
    assert backlog.counts == Counts(lost=1)
    assert all_of(backlog) == [mode(3, 3.0), mode(1, 4.0)]


def test_the_latest_of_what_is_kept_stays() -> None:
    backlog = filled(3, [DownloadBegun(at=0.0), *(mode(number, float(number)) for number in range(1, 9))])
    assert all_of(backlog) == [DownloadBegun(at=0.0), mode(7, 7.0), mode(8, 8.0)]
    backlog = filled(
        3, [*(DownloadBegun(at=float(number)) for number in range(9)), mode(1, 9.0), mode(2, 9.5)]
    )
    assert all_of(backlog) == [DownloadBegun(at=8.0), mode(1, 9.0), mode(2, 9.5)]
    assert backlog.counts == Counts(outdated=8)


def test_nothing_waits() -> None:
    with pytest.raises(KeyError):
        Backlog(5).take()


EVENTS = st.lists(
    st.builds(mode, st.integers(1, 30), st.just(0.0))
    | st.builds(Alert, at=st.just(0.0), alert_code=st.sampled_from(["NOC", "BCK"]).map(safe))
    | st.builds(DownloadBegun, at=st.just(0.0))
    | st.none(),
    max_size=200,
)
"""What is put; None takes one."""


@given(EVENTS)
def test_nothing_vanishes_uncounted_and_the_latest_is_always_right(events: list[Event | None]) -> None:
    limit = 16
    backlog = Backlog(limit, kept=(DownloadBegun,))
    taken: list[Event] = []
    put: list[Event] = []
    for number, event in enumerate(events):
        if event is not None:
            put.append(structs.replace(event, at=float(number)))
            backlog.put(put[-1])
        elif len(backlog):
            taken.append(backlog.take())
        assert len(backlog) <= limit
    taken += all_of(backlog)
    outdated, lost = backlog.counts
    assert len(taken) + outdated + lost == len(put)
    assert [event.at for event in taken] == sorted(event.at for event in taken)
    latest = {event.subject: event for event in put}
    missing = [one for one in latest.values() if one not in taken]
    assert len(missing) <= lost
    assert not any(isinstance(one, DownloadBegun) for one in missing)
