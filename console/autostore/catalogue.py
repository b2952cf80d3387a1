"""Every AutoStore method as data: one entry is enough to encode, check, offer and document it.

`METHODS` in methods.py holds the entries. What the vendor documents and what is only
assumed stay apart: `faults` are documented for that very method, `assumed` are codes that
exist and would fit.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from console.fields import Arguments, Field, Invalid, Value, gather


class Interface(StrEnum):
    """Which endpoint a site speaks to: one of the two, never both (autostore.md 1.1)."""

    TASK = "task"
    BIN = "bin"


class Effect(StrEnum):
    """What a method does to the warehouse."""

    READ = "read"
    SET_STATE = "set-state"
    ACT = "act"


class Repeat(StrEnum):
    """What a repeat of a call may do (autostore.md 4.9); no command is ever repeated by itself."""

    FREE = "free"
    HARMLESS = "harmless"
    REFUSED = "refused"
    UNSAFE = "unsafe"


class Evidence(StrEnum):
    """How much of the vendor's page was readable (autostore.md, marks)."""

    FULL = "full page"
    REQUEST = "request part"
    SAMPLE = "sample only"


class Rule(Struct, frozen=True):
    """A condition between parameters: `broken` returns the parameter at fault, or None."""

    words: str
    broken: Callable[[Arguments], str | None]


class Method(Struct, frozen=True, kw_only=True):
    """One method of the interface."""

    name: str
    interfaces: tuple[Interface, ...]
    effect: Effect
    repeat: Repeat
    summary: str
    params: tuple[Field, ...] = ()
    rules: tuple[Rule, ...] = ()
    returns: tuple[Field, ...] = ()
    faults: Mapping[int, str] = {}
    assumed: tuple[int, ...] = ()
    evidence: Evidence = Evidence.REQUEST
    since: str = ""
    router: bool = False

    @property
    def mutating(self) -> bool:
        """Whether a call of it is a command."""
        return self.effect is not Effect.READ

    def meaning(self, code: int) -> str:
        """Return what a fault code means for this method; an unlisted code says so."""
        return self.faults.get(code) or FAULTS.get(code) or f"fault {code}, not documented for {self.name}"

    def check(self, given: Mapping[str, object]) -> dict[str, Value]:
        """Return `given` typed and checked, ready to encode.

        Raises:
            Invalid: a value or a combination that the controller would have to refuse.
        """
        arguments = gather(self.params, given)
        for rule in self.rules:
            culprit = rule.broken(arguments)
            if culprit is not None:
                raise Invalid(culprit, arguments.get(culprit, "missing"), rule.words)
        return arguments


FAULTS: Mapping[int, str] = {
    1000: "Port is not available.",
    1001: "Port is closing.",
    1002: "Port is already open.",
    1003: "Parameter port_id is missing.",
    1004: "Parameter port_id is not valid.",
    1006: "Parameter content is not valid.",
    1007: "Parameter category is not valid.",
    1008: "Parameter req_time is not valid.",
    1009: "Port is not open.",
    1010: "Parameter bin_id is not valid.",
    1011: "Bin does not exist.",
    1012: "Parameter task_id is not valid.",
    1013: "Parameter taskgroup_id is not valid.",
    1014: "Parameter shipment is not valid.",
    1015: "No tasks or bins match what the port selects.",
    1016: "No bin that matches what the port selects is ready yet.",
    1017: "Task does not exist.",
    1018: "Task group does not exist.",
    1019: "Task group is selected by another port.",
    1020: "An earlier openbin has not been closed.",
    1021: "Conflicts with the selected shipment.",
    1027: "Refused; the vendor's meaning of 1027 is not known.",
    1048: "System is not available.",
    1050: "Too many categories or content codes.",
    1051: "Conflicting category and content codes.",
    1087: "Not an AutoCase port.",
    1099: "Port is not in the required mode.",
    1148: "A previous action has not been completed.",
    1149: "The bin is not the one selected for the port.",
    1152: "There is no active operation to cancel.",
    1153: "AutoCase has no error; cancelling is not valid.",
}
"""General meanings (autostore.md section 5); a method's own text wins."""
