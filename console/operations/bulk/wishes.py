"""What a person asks for, one target at a time, before anybody has looked at it; pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

EMPTY = "empty"
"""A step that waits until its port has no bin and no task any more."""


class Wish(Struct, frozen=True):
    """One command on one target.

    `action` is an id of `actions.ACTIONS`. `target` is a port or a device; for `device.create` the
    user who gets it. `values` are what a form or a CSV row would give, by field name. Steps are
    carried out in ascending order for each target; `when` is blank or `EMPTY`: what a later step
    waits for. `line` is the line of the file it came from. `against` is why it cannot be, where that is
    known already: such a target stands in the plan as refused. `unclear` is why its state says nothing:
    such a one is skipped.
    """

    action: str
    target: int
    values: Mapping[str, Any] = {}
    step: int = 1
    when: str = ""
    line: int = 0
    against: str = ""
    unclear: str = ""


def same_for_all(
    action: str, targets: Iterable[int], values: Mapping[str, Any] | None = None
) -> tuple[Wish, ...]:
    """Return one wish for each target, with the same values."""
    return tuple(Wish(action=action, target=target, values=values or {}) for target in targets)


def run_out_and_close(ports: Iterable[int]) -> tuple[Wish, ...]:
    """Return the two steps that take ports out of service: run out, then close once empty."""
    return tuple(
        wish
        for port in ports
        for wish in (
            Wish(action="port.runout", target=port, step=1),
            Wish(action="port.close", target=port, step=2, when=EMPTY),
        )
    )
