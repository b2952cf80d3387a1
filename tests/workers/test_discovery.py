"""The survey of a controller's ports: how politely it asks, what it makes of answers, when it gives up."""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.autostore.replies import PortStatus
from console.outcome import NotSent, Refused, Unknown
from console.text import safe
from console.workers.discovery import IN_FLIGHT, Answer, Probe, Survey, asking, carry_out

from .small import run

LOST = Probe(0, Answer.NONE, reason=safe("no answer came"))


def answered(port_id: int, answer: Answer = Answer.NO_PORT) -> Probe:
    return Probe(port_id, answer, reason=LOST.reason if answer is Answer.NONE else None)


class Controller:
    """Has ports `1` to `last`, and takes its time; notes when it was asked what."""

    def __init__(self, last: int = 10, takes: float = 0.01) -> None:
        self.last = last
        self.takes = takes
        self.deaf_to: Callable[[int], bool] = lambda _: False
        self.asked: list[tuple[float, int]] = []
        self.under_way = 0
        self.most_at_once = 0

    async def __call__(self, port_id: int) -> Probe:
        self.asked.append((asyncio.get_running_loop().time(), port_id))
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        await asyncio.sleep(self.takes)
        self.under_way -= 1
        if self.deaf_to(port_id):
            return answered(port_id, Answer.NONE)
        return answered(port_id, Answer.PORT if port_id <= self.last else Answer.NO_PORT)


def surveyed(controller: Controller, *port_ids: int, rate: float = 20.0) -> Survey:
    """Survey in virtual time."""
    survey = Survey(port_ids, rate=rate)

    async def work() -> None:
        await carry_out(survey, controller, clock=asyncio.get_running_loop().time, tell=lambda: None)

    run(work())
    return survey


def ids(probes: list[Probe]) -> list[int]:
    return [probe.port_id for probe in probes]


def test_each_id_is_asked_once_and_the_kinds_are_told_apart() -> None:
    controller = Controller(last=10)
    survey = surveyed(controller, *range(1, 31))
    assert sorted(port_id for _, port_id in controller.asked) == [*range(1, 31)]
    assert ids(survey.that(Answer.PORT)) == [*range(1, 11)]
    assert ids(survey.that(Answer.NO_PORT)) == [*range(11, 31)]
    assert survey.stopped is None
    assert survey.go_on_from is None


@pytest.mark.parametrize("rate", [1.0, 20.0, 40.0])
@pytest.mark.parametrize("takes", [0.0, 0.01, 0.5])
def test_no_two_calls_are_closer_than_the_rate_allows(rate: float, takes: float) -> None:
    controller = Controller(takes=takes)
    surveyed(controller, *range(1, 61), rate=rate)
    times = [at for at, _ in controller.asked]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= 1.0 / rate - 1e-6
    assert controller.most_at_once <= IN_FLIGHT
    if takes * rate < IN_FLIGHT:
        assert times[-1] - times[0] == pytest.approx(59 / rate, rel=0.05)


def test_a_slow_controller_is_never_asked_more_at_once() -> None:
    controller = Controller(takes=10.0)
    surveyed(controller, *range(1, 21))
    assert controller.most_at_once == IN_FLIGHT


def test_time_that_was_lost_is_not_caught_up_with() -> None:
    survey = Survey(range(1, 10), rate=10.0)
    assert survey.take(0.0) == 1
    assert survey.wait(5.0) == 0.0
    assert survey.take(5.0) == 2
    assert survey.wait(5.0) == pytest.approx(0.1)


def test_three_in_a_row_without_an_answer_end_it() -> None:
    controller = Controller(last=100)
    controller.deaf_to = lambda port_id: port_id >= 12
    survey = surveyed(controller, *range(1, 101))
    assert survey.stopped == "no answer came"
    assert ids(survey.that(Answer.PORT)) == [*range(1, 12)]
    assert survey.go_on_from == 12
    assert len(controller.asked) <= 14 + IN_FLIGHT


def test_going_on_begins_where_answers_ended_whatever_came_first() -> None:
    survey = Survey(range(1, 10), rate=20.0)
    for port_id in range(1, 6):
        assert survey.take(float(port_id)) == port_id
    for port_id, answer in [(3, Answer.NONE), (2, Answer.PORT), (1, Answer.PORT), (4, Answer.NONE)]:
        survey.settle(answered(port_id, answer))
    assert (survey.stopped, survey.go_on_from) == (None, None)
    for port_id in (5, survey.take(9.0)):
        survey.settle(answered(port_id, Answer.NONE))
    assert survey.stopped == "no answer came"
    assert survey.go_on_from == 3


def test_a_single_port_that_does_not_answer_ends_nothing() -> None:
    controller = Controller(last=100)
    controller.deaf_to = lambda port_id: port_id % 3 == 0
    survey = surveyed(controller, *range(1, 31))
    assert survey.stopped is None
    assert ids(survey.that(Answer.NONE)) == [*range(3, 31, 3)]


def test_an_interruption_lets_what_is_under_way_end() -> None:
    controller = Controller(last=100, takes=0.2)
    survey = Survey(range(1, 101), rate=20.0)

    async def work() -> None:
        def tell() -> None:
            if len(survey.probes) == 5:
                survey.stop("it was interrupted")

        await carry_out(survey, controller, clock=asyncio.get_running_loop().time, tell=tell)

    run(work())
    assert survey.stopped == "it was interrupted"
    assert len(survey.probes) == len(controller.asked)
    assert controller.under_way == 0
    assert survey.go_on_from == len(controller.asked) + 1


def test_the_first_reason_to_stop_stays() -> None:
    survey = Survey([1, 2], rate=1.0)
    survey.stop("first\x1b")
    survey.stop("second")
    assert survey.stopped == "first\\x1b"


def test_what_has_got_to_its_end_cannot_be_stopped() -> None:
    survey = Survey([7], rate=1.0)
    survey.take(0.0)
    survey.stop("it was interrupted")
    survey.settle(answered(7, Answer.PORT))
    assert (survey.stopped, survey.go_on_from) == (None, None)


def test_a_fault_of_ours_ends_it_and_leaves_nothing_running() -> None:
    async def broken(port_id: int) -> Probe:
        await asyncio.sleep(0)
        raise ZeroDivisionError

    async def work() -> None:
        others = asyncio.all_tasks()
        survey = Survey(range(1, 101), rate=20.0)
        with pytest.raises(ExceptionGroup):
            await carry_out(survey, broken, clock=asyncio.get_running_loop().time, tell=lambda: None)
        assert asyncio.all_tasks() == others

    run(work())


ANSWERS = st.lists(st.sampled_from(Answer), min_size=1, max_size=60)


@given(ANSWERS, st.integers(1, IN_FLIGHT), st.randoms(use_true_random=False))
def test_whatever_comes_in_whatever_order_every_id_is_accounted_for(
    answers: list[Answer], at_once: int, rng: Any
) -> None:
    survey = Survey(range(1, len(answers) + 1), rate=20.0)
    under_way: list[int] = []
    now = 0.0
    while survey.wait(now) is not None or under_way:
        wait = survey.wait(now)
        if wait is not None and len(under_way) < at_once and (not under_way or rng.random() < 0.5):
            now += wait
            under_way.append(survey.take(now))
        else:
            port_id = under_way.pop(rng.randrange(len(under_way)))
            survey.settle(answered(port_id, answers[port_id - 1]))
    settled = ids(survey.probes)
    assert len(set(settled)) == len(settled)
    assert sum(len(survey.that(one)) for one in Answer) == len(settled)
    if survey.stopped is None:
        assert sorted(settled) == [*range(1, len(answers) + 1)]
        assert survey.go_on_from is None
    else:
        assert len(survey.that(Answer.NONE)) >= 3
        assert survey.go_on_from is not None
        assert {*range(1, survey.go_on_from)} <= {*settled}


class Client:
    """A client of which only one call is known."""

    def __init__(self, ending: PortStatus | Exception) -> None:
        self.ending = ending
        self.calls: list[int] = []

    async def port_status(self, port_id: int) -> PortStatus:
        self.calls.append(port_id)
        if isinstance(self.ending, Exception):
            raise self.ending
        return self.ending


@pytest.mark.parametrize(
    ("ending", "answer", "reason"),
    [
        (PortStatus(7, safe("CO"), safe("OPEN")), Answer.PORT, None),
        (PortStatus(7, None, None), Answer.PORT, None),
        (Refused("getportstatus", "No.", 1000), Answer.NO_PORT, "getportstatus refused (1000): No."),
        (Refused("getportstatus", "No.", 1048), Answer.NONE, "getportstatus refused (1048): No."),
        (Refused("getportstatus", "No.", 1004), Answer.REFUSED, "getportstatus refused (1004): No."),
        (Refused("getportstatus", "No.", 1999), Answer.REFUSED, "getportstatus refused (1999): No."),
        (NotSent("cannot connect"), Answer.NONE, "cannot connect"),
        (Unknown("no complete answer"), Answer.NONE, "no complete answer"),
    ],
)
def test_what_each_ending_of_a_call_says_of_a_port(
    ending: PortStatus | Exception, answer: Answer, reason: str | None
) -> None:
    client: Any = Client(ending)

    async def ask() -> Probe:
        return await asking(client)(7)

    probe = run(ask())
    assert (probe.port_id, probe.answer, probe.reason) == (7, answer, reason)
    assert client.calls == [7]
    if isinstance(ending, PortStatus):
        assert (probe.port_type, probe.mode) == (ending.port_type, ending.mode)
