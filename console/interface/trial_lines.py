"""What rules would make of a number, as lines; pure, and always said to be an estimate."""

from collections.abc import Iterable

from console.interface.drawing import Line, Tone, fit
from console.mor.preview import Preview, Side, Why, preview
from console.mor.replies import DeviceRule

SIDES = {Side.DST: "the number called", Side.SRC: "the caller's number"}


def trial_lines(rules: Iterable[DeviceRule], number: str, side: Side) -> list[Line]:
    """Return the number that would come out, why each rule was applied or not, and what was assumed."""
    if not number:
        return [(("Type a number to see what the rules would make of it.", Tone.DIM),)]
    seen = preview(rules, number, side)
    applied = seen.applied
    by = "no rule applies" if applied is None else f"by rule {applied.name}"
    return [
        (
            (f"{number}  ->  ", Tone.PLAIN),
            (seen.number, Tone.TITLE),
            (f"   {by}, an estimate", Tone.DIM),
        ),
        (),
        *_verdicts(seen),
        (),
        *(((sentence, Tone.DIM),) for sentence in seen.assumptions),
    ]


def _verdicts(seen: Preview) -> list[Line]:
    lines: list[Line] = []
    for rule, why in ((verdict.rule, verdict.why) for verdict in seen.verdicts):
        tone = Tone.GOOD if why is Why.APPLIED else Tone.DIM
        words = (
            f"  {fit(rule.name or '(new)', 16)} cut {fit(rule.cut or '-', 8)} add {fit(rule.add or '-', 8)} "
        )
        lines.append(((words, Tone.PLAIN), (why.value, tone)))
    return lines
