"""New wishes from an earlier run: one class of it once more, or the way back; pure.

History is never edited: what comes of these wishes is a plan of its own, linked to the run
(operations-safety rules 27 and 29).
"""

from collections.abc import Mapping

from console.operations.beliefs import Belief, from_plain
from console.operations.bulk.action import Undone
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.classes import MEMBERS, OPEN, Again, Class
from console.operations.bulk.history import Story
from console.operations.bulk.plan import Link, Planned, PlanRefused
from console.operations.bulk.wishes import Wish
from console.state.entities import Key

UNCLEAR = "nobody can say what the run before did to it: settle that run, or look at it"
"""Why a target that stayed unknown is not commanded once more."""

_DONE = frozenset({Class.CONFIRMED, Class.APPLIED})


def wishes_again(story: Story, which: Again) -> tuple[tuple[Wish, ...], Link]:
    """Return the wishes of one class of a run, and the link to it.

    Targets that stayed unknown stand among them to be left out, whatever step of them it was.

    Raises:
        PlanRefused: more is to come of some of its targets, or none is of the class.
    """
    under_way = story.tally.count(*OPEN)
    if under_way and which is not Again.NOT_STARTED:
        raise PlanRefused(f"{under_way} targets are UNKNOWN or under way: settle them first")
    classes = {item.number: story.tally.item(item.number).cls for item in story.plan.items}
    if not any(cls in MEMBERS[which] for cls in classes.values()):
        raise PlanRefused(f"no target of run {story.run} is {which.value.replace('_', ' ')}")
    wanted = MEMBERS[which] | {Class.STILL_UNKNOWN}
    chosen = [item for item in story.plan.items if classes[item.number] in wanted]
    uncertain = OPEN | {Class.STILL_UNKNOWN}
    unclear = {item.name for item in story.plan.items if classes[item.number] in uncertain}
    how = "rest" if which is Again.NOT_STARTED else "retry"
    wishes = tuple(
        _once_more(item, classes[item.number], UNCLEAR if item.name in unclear else "") for item in chosen
    )
    return wishes, Link(run=story.run, how=how, of=which.value)


def _once_more(item: Planned, cls: Class, unclear: str) -> Wish:
    against = ""
    if item.action == "device.create" and cls is Class.NOT_REACHED:
        against = "it was accepted and then not found: look for it before it is created twice"
    return Wish(
        action=item.action,
        target=item.target,
        values=item.arguments,
        step=item.step,
        when=item.when,
        against=against,
        unclear=unclear,
    )


def keys_to_undo(story: Story) -> tuple[tuple[Planned, Key], ...]:
    """Return the targets of a run that were changed, with what has to be looked at to undo that."""
    return tuple(
        (item, ACTIONS[item.action].key(item.target))
        for item in story.plan.items
        if story.tally.item(item.number).cls in _DONE
    )


def wishes_back(story: Story, now: Mapping[int, Belief | None]) -> tuple[tuple[Wish, ...], Link]:
    """Return the wishes that undo what a run did, the last step first, and the link to it.

    Args:
        now: what is seen of the targets now, by number in the plan; None could not be read.

    Raises:
        PlanRefused: it did nothing.
    """
    changed = [item for item, _ in keys_to_undo(story)]
    if not changed:
        raise PlanRefused(f"run {story.run} changed nothing that could be undone")
    last = max(item.step for item in changed)
    wishes = tuple(_back(story, item, now.get(item.number), last - item.step + 1) for item in changed)
    return wishes, Link(run=story.run, how="undo")


def _back(story: Story, item: Planned, now: Belief | None, step: int) -> Wish:
    action = ACTIONS[item.action]
    command = story.commands.get(item.number)
    undone: Undone | str = "what it was before was not recorded"
    if now is None:
        undone = "its state could not be read"
    elif command is not None and command.seen is not None:
        before = from_plain(action.key(item.target), command.seen)
        undone = action.undo(item.target, item.arguments, before, now)
    if isinstance(undone, str):
        return Wish(action=item.action, target=item.target, values=item.arguments, step=step, against=undone)
    target = item.target if undone.target is None else undone.target
    return Wish(action=undone.action, target=target, values=undone.values, step=step)
