"""A plan as it is shown before it is begun, and a dry run of it; pure (rules 12, 13 and 19)."""

from collections.abc import Iterable, Sequence

from console.interface.drawing import Line, Tone, fit
from console.operations.bulk.plan import Fate, Plan
from console.operations.bulk.preview import Preview, PreviewRow
from console.operations.bulk.rehearsal import Rehearsed
from console.operations.bulk.rows import RowProblem
from console.operations.commands import PORT_COMMANDS
from console.state.quality import age_text
from console.text import safe

_FIRST = (Fate.REFUSED, Fate.SKIPPED, Fate.INCLUDED, Fate.ALREADY)
"""What has to be read stands above what goes as asked."""

_MARKS = {
    Fate.INCLUDED: (" ", Tone.PLAIN),
    Fate.ALREADY: ("=", Tone.DIM),
    Fate.SKIPPED: ("~", Tone.STALE),
    Fate.REFUSED: ("-", Tone.WARN),
}

_CARE = {command.id: command.care for command in PORT_COMMANDS if command.care}


def heading(shown: Preview, plan: Plan) -> list[Line]:
    """Return what must be read before the targets: what, how many, and all that speaks against it."""
    counts = "   ".join(f"{count} {fate.value}" for fate, count in shown.fates.items())
    oldest = "" if shown.oldest is None else f"   seen at most {age_text(shown.oldest)} ago"
    lines: list[Line] = [
        ((safe(shown.title), Tone.TITLE), (f"   plan {plan.short}", Tone.DIM)),
        ((f"{counts}   = {shown.total}", Tone.PLAIN), (oldest, Tone.DIM)),
    ]
    warnings = [*dict.fromkeys(_CARE[item.action] for item in plan.included if item.action in _CARE)]
    if shown.hidden:
        warnings.append(f"Hidden by the filter: {shown.hidden}.")
    if shown.stale:
        warnings.append(f"Left out, for too little is known of them: {shown.stale}.")
    if shown.needs_approval:
        warnings.append(f"Critical here: a second person approves it first (F, {plan.short}, then A).")
    if plan.link is not None:
        of = f" {plan.link.of.replace('_', ' ')}" if plan.link.of else ""
        lines.append(((f"{plan.link.how}{of} of run {safe(plan.link.run, 40)}", Tone.DIM),))
    return [*lines, *(((words, Tone.WARN),) for words in warnings)]


def in_order(rows: Iterable[PreviewRow]) -> list[PreviewRow]:
    """Return the rows, those that are left out first."""
    return sorted(rows, key=lambda row: (_FIRST.index(row.fate), row.number))


def target_row(row: PreviewRow, *, mixed: bool) -> Line:
    """Return one target: from what to what, or why not. A `mixed` plan names each action."""
    mark, tone = _MARKS[row.fate]
    name = fit(row.name + (" hidden" if row.hidden else ""), 18)
    return ((f" {mark} ", tone), (f"{name} ", Tone.PLAIN), (_age(row), Tone.DIM), (_words(row, mixed), tone))


def target_words(row: PreviewRow) -> Line:
    """Return one target in full, for what its row has no room for."""
    return ((f"{row.name}, {row.title}: ", Tone.DIM), (_words(row, mixed=False), Tone.PLAIN))


def _words(row: PreviewRow, mixed: bool) -> str:
    action = f"{row.title}: " if mixed else ""
    if row.fate is not Fate.INCLUDED:
        return (
            f"{action}{row.fate.value}: {row.reason}" if row.fate is not Fate.ALREADY else action + row.reason
        )
    change = " -> ".join(filter(None, (row.before, row.after))) or row.title
    return action + change + (f" ({row.reason})" if row.reason else "")


def _age(row: PreviewRow) -> str:
    return f"{'' if row.age is None else age_text(row.age):>6}  "


def is_mixed(rows: Sequence[PreviewRow]) -> bool:
    """Whether a plan has more than one action."""
    return len({row.title for row in rows}) > 1


def typed_line(shown: Preview, left: float) -> Line:
    """Return what has to be typed, and for how many seconds the answer counts."""
    if left <= 0:
        return (("Too old by now: R plans it again, Esc leaves.", Tone.WARN),)
    holds = (f"   holds for {left:.0f} s", Tone.DIM)
    if not shown.count:
        return (("Nothing in it is to be done.", Tone.WARN),)
    wanted = [str(shown.count)] if shown.count_typed else []
    wanted += [safe(shown.site)] if shown.site_typed else []
    if not wanted:
        return (("y runs it, Esc leaves.", Tone.PLAIN), holds)
    how = "Type" if shown.count_typed else "Tab, then type"
    return ((f"{how} {', then '.join(wanted)} to run it, Esc to leave.", Tone.WARN), holds)


def rehearsed_rows(found: Sequence[Rehearsed]) -> tuple[str, list[Line]]:
    """Return what a dry run found, in one sentence and row by row."""
    sent = sum(one.would_send for one in found)
    open_ = sum(not one.predicted for one in found)
    words = f"No command was sent. {sent} of {len(found)} would be sent now"
    words += f"; {open_} cannot be told." if open_ else "."
    return words, [_rehearsed(one) for one in found]


def _rehearsed(one: Rehearsed) -> Line:
    fate = "would be sent" if one.would_send else "would not be sent" if one.predicted else "cannot be told"
    tone = Tone.PLAIN if one.would_send else Tone.WARN if one.predicted else Tone.DIM
    return ((f" {fit(one.name, 18)} ", Tone.PLAIN), (fate + (f": {one.reason}" if one.reason else ""), tone))


def problem_rows(problems: Sequence[RowProblem]) -> list[Line]:
    """Return every bad row of a file with its line and reason."""
    return [((f" line {one.line:<6} ", Tone.DIM), (safe(one.reason), Tone.WARN)) for one in problems]
