"""How previews, dry runs and reports of plans are printed, and which exit code they mean."""

from collections.abc import Mapping, Sequence

import msgspec

from console.cli.exit import Exit
from console.cli.output import as_json, print_rows
from console.cli.run_words import UNSETTLED, class_words, count_words, counted, state_words
from console.operations.bulk import report as reports
from console.operations.bulk.plan import Fate
from console.operations.bulk.preview import Preview
from console.operations.bulk.rehearsal import Rehearsed
from console.operations.bulk.report import Report
from console.text import safe

PREVIEW_COLUMNS = ("number", "target", "action", "title", "before", "after", "fate", "reason", "age", "step")
REHEARSED_COLUMNS = ("number", "target", "action", "title", "before", "after", "would_send", "reason")
REPORT_COLUMNS = ("target", "title", "class", "code", "reason", "before", "after", "record")


def print_preview(shown: Preview, form: str) -> None:
    """Print what a plan would do (rule 12)."""
    if form == "json":
        print(as_json({**msgspec.to_builtins(shown), "rows": _preview_rows(shown)}))
        return
    if form == "plain":
        print("\n".join(heading(shown)))
    rows = _preview_rows(shown)
    print_rows(rows, telling(rows, PREVIEW_COLUMNS, form), form)


def heading(shown: Preview) -> list[str]:
    """Return site, mode, people and numbers of a plan, in words."""
    fates = ", ".join(f"{count} {fate.value}" for fate, count in shown.fates.items())
    oldest = "" if shown.oldest is None else f"; the oldest look is {shown.oldest:.1f} s old"
    return [
        safe(f"{shown.title}, {shown.site} {shown.mode}, {shown.operator}"),
        f"{counted(shown.total, 'target')}: {fates}{oldest}",
        f"plan {shown.digest[:8]}, holds for another {shown.seconds_left:.0f} s",
    ]


def print_rehearsal(shown: Preview, rehearsed: Sequence[Rehearsed], form: str) -> int:
    """Print what would be sent now; INCOMPLETE when a target is certain to be left behind."""
    found = {one.number: one for one in rehearsed}
    rows = [_rehearsed_row(row, found.get(int(str(row["number"])))) for row in _preview_rows(shown)]
    if form == "plain":
        print("\n".join(["dry run: nothing was sent", *heading(shown)[:2]]))
    print_rows(rows, telling(rows, REHEARSED_COLUMNS, form), form)
    good = all(row["would_send"] is not False or row["fate"] == Fate.ALREADY for row in rows)
    return Exit.DONE if good else Exit.INCOMPLETE


def telling(rows: Sequence[Mapping[str, object]], columns: Sequence[str], form: str) -> Sequence[str]:
    """Return the columns to print: for people without those that say nothing of any target."""
    if form != "plain":
        return columns
    return [
        name
        for name in columns
        if name != "action"  # its title says the same
        and any(row[name] not in ("", None) for row in rows)
        and (name != "step" or _steps(rows) > 1)
    ]


def _steps(rows: Sequence[Mapping[str, object]]) -> int:
    return len({row["step"] for row in rows})


def _rehearsed_row(row: Mapping[str, object], found: Rehearsed | None) -> Mapping[str, object]:
    if found is None:
        return {**row, "would_send": False, "reason": row["reason"] or row["fate"]}
    return {**row, "would_send": found.would_send if found.predicted else None, "reason": found.reason}


def _preview_rows(shown: Preview) -> list[Mapping[str, object]]:
    return [
        {
            "number": row.number,
            "target": row.name,
            "action": row.action,
            "title": row.title,
            "before": row.before,
            "after": row.after,
            "fate": row.fate.value,
            "reason": row.reason,
            "age": None if row.age is None else round(row.age, 1),
            "step": row.step,
        }
        for row in shown.rows
    ]


def print_report(report: Report, form: str) -> int:
    """Print what a run came to, target by target, and return the exit code that says the same."""
    match form:
        case "json":
            print(as_json(reports.as_json(report)))
        case "csv":
            print(reports.as_csv(report), end="")
        case _:
            rows = _report_rows(report)
            print_rows(rows, telling(rows, REPORT_COLUMNS, form), form)
            print(safe(f"run {report.run} {state_words(report.state, report.reason)}", 1000))
            print(f"{counted(len(report.rows), 'target')}: {count_words(report.counts)}")
    return exit_of_report(report)


def _report_rows(report: Report) -> list[Mapping[str, object]]:
    return [
        {
            "target": row.target,
            "title": row.title,
            "class": class_words(row.cls),
            "code": row.code,
            "reason": row.reason,
            "before": row.before,
            "after": row.after,
            "record": row.op or None,
        }
        for row in report.rows
    ]


def exit_of_nothing(shown: Preview) -> Exit:
    """Return what it means that nothing of a plan is to be done."""
    others = set(shown.fates) - {Fate.ALREADY}
    if not others:
        return Exit.DONE
    return Exit.NOT_SENT if others == {Fate.SKIPPED} else Exit.INCOMPLETE


def exit_of_report(report: Report) -> Exit:
    """Return DONE only when every goal was seen, UNKNOWN while nobody can say it of some (rules 6 and 31)."""
    if report.reached:
        return Exit.DONE
    return Exit.UNKNOWN if any(row.cls in UNSETTLED for row in report.rows) else Exit.INCOMPLETE
