"""One scenario being played in two worlds: what happens when, and how far the goals are."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from msgspec import Struct

from console.simulator import troubles
from console.simulator.faults import Faults
from console.simulator.record import CLIENT, OK
from console.simulator.scenarios import Goal, Happening, Scenario
from console.simulator.setting import build

_SHOWN = 5
"""Of what is lacking, so many are told one by one."""


class Reached(Struct, frozen=True):
    """One goal, and what was lacking."""

    goal: str
    reached: bool
    lacking: tuple[str, ...]


class Used(Struct, frozen=True):
    """How often a command was carried out, and how often it was refused, by code or text."""

    command: str
    done: int
    refused: Mapping[str, int]


class Report(Struct, frozen=True):
    """How far a trainee came. Times are seconds since the scenario began.

    `reached_after` is when everything was reached that still was at the end. `over` says that
    nothing more was to happen by itself. `impossible` are happenings that could not happen, because
    of what had been done before.
    """

    scenario: str
    title: str
    reached: bool
    reached_after: float | None
    played: float
    over: bool
    goals: tuple[Reached, ...]
    commands: tuple[Used, ...]
    impossible: tuple[str, ...]


class Play:
    """Sets the scene of a scenario, and lets its script run by the clock of the warehouse.

    `watch` looks how far the goals are; whoever lets time pass calls it then.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.worlds = build(scenario.world)
        self.faults = Faults(scenario.world.seed)
        self._held_since: float | None = None
        self._impossible: list[str] = []
        for number, happening in enumerate(scenario.happenings):
            happen = partial(self._let, number, happening)
            self._plan("happening", number, scenario.lead + happening.at, happen)
        self.worlds.advance(scenario.lead)

    @property
    def played(self) -> float:
        """Seconds since the scenario began."""
        return self.worlds.warehouse.now - self.scenario.lead

    @property
    def over(self) -> bool:
        """Whether the script has ended."""
        return self.played >= self.scenario.last

    def watch(self) -> None:
        """Note since when everything is reached; before the script has ended, nothing is."""
        if not self.over or any(map(self._lacking, self.scenario.goals)):
            self._held_since = None
        elif self._held_since is None:
            self._held_since = self.played

    def report(self) -> Report:
        """Return how far everything is by now."""
        self.watch()
        return Report(
            scenario=self.scenario.name,
            title=self.scenario.title,
            reached=self._held_since is not None,
            reached_after=self._held_since,
            played=self.played,
            over=self.over,
            goals=tuple(self._reached(goal) for goal in self.scenario.goals),
            commands=self._used(),
            impossible=tuple(self._impossible),
        )

    def _plan(self, kind: str, number: int, delay: float, action: Callable[[], None]) -> None:
        self.worlds.warehouse.agenda.plan((kind, number), delay, action)

    def _let(self, number: int, happening: Happening) -> None:
        try:
            rule = troubles.apply(happening.what, *self.worlds, self.faults)
        except ValueError as error:
            self._impossible.append(f"{happening.what}: {error}")
            return
        if rule is not None and happening.until is not None:
            lift = partial(self.faults.remove, rule)
            self._plan("lifting", number, happening.until - happening.at, lift)

    def _lacking(self, goal: Goal) -> list[str]:
        lacking: list[str] = goal.holds(*self.worlds)
        return lacking

    def _reached(self, goal: Goal) -> Reached:
        lacking = self._lacking(goal)
        told = lacking[:_SHOWN]
        if len(lacking) > _SHOWN:
            told.append(f"and {len(lacking) - _SHOWN} more")
        return Reached(goal.says, not lacking, tuple(told))

    def _used(self) -> tuple[Used, ...]:
        results: dict[str, Counter[str]] = {}
        for world in self.worlds:
            for entry in world.record.entries:
                if entry.who == CLIENT:
                    results.setdefault(entry.method, Counter())[str(entry.result)] += 1
        return tuple(Used(command, counted.pop(OK, 0), dict(counted)) for command, counted in results.items())
