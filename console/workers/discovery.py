"""Finds out which ports a controller has, politely: no method lists them, so each id is asked about once.

The survey is pure: it says whose turn it is and when to give up, and the time is passed in.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from console.autostore.client import AutoStoreClient
from console.outcome import CallFailed, Refused
from console.text import SafeText, safe
from console.workers.circuit import FAILURES_TO_OPEN

IN_FLIGHT = 4
"""Most calls at the same time (rule 68)."""


class Answer(StrEnum):
    """What is known of a port id once it was asked about."""

    PORT = "port"
    NO_PORT = "no port"
    REFUSED = "refused"
    NONE = "no answer"


_BY_FAULT: dict[int | None, Answer] = {1000: Answer.NO_PORT, 1048: Answer.NONE}
"""1000 is worded as not available or as does not exist (autostore.md D2), and assumed for getportstatus;
1048, system not available, says nothing about the port."""


class Probe(Struct, frozen=True):
    """One port id, and what came of asking about it; `reason` is of a refusal or a failure."""

    port_id: int
    answer: Answer
    port_type: SafeText | None = None
    mode: SafeText | None = None
    reason: SafeText | None = None


Ask: TypeAlias = Callable[[int], Awaitable[Probe]]


class Survey:
    """Port ids in their order, at most `rate` a second; ends early after three in a row without an answer."""

    def __init__(self, port_ids: Sequence[int], *, rate: float) -> None:
        self.total = len(port_ids)
        self.probes: list[Probe] = []
        self.stopped: SafeText | None = None
        self._left = deque(port_ids)
        self._spacing = 1.0 / rate
        self._next_at = float("-inf")
        self._unanswered: list[int] = []

    def wait(self, now: float) -> float | None:
        """Return the seconds until the next id may be asked about; None when none will be."""
        if self.stopped is not None or not self._left:
            return None
        return max(0.0, self._next_at - now)

    def take(self, now: float) -> int:
        """Return the id whose turn it is; what was missed by being late is not caught up with."""
        self._next_at = max(now, self._next_at) + self._spacing
        return self._left.popleft()

    def settle(self, probe: Probe) -> None:
        """Note what came of asking; answers that come after the end still count."""
        self.probes.append(probe)
        if probe.answer is Answer.NONE:
            self._unanswered.append(probe.port_id)
            if len(self._unanswered) == FAILURES_TO_OPEN:
                self.stop(probe.reason or safe(probe.answer))
        elif self.stopped is None:
            self._unanswered.clear()

    def stop(self, reason: str) -> None:
        """Ask about nothing more, if there is any more."""
        if self.stopped is None and (self._left or self._unanswered):
            self.stopped = safe(reason)

    @property
    def go_on_from(self) -> int | None:
        """The first id that a next survey has to ask about, when this one was stopped."""
        lowest = min([*self._left, *self._unanswered], default=None)
        if self.stopped is None or lowest is None:
            return None
        unanswered = {probe.port_id for probe in self.that(Answer.NONE)}
        while lowest - 1 in unanswered:  # one whose answer was missed while an earlier one was on its way
            lowest -= 1
        return lowest

    def that(self, answer: Answer) -> list[Probe]:
        """Return the probes with that answer, by port id."""
        return sorted((one for one in self.probes if one.answer is answer), key=lambda one: one.port_id)


async def carry_out(
    survey: Survey,
    ask: Ask,
    *,
    clock: Callable[[], float],
    tell: Callable[[], None],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Ask until the survey has ended; `tell` is called after each answer."""

    async def work() -> None:
        while (wait := survey.wait(clock())) is not None:
            if wait > 0:
                await sleep(wait)  # then looks again: the turn may be somebody else's
                continue
            survey.settle(await ask(survey.take(clock())))
            tell()

    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(work())


def asking(client: AutoStoreClient) -> Ask:
    """Return what asks a controller about a port: with one call, of which no failure is an error."""

    async def ask(port_id: int) -> Probe:
        try:
            status = await client.port_status(port_id)
        except Refused as refusal:
            return Probe(port_id, _BY_FAULT.get(refusal.code, Answer.REFUSED), reason=refusal.reason)
        except CallFailed as failure:
            return Probe(port_id, Answer.NONE, reason=failure.reason)
        return Probe(port_id, Answer.PORT, status.port_type, status.mode)

    return ask
