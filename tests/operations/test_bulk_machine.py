"""The state machine of a run: waves, one stop rule, pauses, and classes that always add up."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from console.operations.bulk import machine
from console.operations.bulk.classes import OPEN, Class
from console.operations.bulk.machine import Begun, Continued, Deferred, Moved, Paused, Rules, State, Stopped
from console.operations.bulk.plan import Plan
from console.operations.bulk.progress import RunState
from console.operations.bulk.tally import begun, moved, rate
from console.operations.bulk.wishes import Wish, run_out_and_close, same_for_all
from console.state.entities import RuleList

from .planned import plan, port

ENDINGS = (Class.REFUSED, Class.NOT_SENT, Class.SKIPPED, Class.NOT_STARTED)
SETTLED = {
    Class.ACCEPTED: (Class.CONFIRMED, Class.NOT_REACHED),
    Class.UNKNOWN: (Class.APPLIED, Class.NOT_APPLIED, Class.OTHER_STATE, Class.STILL_UNKNOWN),
}


def ports(count: int) -> Plan:
    numbers = range(1, count + 1)
    return plan(same_for_all("port.open", numbers), *map(port, numbers))


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (1, [1]),
        (2, [1, 1]),
        (6, [1, 5]),
        (7, [1, 5, 1]),
        (60, [1, 5, 6, 48]),
        (100, [1, 5, 10, 84]),
        (2000, [1, 5, 200, 1794]),
    ],
)
def test_waves(count: int, sizes: list[int]) -> None:
    state = machine.initial(ports(count), Rules())
    assert [len(wave) for wave in state.waves] == sizes
    assert [number for wave in state.waves for number in wave] == list(range(1, count + 1))


def test_each_step_has_waves_of_its_own() -> None:
    numbers = range(1, 11)
    made = plan(run_out_and_close(numbers), *(port(number, "OPEN") for number in numbers))
    state = machine.initial(made, Rules())
    assert [len(wave) for wave in state.waves] == [1, 5, 1, 3] * 2
    assert machine.steps_before(made) == {number + 10: (number,) for number in numbers}


@pytest.mark.parametrize(
    ("targets", "most"),
    [(1, 3), (20, 3), (60, 3), (61, 4), (100, 5), (399, 20), (400, 20), (2000, 20)],
)
def test_when_a_run_stops(targets: int, most: int) -> None:
    assert Rules().stop_at(targets) == most


def carried(state: State, *classes: Class) -> State:
    """The state after the next targets came to these classes, one after the other."""
    for number, cls in enumerate(classes, start=1):
        state = machine.step(machine.step(state, Begun(number, 0.0)), Moved(number, cls, 0.0))
    return state


@pytest.mark.parametrize(
    ("classes", "stopped"),
    [
        ([Class.REFUSED] * 2, False),
        ([Class.REFUSED] * 3, True),
        ([Class.REFUSED, Class.UNKNOWN, Class.REFUSED], True),
        ([Class.UNKNOWN, Class.UNKNOWN], True),
        ([Class.UNKNOWN, Class.REFUSED], False),
        ([Class.NOT_SENT, Class.NOT_SENT], True),
        ([Class.UNKNOWN, Class.NOT_SENT], True),
        ([Class.NOT_SENT, Class.SKIPPED, Class.NOT_SENT], True),
        ([Class.NOT_SENT, Class.CONFIRMED, Class.NOT_SENT], False),
        ([Class.SKIPPED] * 4, False),
        ([Class.UNVERIFIED] * 4, False),
    ],
)
def test_one_rule_for_the_whole_run(classes: list[Class], stopped: bool) -> None:
    first = machine.initial(ports(30), Rules(pause_after_first=False))
    state = carried(first, *classes)
    assert (state.mode in (RunState.STOPPING, RunState.ENDED)) is stopped
    if stopped:
        assert machine.following(state, 0.0) == machine.Next()


def test_after_the_first_target_a_person_is_waited_for() -> None:
    state = machine.initial(ports(10), Rules())
    state = carried(state, Class.CONFIRMED)
    assert (state.mode, state.reason) == (RunState.PAUSED, machine.FIRST_DONE)
    assert machine.following(state, 0.0).numbers == ()
    state = machine.step(state, Continued())
    assert machine.following(state, 0.0).numbers == (2, 3, 4, 5)


def test_the_next_wave_waits_until_all_before_it_is_settled() -> None:
    state = machine.initial(ports(10), Rules(pause_after_first=False))
    state = machine.step(machine.step(state, Begun(1, 0.0)), Moved(1, Class.ACCEPTED, 0.0))
    assert machine.following(state, 0.0).numbers == ()
    assert machine.following(machine.step(state, Moved(1, Class.CONFIRMED, 0.0)), 0.0).numbers == (2, 3, 4, 5)


def test_the_rate_is_kept() -> None:
    state = machine.initial(ports(1), Rules(per_second=4.0))
    assert machine.following(state, 10.0).numbers == (1,)
    state = machine.step(state, Begun(1, 10.0))
    assert machine.following(state, 10.1) == machine.Next(at=10.25)


def test_the_same_target_is_not_commanded_twice_at_a_time() -> None:
    values = [{"name": name, "cut": "1", "add": "2"} for name in "abc"]
    made = plan([Wish("rule.add", 7, one) for one in values], RuleList(device_id=7))
    state = machine.initial(made, Rules(pause_after_first=False))
    state = carried(state, Class.CONFIRMED)
    assert machine.following(state, 0.0).numbers == (2,)
    state = machine.step(machine.step(state, Begun(2, 0.0)), Moved(2, Class.ACCEPTED, 0.0))
    assert machine.following(state, 0.0).numbers == ()


def test_the_rate_comes_from_the_last_few() -> None:
    tally = begun(ports(40))
    assert rate(tally, 5.0) is None
    for number in range(1, 31):
        done = machine.Item(number=number, cls=Class.CONFIRMED, at=float(number))
        tally = moved(tally, done)
    assert rate(tally, 30.0) == 1.0
    progress = machine.told(
        tally, ports(40), "r1", mode=RunState.RUNNING, reason="", wave=4, waves=4, started=0.0, now=30.0
    )
    assert (progress.done, progress.eta, progress.elapsed) == (30, 10.0, 30.0)


class Runs(RuleBasedStateMachine):
    """Anything may happen to the targets that are under way, in any order."""

    @initialize(
        count=st.integers(1, 40), fan_out=st.integers(1, 16), pause=st.booleans(), stops=st.integers(1, 50)
    )
    def begin(self, count: int, fan_out: int, pause: bool, stops: int) -> None:
        self.fan_out = fan_out
        self.count = count
        rules = Rules(fan_out=fan_out, pause_after_first=pause, stop_failures=stops, stop_lost=stops)
        self.state = machine.initial(ports(count), rules)
        self.sent: Counter[int] = Counter()
        self.now = 0.0

    def happens(self, event: Any) -> None:
        self.now += 1.0
        before = self.state
        self.state = machine.step(self.state, event)
        if before.mode in (RunState.STOPPING, RunState.ENDED):
            assert self.state.mode in (RunState.STOPPING, RunState.ENDED)

    @rule()
    def take_up(self) -> None:
        for number in machine.following(self.state, self.now).numbers:
            self.sent[number] += 1
            self.happens(Begun(number, self.now))

    @precondition(lambda self: self.state.flying)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.state.flying)))
        cls = data.draw(st.sampled_from((*ENDINGS, *SETTLED)))
        self.happens(Moved(number, cls, self.now))

    @precondition(lambda self: self.state.flying)
    @rule(data=st.data())
    def defer(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.state.flying)))
        self.sent[number] -= 1
        self.happens(Deferred(number, self.now + 2))

    @precondition(lambda self: self.state.settling)
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.state.settling)))
        ways = SETTLED[self.state.tally.item(number).cls]
        self.happens(Moved(number, data.draw(st.sampled_from(ways)), self.now))

    @rule(event=st.sampled_from([Paused(), Continued(), Continued(), Stopped("aborted")]))
    def ask(self, event: Any) -> None:
        self.happens(event)

    @invariant()
    def the_classes_add_up(self) -> None:
        tally = self.state.tally
        assert Counter(item.cls for item in tally.items) == Counter(tally.counts)
        assert sum(tally.counts.values()) == self.count

    @invariant()
    def what_is_under_way_is_known(self) -> None:
        under_way = self.state.flying | self.state.settling
        assert {item.number for item in self.state.tally.items if item.cls in OPEN} == under_way
        assert len(self.state.flying) <= self.fan_out

    @invariant()
    def each_is_sent_once(self) -> None:
        assert all(count <= 1 for count in self.sent.values())

    @invariant()
    def it_ends_only_when_nothing_is_under_way(self) -> None:
        if self.state.mode is RunState.ENDED:
            assert self.state.idle
            assert machine.following(self.state, self.now).numbers == ()

    def teardown(self) -> None:
        """Let what is left come to its end: every run gets there."""
        if not hasattr(self, "state"):
            return
        for _ in range(10 * self.count + 20):
            self.happens(Continued())
            self.now += 5
            self.take_up()
            for number in sorted(self.state.flying):
                self.happens(Moved(number, Class.ACCEPTED, self.now))
            for number in sorted(self.state.settling):
                ways = SETTLED[self.state.tally.item(number).cls]
                self.happens(Moved(number, ways[0], self.now))
        assert self.state.mode is RunState.ENDED
        assert not self.state.tally.count(*OPEN)


TestRuns = Runs.TestCase
TestRuns.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(list(Class))), max_size=60))
def test_a_tally_adds_up_whatever_moves(moves: list[tuple[int, Class]]) -> None:
    tally = begun(ports(9))
    for at, (number, cls) in enumerate(moves):
        tally = moved(tally, machine.Item(number=number, cls=cls, at=float(at)))
        assert Counter(item.cls for item in tally.items) == Counter(tally.counts)
        assert all(tally.counts.values())
