"""The life of an alarm, in tables and as a property: nothing is lost, nothing hides unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.state.alarm_book import FLOOD_ALARMS, FLOOD_SECONDS, AlarmBook, Listed, calling, hidden
from console.state.alarm_life import CHATTER_SECONDS, KEPT, STANDING_LONG, Shelf, Standing
from console.state.alarms import Alarm, Priority, Sort
from console.state.entities import Key, Kind
from console.text import safe

from .small import Clock

SOON = Sort("case error at port", Priority.MEDIUM, "Look.")
DELAYED = Sort("late at port", Priority.HIGH, "Look.", delay=5.0)


def alarm(port: int = 4, sort: Sort = SOON, *, suppressed: bool = False) -> Alarm:
    return Alarm(Key(Kind.PORT, port), f"port {port}", None, sort, suppressed)


class Watched(AlarmBook):
    """A book whose two clocks go together."""

    def __init__(self) -> None:
        self.clock = Clock(1000.0)
        super().__init__(self.clock, lambda: self.clock.now + 10**9)

    def after(self, seconds: float, *raised: Alarm) -> list[tuple[str, Standing]]:
        """See these alarms some seconds later."""
        self.clock.now += seconds
        self.see(raised)
        return [(one.name.split()[-1], one.standing) for one in self.listed]

    def put_away(self, name: str, seconds: float | None) -> None:
        until = None if seconds is None else self.clock.now + 10**9 + seconds
        self.shelve({name: Shelf(safe("known"), safe("tess"), until)})

    @property
    def only(self) -> Listed:
        (one,) = self.listed
        return one


@pytest.fixture
def book() -> Watched:
    return Watched()


NAME = alarm().name


def test_it_stands_until_it_is_acknowledged_and_over(book: Watched) -> None:
    assert book.after(1, alarm()) == [("4", Standing.NEW)]
    book.acknowledge([NAME])
    assert book.after(1, alarm()) == [("4", Standing.ACKNOWLEDGED)]
    assert book.after(1) == []


def test_over_before_anybody_knew_it_stays_to_be_told(book: Watched) -> None:
    book.after(1, alarm())
    assert book.after(1) == [("4", Standing.CLEARED)]
    assert calling(book.listed) == []
    book.acknowledge([NAME])
    assert book.listed == []


def test_nobody_is_told_of_it_for_ever(book: Watched) -> None:
    book.after(1, alarm())
    assert book.after(1) == [("4", Standing.CLEARED)]
    assert book.after(KEPT - 1) == [("4", Standing.CLEARED)]
    assert book.after(1) == []


def test_one_that_comes_and_goes_is_one_with_a_counter(book: Watched) -> None:
    for _ in range(3):
        book.after(10, alarm())
        book.after(10)
    book.after(1, alarm())
    episode = book.only.episode
    assert episode is not None
    assert (episode.times, episode.chatters) == (4, True)
    book.after(CHATTER_SECONDS)
    book.after(CHATTER_SECONDS, alarm())
    assert book.only.episode is not None
    assert not book.only.episode.chatters


def test_known_and_soon_back_it_is_still_known_but_not_after_a_while(book: Watched) -> None:
    book.after(1, alarm())
    book.acknowledge([NAME])
    book.after(1)
    assert book.after(CHATTER_SECONDS - 1, alarm()) == [("4", Standing.ACKNOWLEDGED)]
    book.after(1)
    book.after(CHATTER_SECONDS)
    assert book.after(1, alarm()) == [("4", Standing.NEW)]


def test_one_that_has_to_stand_for_a_while_first(book: Watched) -> None:
    late = alarm(sort=DELAYED)
    assert book.after(1, late) == []
    assert book.after(4.9, late) == []
    assert book.after(0.1, late) == [("4", Standing.NEW)]
    book.acknowledge([late.name])
    assert book.after(1) == []
    book.after(CHATTER_SECONDS)
    assert book.after(1, late) == []
    assert book.after(1) == [], "it was gone before it counted"


def test_the_highest_priority_stays_until_somebody_knows(book: Watched) -> None:
    grave = alarm(sort=replace(SOON, priority=Priority.HIGH))
    book.after(1, grave)
    book.after(1, alarm())
    assert book.only.episode is not None and book.only.episode.priority is Priority.HIGH
    book.acknowledge([NAME])
    book.after(1, alarm())
    assert book.only.episode is not None and book.only.episode.priority is Priority.MEDIUM


def test_what_another_explains_waits(book: Watched) -> None:
    assert book.after(1, alarm(suppressed=True)) == [("4", Standing.SUPPRESSED)]
    assert hidden(book.listed) == 1
    assert book.after(1, alarm()) == [("4", Standing.NEW)]


def test_shelved_it_calls_nobody_until_then(book: Watched) -> None:
    book.after(1, alarm())
    book.put_away(NAME, 60)
    assert book.after(59, alarm()) == [("4", Standing.SHELVED)]
    assert (calling(book.listed), hidden(book.listed)) == ([], 1)
    assert book.after(1, alarm()) == [("4", Standing.NEW)]


def test_out_of_service_there_is_no_end_and_it_shows_though_it_does_not_stand(book: Watched) -> None:
    book.put_away(NAME, None)
    assert book.after(10**6) == [("4", Standing.OUT_OF_SERVICE)]
    assert book.only.episode is None
    book.shelve({})
    assert book.listed == []


def test_the_most_urgent_first_and_what_is_known_after_what_is_new(book: Watched) -> None:
    grave = replace(SOON, priority=Priority.HIGH)
    book.after(1, alarm(1), alarm(2))
    book.acknowledge([alarm(1).name])
    assert [name for name, _ in book.after(1, alarm(1), alarm(2), alarm(3, grave), alarm(4))] == [
        *("3", "4", "2", "1"),
    ]


def test_a_flood_is_noticed_and_passes(book: Watched) -> None:
    book.after(1, *map(alarm, range(1, FLOOD_ALARMS + 2)))
    assert book.flood == FLOOD_ALARMS + 1
    book.after(FLOOD_SECONDS, alarm(1))
    assert book.flood == 0


def test_those_that_nobody_mends_are_counted(book: Watched) -> None:
    book.after(1, alarm(1), alarm(2))
    book.after(STANDING_LONG + 1, alarm(1))
    assert book.standing_long == 1


STEP = st.tuples(
    st.floats(0, 2 * CHATTER_SECONDS), st.sets(st.integers(1, 3)), st.sets(st.integers(1, 3)), st.booleans()
)


@given(st.lists(STEP, max_size=30))
def test_none_that_stands_is_missing_and_none_is_forgotten_unknown(
    steps: list[tuple[float, set[int], set[int], bool]],
) -> None:
    book = Watched()
    unknown: set[str] = set()
    for seconds, raised, known, shelves in steps:
        book.after(seconds, *map(alarm, raised))
        book.shelve({NAME: Shelf(safe("r"), safe("t"), None)} if shelves else {})
        names, acknowledged = ({alarm(port).name for port in ports} for ports in (raised, known))
        book.acknowledge(acknowledged)
        listed = {one.name: one.standing for one in book.listed}
        new = {name for name, where in listed.items() if where is Standing.NEW}
        unknown = (unknown | new) - acknowledged
        assert names | unknown <= listed.keys()
        in_sight = names - ({NAME} if shelves else set())
        assert {one.name for one in calling(book.listed)} == in_sight
