"""What is left when a console ends in the middle of its work: found, settled, closed (rules 5 and 28)."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from console.mor.calls import find as find_call
from console.operations.beliefs import Belief, from_plain
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.classes import UNCERTAIN, Class
from console.operations.bulk.history import CONSOLE_ENDED, Command, Story
from console.operations.bulk.progress import RunState
from console.operations.commands import command_id
from console.operations.dispatch import Dispatcher
from console.operations.journal import Entry, Record, RecordKind
from console.operations.orders import Order, Part
from console.operations.processes import lives
from console.operations.settling import Finding
from console.outcome import Outcome
from console.state.entities import SourceName

COMMANDED_AGAIN = "its target was commanded again before anybody looked"

AT_ONCE = 16


def out_of_sight(name: str) -> str:
    """Return what is to be done about a command or a run that no look can settle."""
    return (
        f"this site has no more what {name} commanded: a supervisor looks there,"
        f" and closes it with `portside journal close {name}`"
    )


class Left(Struct, frozen=True):
    """A command without an ending: its order, the look before it, and what is known of it.

    `seq` is the number of its INTENT. `blind` is why nothing can be told of it, where that is known.
    """

    op: str
    seq: int
    order: Order
    before: Belief | None
    asked: float
    outcome: Outcome | None
    part: Part | None = None
    blind: str = ""


def left_of(story: Story) -> tuple[Left, ...]:
    """Return the commands of a run that nobody has settled, and those that nobody could."""
    unclear = {item.number for item in story.tally.items if item.cls is Class.STILL_UNKNOWN}
    return tuple(
        _left(story, command)
        for command in story.commands.values()
        if not command.settled or command.number in unclear
    )


def every(story: Story) -> tuple[Left, ...]:
    """Return all commands of a run, as if they had been left."""
    return tuple(_left(story, command) for command in story.commands.values())


def _left(story: Story, command: Command) -> Left:
    item = story.plan.items[command.number - 1]
    action = ACTIONS[item.action]
    order = Order(system=action.system, method=action.method, arguments=item.arguments, target=item.name)
    before: Belief | None = None
    try:
        before = from_plain(action.key(item.target), command.seen)
        order = action.order(item.target, item.arguments, before)
    except ValueError:  # what it was sent on is not known well enough to tell what came of it
        before = None
    outcome = None
    if command.answered:
        outcome = Outcome.ACCEPTED if command.accepted else Outcome.UNKNOWN
    part = Part(story.run, story.plan.digest, item.number)
    return Left(command.op, command.seq, order, before, command.asked, outcome, part)


def left_alone(unended: Sequence[Record], site: str) -> tuple[Left, ...]:
    """Return the commands outside runs that consoles which are gone have left without an ending.

    Args:
        unended: the records of commands without one.
    """
    outcomes = {
        record.entry.op: Outcome(record.entry.outcome)
        for record in unended
        if record.entry.kind is RecordKind.OUTCOME
    }
    return tuple(
        _single(record, outcomes.get(record.entry.op))
        for record in unended
        if record.entry.kind is RecordKind.INTENT
        and not record.entry.run
        and record.site == site
        and not lives(record.process, record.boot_id)
    )


def _single(record: Record, outcome: Outcome | None) -> Left:
    entry = record.entry
    action = ACTIONS.get(command_id(entry.action, entry.arguments))
    order = Order(
        system=system_of(entry), method=entry.action, arguments=entry.arguments, target=entry.target
    )
    before: Belief | None = None
    if action is not None and entry.seen is not None:
        word, _, number = entry.target.partition(" ")
        if word == action.word and number.isdecimal():
            before, order = _rebuilt(entry, int(number), order)
    return Left(entry.op, record.seq, order, before, record.utc.timestamp(), outcome)


def system_of(entry: Entry) -> SourceName:
    """Return which system an INTENT is for; older records do not name it."""
    if entry.system:
        return SourceName(entry.system)
    return SourceName.MOR if find_call(entry.action) else SourceName.AUTOSTORE


def _rebuilt(entry: Entry, target: int, order: Order) -> tuple[Belief | None, Order]:
    action = ACTIONS[command_id(entry.action, entry.arguments)]
    values: Mapping[str, Any] = {
        name: value
        for name, value in entry.arguments.items()
        if name in {field.name for field in action.fields}
    }
    try:
        before = from_plain(action.key(target), entry.seen)
        return before, action.order(target, values, before)
    except ValueError:
        return None, order


def overtaken(left: Sequence[Left], intents: Iterable[Record], site: str) -> tuple[Left, ...]:
    """Return the commands, those marked whose target was commanded again: what is seen now is not theirs.

    Args:
        intents: the INTENTs since, in their order.
    """
    newest = {record.entry.target: record.seq for record in intents if record.site == site}

    def marked(one: Left) -> Left:
        looks_for_its_own = one.order.goal is not None and one.order.goal.look_after is not None
        if looks_for_its_own or newest.get(one.order.target, 0) <= one.seq:
            return one
        return replace(one, blind=COMMANDED_AGAIN)

    return tuple(map(marked, left))


async def settle(left: tuple[Left, ...], commands: Dispatcher) -> list[Finding]:
    """Settle commands that were left, a few at a time, each recorded, and return how they ended."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(command: Left) -> Finding:
        async with slots:
            return await commands.settle_lost(
                command.order,
                command.op,
                command.before,
                outcome=command.outcome,
                flown=max(time.time() - command.asked, 0.0),
                part=command.part,
                reason=CONSOLE_ENDED,
                blind=command.blind,
            )

    return await asyncio.gather(*(one(command) for command in left))


def end_of(story: Story) -> Entry:
    """Return the record that closes an interrupted run, once what it left was settled."""
    uncertain = story.tally.count(*UNCERTAIN)
    left = f", except for {uncertain} that nobody can tell" if uncertain else ""
    return Entry(
        kind=RecordKind.RUN_END,
        run=story.run,
        plan=story.plan.digest,
        outcome=RunState.INTERRUPTED.value,
        reason=f"{CONSOLE_ENDED}; what was under way is settled{left}",
    )
