"""Targets as people write them: `1-40,77`, `all`, a file of them, or a filter that somebody resolves; pure.

Rule 15 of operations-safety: nothing empty, unknown, twice or out of range, and "all" has to be said.
"""

from collections.abc import Callable, Collection, Iterable

from console.autostore.values import PORT_ID_RANGE
from console.mor.calls import ID_LIMIT
from console.settings.values import Unfit, ids
from console.text import safe

ALL = "all"
MOST = 100_000
"""Most ids that one text may name."""

_NAMED = 5


class WrongTargets(ValueError):
    """The targets are not taken, none of them; the message says why and is safe to show."""


def ports(text: str, known: Collection[int]) -> tuple[int, ...]:
    """Return the ports that a text names, ascending; `all` is every port the site has.

    Raises:
        WrongTargets: empty, an unknown word, an id twice, outside 1 to 2000, or that the site has not.
    """
    if text.strip() == ALL:
        return _none_missing(sorted(known), "this site has no ports")
    named = _ids(text, PORT_ID_RANGE[1])
    strange = [port for port in named if port not in known]
    if strange:
        raise WrongTargets(f"this site has no port {_some(strange)}")
    return named


def devices(text: str) -> tuple[int, ...]:
    """Return the devices, rules or users that a text names, ascending.

    Raises:
        WrongTargets: empty, an unknown word, an id twice, or outside 1 to 2147483647.
    """
    if text.strip() == ALL:
        raise WrongTargets("all devices cannot be named at once: name them, or those of a user")
    return _ids(text, ID_LIMIT)


def matching(words: str, where: Callable[[str], Iterable[int]], known: Collection[int]) -> tuple[int, ...]:
    """Return the ports that a filter keeps, as `where` resolves it, ascending.

    Raises:
        WrongTargets: a filter without words, which would keep all, or one that keeps none.
    """
    if not words.strip():
        raise WrongTargets(f"the filter is empty: say {ALL} to mean all ports")
    return _none_missing(sorted(set(where(words)) & set(known)), f"no port is {safe(words, 80)}")


def from_file(text: str) -> str:
    """Return what a file of targets says as one text: words by line or comma, `#` begins a remark.

    Raises:
        WrongTargets: it names none.
    """
    lines = (line.partition("#")[0].strip().strip(",") for line in text.removeprefix("\ufeff").splitlines())
    named = [line for line in lines if line]
    if not named:
        raise WrongTargets("the file names no target")
    return ",".join(named)


def _ids(text: str, high: int) -> tuple[int, ...]:
    if not text.strip():
        raise WrongTargets("no target was named")
    try:
        return ids(text, high, MOST)
    except Unfit as unfit:
        raise WrongTargets(f"{unfit}: wanted targets like 1-40,77") from None


def _none_missing(found: list[int], empty: str) -> tuple[int, ...]:
    if not found:
        raise WrongTargets(empty)
    return tuple(found)


def _some(found: list[int]) -> str:
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(map(str, found[:_NAMED])) + more
