"""Training scenarios: a situation in the two worlds, what happens in it, and what is to be reached.

One TOML file each. What ships stands in config/scenarios.
"""

from pathlib import Path
from typing import Annotated, Any, TypeAlias

from msgspec import Meta, Struct

from console.resources import ResourceError, shipped
from console.simulator import troubles
from console.simulator.filling import Text, Wrong, fill, instead, placed, read_toml
from console.simulator.goals import CONDITIONS
from console.simulator.phrases import Phrase
from console.simulator.setting import Setting

_Moment: TypeAlias = Annotated[
    float, Meta(ge=-3600, le=86_400, description="seconds, -3600 to 86400; below 0 is before the scenario")
]
_Table: TypeAlias = Annotated[dict[str, Any], Meta(description="a table")]
_Tables: TypeAlias = Annotated[list[dict[str, Any]], Meta(description="tables, [[...]]")]
_FilledTables: TypeAlias = Annotated[
    list[dict[str, Any]], Meta(min_length=1, description="one table or more, [[goals]]")
]


class Happening(Struct, frozen=True):
    """What goes wrong `at` some moment; a fault rule is in force `until` another, or to the end."""

    at: float
    what: troubles.Line
    until: float | None = None


class Goal(Struct, frozen=True):
    """One thing to be reached: in words, and as a condition on the worlds."""

    says: str
    holds: Phrase


class Scenario(Struct, frozen=True):
    """What a trainee is told, and what the simulator needs to play it."""

    name: str
    title: str
    situation: str
    goal: str
    world: Setting
    happenings: tuple[Happening, ...]
    goals: tuple[Goal, ...]

    @property
    def last(self) -> float:
        """The moment, in seconds, from which on nothing more happens by itself."""
        return max([0.0, *(one.at if one.until is None else one.until for one in self.happenings)])

    @property
    def lead(self) -> float:
        """Seconds that the worlds live before it begins."""
        return max([self.world.lead, *(-one.at for one in self.happenings)])


def names() -> tuple[str, ...]:
    """Return the names of the scenarios that ship."""
    return tuple(sorted(path.stem for path in shipped("config", "scenarios").glob("*.toml")))


def load(name: str) -> Scenario:
    """Return the scenario of that name, or the one in that file if the name ends with .toml.

    Raises:
        OSError: the file cannot be read.
        Wrong: there is none of that name, or the file is not one; the message names file and place.
    """
    try:
        path = Path(name) if name.endswith(".toml") else shipped("config", "scenarios", f"{name}.toml")
    except ResourceError:
        raise Wrong(f"there is no scenario {name!a}: {instead(names(), name)}") from None
    with placed(path.name):
        return parse(path.stem, read_toml(path))


def parse(name: str, tables: dict[str, Any]) -> Scenario:
    """Return the scenario that a file holds.

    Raises:
        Wrong: something in it does not fit; the message names the place.
    """
    written = fill(_Written, tables, text=False)
    with placed("world"):
        world = fill(Setting, written.world, text=False)
    return Scenario(
        name,
        written.title.strip(),
        written.situation.strip(),
        written.goal.strip(),
        world,
        tuple(_happening(number, table) for number, table in enumerate(written.happenings)),
        tuple(_goal(number, table) for number, table in enumerate(written.goals)),
    )


class _Written(Struct):
    title: Text
    situation: Text
    goal: Text
    goals: _FilledTables
    world: _Table = {}
    happenings: _Tables = []


class _WrittenHappening(Struct):
    at: _Moment
    what: Text
    until: _Moment | None = None


class _WrittenGoal(Struct):
    says: Text
    holds: Text


def _happening(number: int, table: dict[str, Any]) -> Happening:
    with placed(f"happenings[{number}]"):
        written = fill(_WrittenHappening, table, text=False)
        what = troubles.parse(written.what)
        if written.until is not None and (isinstance(what, Phrase) or written.until <= written.at):
            raise Wrong("until is wrong here: wanted a fault rule, and a moment after at")
        return Happening(written.at, what, written.until)


def _goal(number: int, table: dict[str, Any]) -> Goal:
    with placed(f"goals[{number}]"):
        written = fill(_WrittenGoal, table, text=False)
        return Goal(written.says, CONDITIONS.parse(written.holds))
