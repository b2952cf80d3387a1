"""Without a durable record no command leaves; a record that fails later is told, not hidden (rule 48)."""

from collections.abc import Callable

import pytest

from console.operations.dispatch import NotAllowed
from console.outcome import Outcome, Unknown
from console.secret import Secret
from console.state.entities import Phase

from .small import Bench, goal, order, port

Make = Callable[..., Bench]


async def test_broken_before_the_intent_nothing_is_sent(bench: Make) -> None:
    one = bench()
    one.journal.broken_from = 1
    with pytest.raises(NotAllowed, match="no command without a journal: no space left on device"):
        await one.commands.send(order())
    assert one.events == ["look"]
    assert one.client.calls == []
    assert one.store.journal_failure == "no space left on device"
    assert one.command.phase is Phase.NOT_STARTED
    assert one.records() == []


async def test_broken_after_it_was_sent_the_outcome_is_still_told(bench: Make) -> None:
    one = bench({"bin_id": 7})
    one.journal.broken_from = 2
    result = await one.commands.send(order())
    assert (result.outcome, result.reply, result.recorded) == (Outcome.ACCEPTED, {"bin_id": 7}, False)
    assert one.store.journal_failure == "no space left on device"
    await one.commands.settled()
    assert one.command.phase is Phase.CONFIRMED
    assert one.outcomes() == [("intent", "")]


async def test_a_hindered_command_is_not_allowed_either_when_that_cannot_be_recorded(bench: Make) -> None:
    one = bench()
    one.journal.broken_from = 1
    with pytest.raises(NotAllowed, match="already open"):
        await one.commands.send(order(goal=goal(hindrance=lambda belief: "already open")))
    assert one.client.calls == []


async def test_a_journal_that_works_again_is_told(bench: Make) -> None:
    one = bench()
    one.journal.broken_from = 1
    with pytest.raises(NotAllowed):
        await one.commands.send(order())
    one.journal.broken_from = None
    one.looks.turns = 0
    await one.commands.send(order())
    assert one.store.journal_failure is None


async def test_a_journal_that_breaks_in_any_other_way_sends_nothing(bench: Make) -> None:
    one = bench()
    one.journal.path.parent.parent.joinpath("state0").write_text("a file where the directory should be")
    with pytest.raises(NotAllowed, match="no command without a journal"):
        await one.commands.send(order())
    assert one.client.calls == []


@pytest.mark.parametrize("ending", [{}, Unknown("lost")])
async def test_secrets_never_reach_the_journal_or_the_screen(bench: Make, ending: object) -> None:
    canary = "c4nary-hunter2"
    secret = Secret(canary)
    arguments = {"port_id": 4, "pin": secret, "each": (secret,), "within": {"deep": secret}}
    one = bench(ending, looks=[port("CLOSED"), port("OPEN")])
    result = await one.commands.send(order(arguments=arguments))
    await one.commands.settled()
    assert one.client.calls[0]["pin"] == secret
    assert one.records()[0].entry.arguments == {
        "port_id": 4,
        "pin": "***",
        "each": ["***"],
        "within": {"deep": "***"},
    }
    files = [file.read_bytes() for file in one.directory.iterdir()]
    assert len(files) > 1
    assert not any(canary.encode() in contents for contents in files)
    assert canary not in f"{result} {one.command} {one.command.detail}"
