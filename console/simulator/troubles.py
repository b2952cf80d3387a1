"""Everything that can be made to go wrong, in one language: on the wire, and in the two worlds.

A line is a fault rule (`drop-after port=4`), which stays in force, or an incident (`lose-driver`),
which happens at once. Flags, files, scenarios and the control port all speak it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from console.simulator import faults
from console.simulator.faults import FaultRule, Faults, Trouble
from console.simulator.filling import Wrong, fill, instead, placed, read_toml, shown, split
from console.simulator.incidents import INCIDENTS
from console.simulator.mor_incidents import MOR_INCIDENTS
from console.simulator.phrases import Phrase, Vocabulary
from console.simulator.shift import SHIFT
from console.simulator.softswitch import Softswitch
from console.simulator.warehouse import Warehouse

Line: TypeAlias = FaultRule | Phrase

INCIDENTS_BY_WORD = Vocabulary((*INCIDENTS.values(), *MOR_INCIDENTS, *SHIFT))


def parse(line: str) -> Line:
    """Read a line.

    Raises:
        Wrong: an unknown first word or option, or a value that does not fit.
    """
    word, _ = split(line)
    if word in INCIDENTS_BY_WORD:
        return INCIDENTS_BY_WORD.parse(line)
    if word in {*Trouble}:
        return faults.parse(line)
    known = (*map(str, Trouble), *INCIDENTS_BY_WORD.words)
    raise Wrong(f"{shown(word)} is not known here: {instead(known, word)}")


def apply(line: Line, warehouse: Warehouse, softswitch: Softswitch, rules: Faults) -> int | None:
    """Put a rule into force and return its number, or let an incident happen.

    Raises:
        ValueError: an incident that cannot happen in these worlds.
    """
    if isinstance(line, FaultRule):
        return rules.add(line)
    line(warehouse, softswitch)
    return None


def read_file(path: Path) -> tuple[Line, ...]:
    """Read the lines of a TOML file whose only key is `faults`, a list of them.

    Raises:
        OSError: it cannot be read.
        Wrong: it is not such a file; the message names file and place.
    """
    with placed(str(path)):
        return _lines(fill(_FaultFile, read_toml(path), text=False).faults)


class _FaultFile(Struct):
    faults: Annotated[list[str], Meta(description='lines, like ["drop-after count=1", "lose-driver"]')]


def _lines(written: Iterable[str]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for number, line in enumerate(written):
        with placed(f"faults[{number}]"):
            lines.append(parse(line))
    return tuple(lines)
