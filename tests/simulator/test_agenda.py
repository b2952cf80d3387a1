from console.simulator.agenda import Agenda


def test_events_happen_in_order_of_time_at_their_time() -> None:
    agenda, seen = Agenda(), []
    for delay in (3.0, 1.0, 2.0):
        agenda.plan(("event", int(delay)), delay, lambda: seen.append(agenda.now))
    agenda.advance(2.5)
    assert seen == [1.0, 2.0]
    assert agenda.now == 2.5


def test_a_new_plan_for_a_key_replaces_the_old_one() -> None:
    agenda, seen = Agenda(), []
    agenda.plan(("bin", 7), 1.0, lambda: seen.append("old"))
    agenda.plan(("bin", 7), 2.0, lambda: seen.append("new"))
    agenda.advance(5.0)
    assert seen == ["new"]


def test_a_dropped_plan_does_not_happen() -> None:
    agenda, seen = Agenda(), []
    agenda.plan(("bin", 7), 1.0, lambda: seen.append("dropped"))
    agenda.drop(("bin", 7))
    assert not agenda.pending(("bin", 7))
    agenda.advance(5.0)
    assert seen == []


def test_what_an_event_plans_happens_in_the_same_advance_if_it_is_due() -> None:
    agenda, seen = Agenda(), []
    agenda.plan(("a", 1), 1.0, lambda: agenda.plan(("b", 1), 1.0, lambda: seen.append(agenda.now)))
    agenda.advance(2.0)
    assert seen == [2.0]


def test_the_clock_never_goes_back() -> None:
    agenda = Agenda()
    agenda.advance(5.0)
    agenda.advance(1.0)
    assert agenda.now == 5.0
