"""What is left when a console ends in the middle of its work: found, settled, closed (rules 5 and 28)."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from console.operations.beliefs import Belief, from_plain
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.history import Command, Story
from console.operations.bulk.progress import RunState
from console.operations.commands import command_id
from console.operations.dispatch import Dispatcher
from console.operations.journal import Entry, Record, RecordKind
from console.operations.orders import Order, Part
from console.operations.processes import lives
from console.outcome import Outcome
from console.state.entities import SourceName

CONSOLE_ENDED = "its console ended"

AT_ONCE = 16


class Left(Struct, frozen=True):
    """A command without an ending: its order, the look before it, and what is known of it."""

    op: str
    order: Order
    before: Belief | None
    asked: float
    outcome: Outcome | None
    part: Part | None = None


def left_of(story: Story) -> tuple[Left, ...]:
    """Return the commands of a run that nobody has settled."""
    return tuple(_left(story, command) for command in story.lost)


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
    return Left(command.op, order, before, command.asked, outcome, part)


def left_alone(records: Iterator[Record], site: str) -> tuple[Left, ...]:
    """Return the commands outside runs that consoles which are gone have left without an ending."""
    open_: dict[str, Record] = {}
    outcomes: dict[str, Outcome] = {}
    for record in records:
        entry = record.entry
        if entry.run or record.site != site:
            continue
        if entry.kind is RecordKind.INTENT:
            open_[entry.op] = record
        elif entry.kind is RecordKind.OUTCOME and entry.outcome in (Outcome.ACCEPTED, Outcome.UNKNOWN):
            outcomes[entry.op] = Outcome(entry.outcome)
        else:
            open_.pop(entry.op, None)
    return tuple(
        _single(record, outcomes.get(op))
        for op, record in open_.items()
        if not lives(record.process, record.boot_id)
    )


def _single(record: Record, outcome: Outcome | None) -> Left:
    entry = record.entry
    action = ACTIONS.get(command_id(entry.action, entry.arguments))
    system = action.system if action else SourceName.AUTOSTORE
    order = Order(system=system, method=entry.action, arguments=entry.arguments, target=entry.target)
    before: Belief | None = None
    if action is not None and entry.seen is not None:
        word, _, number = entry.target.partition(" ")
        if word == action.word and number.isdecimal():
            before, order = _rebuilt(entry, int(number), order)
    return Left(entry.op, order, before, record.utc.timestamp(), outcome)


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


async def settle(left: tuple[Left, ...], commands: Dispatcher) -> None:
    """Settle commands that were left without an ending, a few at a time, each recorded."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(command: Left) -> None:
        async with slots:
            await commands.settle_lost(
                command.order,
                command.op,
                command.before,
                outcome=command.outcome,
                flown=max(time.time() - command.asked, 0.0),
                part=command.part,
                reason=CONSOLE_ENDED,
            )

    await asyncio.gather(*(one(command) for command in left))


def end_of(story: Story) -> Entry:
    """Return the record that closes an interrupted run."""
    return Entry(
        kind=RecordKind.RUN_END,
        run=story.run,
        plan=story.plan.digest,
        outcome=RunState.INTERRUPTED.value,
        reason=CONSOLE_ENDED,
    )
