"""A run as a state machine: what happened goes in, what is to be done next comes out; pure.

Waves grow from one target to all (operations-safety rule 23), one stop rule holds for the whole run and
is asked before each dispatch (rule 24), and nothing claims to recall what was sent (rule 25).
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from console.operations.bulk.classes import OPEN, REACHED, Class
from console.operations.bulk.plan import Plan, Planned
from console.operations.bulk.progress import Progress, RunState
from console.operations.bulk.tally import Item, Tally, begun, moved, rate

FIRST_WAVES = (1, 5)
THIRD_WAVE = 0.10
"""Targets of the first two waves, and the share of all in the third; the rest is the fourth."""

LOOK_AHEAD = 64
"""Targets of a wave that are looked at for one that is free: none is commanded twice at a time."""

FIRST_DONE = "the first target is done: look at it, then go on"

_LOST = frozenset({Class.UNKNOWN, Class.NOT_SENT})
_BAD = (
    *(Class.REFUSED, Class.NOT_SENT, Class.NOT_REACHED, Class.NOT_APPLIED, Class.OTHER_STATE),
    *(Class.UNKNOWN, Class.STILL_UNKNOWN),
)


class Rules(Struct, frozen=True):
    """What a run keeps to: see the settings of the same names. `per_second` 0 is no limit."""

    fan_out: int = 4
    per_second: float = 0.0
    pause_after_first: bool = True
    stop_failures: int = 3
    stop_percent: float = 5.0
    stop_most: int = 20
    stop_lost: int = 2

    def stop_at(self, targets: int) -> int:
        """Return at how many failed and unknown targets a run over so many stops."""
        share = math.ceil(targets * self.stop_percent / 100)
        return min(max(self.stop_failures, share), self.stop_most)


class Begun(Struct, frozen=True):
    """A target was taken up."""

    number: int
    at: float


class Moved(Struct, frozen=True):
    """A target came to something."""

    number: int
    cls: Class
    at: float
    op: str = ""
    reason: str = ""
    code: int | None = None


class Deferred(Struct, frozen=True):
    """A target is not ready: it is taken up again at `until`."""

    number: int
    until: float


class Paused(Struct, frozen=True):
    """A person wants nothing new to be sent for now."""

    reason: str = "paused"


class Continued(Struct, frozen=True):
    """A person lets it go on."""


class Stopped(Struct, frozen=True):
    """Nothing new is sent any more, for this reason."""

    reason: str


Event: TypeAlias = Begun | Moved | Deferred | Paused | Continued | Stopped


class State(Struct, frozen=True):
    """A run at one moment.

    `waves` are the targets by number, `wave` the place of the one under way. `queue` is what is left of
    it, `deferred` what waits until some second. `flying` holds a place of the fan-out; `settling` was
    answered, or never will be, and is read back. `lost` counts those lost in a row.
    """

    rules: Rules
    names: tuple[str, ...]
    waves: tuple[tuple[int, ...], ...]
    tally: Tally
    queue: tuple[int, ...] = ()
    wave: int = 0
    deferred: tuple[tuple[float, int], ...] = ()
    flying: frozenset[int] = frozenset()
    settling: frozenset[int] = frozenset()
    lost: int = 0
    next_at: float = 0.0
    mode: RunState = RunState.RUNNING
    reason: str = ""
    targets: int = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self.flying and not self.settling


class Next(Struct, frozen=True):
    """What is to be done: targets to take up now, or when to ask again in seconds; None is at an event."""

    numbers: tuple[int, ...] = ()
    at: float | None = None


def initial(plan: Plan, rules: Rules) -> State:
    """Return the state of a run that was not begun."""
    waves = tuple(_waves(plan))
    return _onward(
        State(
            rules=rules,
            names=tuple(item.name for item in plan.items),
            waves=waves,
            tally=begun(plan),
            queue=waves[0] if waves else (),
            targets=sum(map(len, waves)),
        )
    )


def _waves(plan: Plan) -> Iterator[tuple[int, ...]]:
    """Return the waves of each step, one step after the other."""
    for step in sorted({item.step for item in plan.included}):
        numbers = tuple(item.number for item in plan.included if item.step == step)
        sizes = (*FIRST_WAVES, math.ceil(len(numbers) * THIRD_WAVE), len(numbers))
        for size in sizes:
            wave, numbers = numbers[:size], numbers[size:]
            if wave:
                yield wave


def step(state: State, event: Event) -> State:
    """Return what a run is after something happened."""
    match event:
        case Begun(number, at):
            return _begun(state, number, at)
        case Moved():
            return _onward(_stop_if_bad(_moved(state, event)))
        case Deferred(number, until):
            later = replace(
                state,
                flying=state.flying - {number},
                deferred=(*state.deferred, (until, number)),
                tally=moved(state.tally, replace(state.tally.item(number), cls=Class.NOT_STARTED)),
            )
            return _onward(later)
        case Paused(reason):
            return replace(state, mode=RunState.PAUSED, reason=reason) if _goes_on(state) else state
        case Continued():
            if state.mode is not RunState.PAUSED:
                return state
            return _onward(replace(state, mode=RunState.RUNNING, reason=""))
        case Stopped(reason):
            return (
                _onward(replace(state, mode=RunState.STOPPING, reason=reason)) if _goes_on(state) else state
            )


def _goes_on(state: State) -> bool:
    return state.mode in (RunState.RUNNING, RunState.PAUSED)


def _begun(state: State, number: int, at: float) -> State:
    gap = 1 / state.rules.per_second if state.rules.per_second else 0.0
    return replace(
        state,
        queue=_without(state.queue, number),
        deferred=tuple(one for one in state.deferred if one[1] != number),
        flying=state.flying | {number},
        next_at=max(at, state.next_at) + gap,
        tally=moved(state.tally, Item(number=number, cls=Class.SENDING, at=at)),
    )


def _without(queue: tuple[int, ...], number: int) -> tuple[int, ...]:
    if queue and queue[0] == number:
        return queue[1:]
    return tuple(one for one in queue if one != number)


def _moved(state: State, event: Moved) -> State:
    before, number = state.tally.item(event.number), event.number
    after = Item(
        number=number,
        cls=event.cls,
        op=event.op or before.op,
        reason=event.reason,
        code=event.code,
        at=event.at,
    )
    flying = state.flying if event.cls is Class.SENDING else state.flying - {number}
    lost = state.lost
    if number in state.flying and event.cls not in (Class.SENDING, Class.SKIPPED, Class.NOT_STARTED):
        lost = lost + 1 if event.cls in _LOST else 0
    settles = event.cls in OPEN and event.cls is not Class.SENDING
    settling = state.settling | {number} if settles else state.settling - {number}
    return replace(state, tally=moved(state.tally, after), flying=flying, settling=settling, lost=lost)


def _stop_if_bad(state: State) -> State:
    if not _goes_on(state):
        return state
    bad, most = state.tally.count(*_BAD), state.rules.stop_at(state.targets)
    if state.lost >= state.rules.stop_lost:
        return replace(state, mode=RunState.STOPPING, reason=f"{state.lost} in a row were lost")
    if bad >= most:
        return replace(
            state, mode=RunState.STOPPING, reason=f"{bad} failed or are unknown, of at most {most - 1}"
        )
    return state


def _onward(state: State) -> State:
    """Go on to the next wave, or end, once all that belongs before it is settled."""
    if not state.idle:
        return state
    if state.mode is RunState.STOPPING:
        return replace(state, mode=RunState.ENDED)
    if state.mode is not RunState.RUNNING or state.queue or state.deferred:
        return state
    if state.wave + 1 >= len(state.waves):
        return replace(state, mode=RunState.ENDED)
    wave = state.wave + 1
    onward = replace(state, wave=wave, queue=state.waves[wave])
    if wave == 1 and state.rules.pause_after_first:
        return replace(onward, mode=RunState.PAUSED, reason=FIRST_DONE)
    return onward


def following(state: State, now: float) -> Next:
    """Return what is to be done next."""
    if state.mode is not RunState.RUNNING:
        return Next()
    free = state.rules.fan_out - len(state.flying)
    if free <= 0:
        return Next()
    if now < state.next_at:
        return Next(at=state.next_at)
    ready = [number for until, number in state.deferred if until <= now]
    busy = {state.names[number - 1] for number in state.flying | state.settling}
    numbers: list[int] = []
    for number in (*state.queue[:LOOK_AHEAD], *ready):
        name = state.names[number - 1]
        if name not in busy:
            busy.add(name)
            numbers.append(number)
        if len(numbers) == (1 if state.rules.per_second else free):
            break
    if numbers:
        return Next(tuple(numbers))
    return Next(at=min((until for until, _ in state.deferred), default=None))


def steps_before(plan: Plan) -> Mapping[int, tuple[int, ...]]:
    """Return, for each target that has any, the numbers of its earlier steps that are to be carried out."""
    by_name: dict[str, list[Planned]] = {}
    found: dict[int, tuple[int, ...]] = {}
    for item in plan.included:
        earlier = [one.number for one in by_name.get(item.name, ()) if one.step < item.step]
        if earlier:
            found[item.number] = tuple(earlier)
        by_name.setdefault(item.name, []).append(item)
    return found


def blocked(tally: Tally, before: Iterable[int]) -> str | None:
    """Return why a later step is not begun: one of those before it did not get there."""
    for number in before:
        cls = tally.item(number).cls
        if cls not in REACHED:
            return f"the step before it did not get there: {cls.value.replace('_', ' ')}"
    return None


def progress(state: State, plan: Plan, run: str, *, started: float, now: float) -> Progress:
    """Return how far a run is."""
    return told(
        state.tally,
        plan,
        run,
        mode=state.mode,
        reason=state.reason,
        wave=state.wave + 1 if state.waves else 0,
        waves=len(state.waves),
        started=started,
        now=now,
    )


def told(
    tally: Tally,
    plan: Plan,
    run: str,
    *,
    mode: RunState,
    reason: str,
    wave: int,
    waves: int,
    started: float,
    now: float,
) -> Progress:
    """Return how far a run is, from its tally."""
    speed = rate(tally, now) if mode is RunState.RUNNING else None
    left = tally.count(Class.NOT_STARTED, *OPEN)
    return Progress(
        run=run,
        plan=plan.digest,
        title=plan.title,
        state=mode,
        reason=reason,
        total=len(plan.items),
        counts=tally.counts,
        wave=wave,
        waves=waves,
        rate=speed,
        eta=left / speed if speed else None,
        elapsed=max(now - started, 0.0),
    )
