"""A report of a run: its heading, a row for each target, and the classes it can be narrowed to; pure."""

from collections.abc import Sequence

from console.interface.bulk_words import class_mark, class_tone, class_words, counted, state_tone
from console.interface.drawing import Line, Tone, fit
from console.operations.bulk.classes import Class
from console.operations.bulk.report import Report, ReportRow
from console.text import safe


def report_heading(report: Report, only: Class | None) -> list[Line]:
    """Return what a run was, who gave it, and how its classes add up."""
    approved = f", approved by {safe(report.approver, 40)}" if report.approver else ""
    by = f"   {safe(report.operator, 40)}{approved}"
    ended = "" if report.ended_utc is None else f" at {report.ended_utc.astimezone():%H:%M:%S}"
    reason = f"   {safe(report.reason)}" if report.reason else ""
    began = f"{report.started_utc.astimezone():%Y-%m-%d %H:%M:%S}"
    parent = f"   from run {safe(report.parent, 40)}" if report.parent else ""
    shown = "all" if only is None else class_words(only)
    return [
        ((safe(report.title), Tone.TITLE), (f"   {report.run}{parent}", Tone.DIM)),
        (
            (report.state.value + ended, state_tone(report.state)),
            (f"{reason}   begun {began}{by}", Tone.DIM),
        ),
        (*counted(report.counts), (f"= {len(report.rows)}", Tone.PLAIN)),
        (("< ", Tone.KEY), (f"shown: {shown}", Tone.PLAIN), (" >", Tone.KEY)),
    ]


def report_row(row: ReportRow) -> Line:
    """Return what one target came to."""
    tone = class_tone(row.cls)
    return (
        (f" {row.number:>5} {fit(row.target, 14)} ", Tone.PLAIN),
        (f"{class_mark(row.cls)} {fit(class_words(row.cls), 14)} ", tone),
        (_why(row), Tone.DIM),
    )


def report_words(row: ReportRow) -> list[Line]:
    """Return all that is known of one target, for what its row has no room for."""
    change = " -> ".join(filter(None, (row.before, row.after)))
    record = f"   record {row.op}" if row.op else ""
    return [
        ((f"{row.target}, {row.title}: ", Tone.DIM), (change, Tone.PLAIN)),
        ((class_words(row.cls), class_tone(row.cls)), (f"   {_why(row)}{record}", Tone.DIM)),
    ]


def _why(row: ReportRow) -> str:
    code = "" if row.code is None else f"({row.code}) "
    return code + (safe(row.reason) if row.reason else row.after)


def classes_of(report: Report) -> list[Class | None]:
    """Return what the report can be narrowed to: everything, then each class that occurs."""
    return [None, *(cls for cls in Class if report.counts.get(cls))]


def rows_of(report: Report, only: Class | None) -> Sequence[ReportRow]:
    """Return the targets of a class, or all."""
    return [row for row in report.rows if only is None or row.cls is only]
