"""What can be made to go wrong on the wire, for whom, and how often.

A rule is plain data and one line of text: `drop-after method=openport port=4 count=1`.
"""

from collections.abc import Mapping
from enum import StrEnum
from itertools import count
from random import Random
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from console.autostore.methods import METHODS
from console.mor.calls import CALLS
from console.simulator.filling import PortId, Seconds, Share, Times, Wrong, fill, instead, join, shown, split


class Trouble(StrEnum):
    """What happens to a matching call."""

    LATENCY = "latency"  # waits `seconds` (+- `jitter`), then carries out and answers
    LATE_REPLY = "late-reply"  # carries out, then waits as long
    DROP_BEFORE = "drop-before"  # closes the connection without carrying out or answering
    DROP_AFTER = "drop-after"  # carries out, then closes the connection without answering
    RESET_BEFORE = "reset-before"  # as drop, with a TCP reset
    RESET_AFTER = "reset-after"
    DRIBBLE = "dribble"  # answers one byte every `seconds`
    TRUNCATE = "truncate"  # announces the whole answer, sends half of it, closes
    CUT = "cut"  # sends half of the answer with the right length for that half
    GARBAGE = "garbage"  # `size` random bytes
    HTML = "html-500"  # a server's error page with status 500
    REDIRECT = "redirect"  # status `status` (302, 307) to `text`
    WRONG_TYPE = "wrong-type"  # the right answer as `text`, by default image/png
    BAD_GZIP = "bad-gzip"  # says gzip, is not
    GZIP_BOMB = "gzip-bomb"  # inflates to `size` bytes
    OVERSIZE = "oversize"  # `size` bytes of empty tags
    DTD = "dtd"  # an answer with a document type and an entity
    FAULT = "fault"  # the fault `code`, or on MOR the error `text`; does not carry out
    EMPTY = "empty"  # no body
    SERVER_ERROR = "server-error"  # status `status` with the fault `code` or error `text`


_BEFORE = frozenset({Trouble.DROP_BEFORE, Trouble.RESET_BEFORE, Trouble.FAULT})
_DELAYS = frozenset({Trouble.LATENCY, Trouble.LATE_REPLY})


_NAMES = frozenset({*(method.name for method in METHODS), *(call.name for call in CALLS)})

_Status: TypeAlias = Annotated[int, Meta(ge=200, le=599, description="an HTTP status, 200 to 599")]
_Code: TypeAlias = Annotated[int, Meta(ge=0, le=999_999, description="a fault code, 0 to 999999")]
_Size: TypeAlias = Annotated[int, Meta(ge=1, le=4 * 1024**3, description="bytes, 1 to 4294967296")]


class FaultRule(Struct, frozen=True, kw_only=True):
    """One rule. Blank `server`, `method` and `port` match every call; `count` None means always, and `share`
    is how many of the matching calls it meets, by chance.

    `execute` says whether the call is carried out; None is the kind's own habit. Which kind reads
    `seconds`, `jitter`, `status`, `code`, `text` and `size` stands beside the kinds; None and ""
    are the kind's default.
    """

    kind: Trouble
    server: Literal["autostore", "mor", ""] = ""
    method: str = ""
    port: PortId | None = None
    count: Times | None = None
    share: Share = 1.0
    execute: bool | None = None
    seconds: Seconds = 1.0
    jitter: Seconds = 0.0
    status: _Status | None = None
    code: _Code = 1048
    text: str = ""
    size: _Size | None = None

    @property
    def executes(self) -> bool:
        return self.kind not in _BEFORE if self.execute is None else self.execute

    @property
    def delays(self) -> bool:
        """Whether it only costs time, so that another rule can apply besides."""
        return self.kind in _DELAYS

    def matches(self, server: str, method: str, port: int | None) -> bool:
        return self.server in ("", server) and self.method in ("", method) and self.port in (None, port)

    def __str__(self) -> str:
        return join(self.kind, self, but="kind")


def parse(text: str) -> FaultRule:
    """Read a rule from its line of text.

    Raises:
        Wrong: an unknown kind, method or option, or a value that does not fit.
    """
    kind, options = split(text)
    if kind not in {*Trouble}:
        raise Wrong(f"{shown(kind)} is not known here: {instead(map(str, Trouble), kind)}")
    rule = fill(FaultRule, options, text=True, kind=kind)
    if rule.method and rule.method not in _NAMES:
        raise Wrong(f"method is {shown(rule.method)}: wanted the name of a method or call")
    return rule


class Verdict(Struct, frozen=True):
    """What happens to one call: seconds to wait before and after it, and the trouble, if any."""

    wait_before: float = 0.0
    wait_after: float = 0.0
    rule: FaultRule | None = None


UNTOUCHED = Verdict()


class Faults:
    """The rules in force, oldest first. To one call apply every matching delay and the oldest other rule."""

    def __init__(self, seed: int = 1) -> None:
        self.random = Random(seed)
        self._rules: dict[int, FaultRule] = {}
        self._left: dict[int, int] = {}
        self._numbers = count(1)

    def add(self, rule: FaultRule | str) -> int:
        """Put a rule into force and return its number.

        Raises:
            ValueError: the text is not a rule.
        """
        number = next(self._numbers)
        self._rules[number] = rule = parse(rule) if isinstance(rule, str) else rule
        if rule.count is not None:
            self._left[number] = rule.count
        return number

    def remove(self, number: int) -> None:
        self._rules.pop(number, None)
        self._left.pop(number, None)

    def clear(self) -> None:
        self._rules.clear()
        self._left.clear()

    @property
    def rules(self) -> Mapping[int, FaultRule]:
        """The rules in force by number, as they were added."""
        return dict(self._rules)

    def left(self, number: int) -> int | None:
        """Return to how many more calls a rule applies; None is to all of them."""
        return self._left.get(number)

    def judge(self, server: str, method: str, port: int | None) -> Verdict:
        """Return what happens to a call, and count it against the rules that apply."""
        if not self._rules:
            return UNTOUCHED
        matching = [
            number
            for number, rule in self._rules.items()
            if rule.matches(server, method, port) and self._meets(rule)
        ]
        delays = [number for number in matching if self._rules[number].delays]
        others = [number for number in matching if not self._rules[number].delays][:1]
        verdict = Verdict(
            wait_before=sum(self._wait(number, Trouble.LATENCY) for number in delays),
            wait_after=sum(self._wait(number, Trouble.LATE_REPLY) for number in delays),
            rule=self._rules[others[0]] if others else None,
        )
        for number in delays + others:
            self._count(number)
        return verdict

    def _meets(self, rule: FaultRule) -> bool:
        return rule.share >= 1.0 or self.random.random() < rule.share

    def _wait(self, number: int, kind: Trouble) -> float:
        rule = self._rules[number]
        if rule.kind is not kind:
            return 0.0
        return max(0.0, rule.seconds + self.random.uniform(-rule.jitter, rule.jitter))

    def _count(self, number: int) -> None:
        if number not in self._left:
            return
        self._left[number] -= 1
        if self._left[number] <= 0:
            self.remove(number)
