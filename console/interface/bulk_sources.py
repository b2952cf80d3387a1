"""Where plans come from besides marks: a file, a plan's own name, or all ports that the filter shows."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from console.fields import Field, gather
from console.fields import Kind as FieldKind
from console.interface.bulk_preview_lines import problem_rows
from console.interface.bulk_words import key_words
from console.interface.bulk_work import carry_out, command_many, desk_of, plan_wishes, serve
from console.interface.drawing import Tone
from console.interface.identity import where
from console.interface.screens.bulk_table import Listing
from console.interface.screens.form import Form, FormSpec
from console.interface.screens.overview import Overview
from console.operations.bulk import plan_files, rows
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.plan import Plan, PlanRefused
from console.operations.bulk.wishes import run_out_and_close
from console.settings.files import read_regular
from console.text import safe

MOST_BYTES = 16 * 1024 * 1024
"""Longest table that is read."""

RUN_OUT_AND_CLOSE = "run out, then close"

_PLAN_NAME = re.compile(r"[0-9a-f]{6,64}")

_BY_TITLE = {action.title: action.id for action in ACTIONS.values()}
_ON_PORTS = (*(one.title for one in ACTIONS.values() if one.word == "port"), RUN_OUT_AND_CLOSE)

_FILE_FIELDS = (
    Field(
        name="file",
        kind=FieldKind.TEXT,
        required=True,
        high=1000,
        meaning="a table (CSV), a saved plan (.toml), or the name of a plan of this host",
    ),
    Field(
        name="action",
        kind=FieldKind.CHOICE,
        choices=tuple(_BY_TITLE),
        meaning="what a table without a column `action` asks for",
    ),
)

_ACTION_FIELDS = (
    Field(
        name="action", kind=FieldKind.CHOICE, required=True, choices=_ON_PORTS, meaning="what is to be done"
    ),
)


async def plan_from_file(overview: Overview) -> None:
    """Ask for a file, and plan what it says; of a table with bad rows every one is listed."""
    spec = _form(overview, "Plan from file", "Read it", _FILE_FIELDS, "one row a target, or a whole plan")
    values = await overview.app.push_screen_wait(Form(spec))
    if values is None:
        return
    try:
        path = _path(str(values["file"]))
    except RuntimeError:
        words = f"{safe(str(values['file']))}: nobody of that name has a folder here"
        overview.notify(words, severity="error", timeout=8, markup=False)
        return
    if path.suffix == ".toml" or _PLAN_NAME.fullmatch(path.name):
        await _open_plan(overview, path)
    else:
        await _read_table(overview, path, _BY_TITLE.get(str(values.get("action")), ""))


async def plan_shown(overview: Overview, port_ids: Sequence[int]) -> None:
    """Ask what is to be done, and plan it for these ports: all that the filter showed."""
    words = f"{len(port_ids)} ports are shown, and all of them are meant"
    spec = _form(overview, "Plan for all shown", "Go on", _ACTION_FIELDS, words)
    values = await overview.app.push_screen_wait(Form(spec))
    if values is None:
        return
    title = str(values["action"])
    if title == RUN_OUT_AND_CLOSE:
        await plan_wishes(overview, run_out_and_close(port_ids))
    else:
        await command_many(overview, _BY_TITLE[title], port_ids)


def _path(typed: str) -> Path:
    return Path(typed.strip()).expanduser()


async def _open_plan(overview: Overview, path: Path) -> None:
    desk = desk_of(overview)
    if desk is None:
        return

    async def load() -> Plan:
        if path.suffix != ".toml":
            return await asyncio.to_thread(desk.find, path.name)
        try:
            return await asyncio.to_thread(plan_files.load, path)
        except OSError as error:
            raise PlanRefused(f"{safe(str(path))}: {safe(str(error.strerror or error))}") from None

    await serve(overview, await carry_out(overview, load))


async def _read_table(overview: Overview, path: Path, action: str) -> None:
    try:
        contents = await asyncio.to_thread(read_regular, path, MOST_BYTES)
        wishes = rows.read(contents.data, action)
    except OSError as error:
        words = f"{safe(str(path))}: {safe(str(error.strerror or error))}"
        overview.notify(words, severity="error", timeout=8, markup=False)
    except rows.BadRows as bad:
        count = len(bad.problems)
        words = f"{safe(path.name)}: {count} bad {'row' if count == 1 else 'rows'}; nothing was planned."
        heading = [where(overview.who), ((words, Tone.WARN),)]
        lines = problem_rows(bad.problems)
        await overview.app.push_screen_wait(Listing("Bad rows", heading, lines, key_words(("esc", "leave"))))
    else:
        await plan_wishes(overview, wishes)


def _form(overview: Overview, title: str, verb: str, fields: Sequence[Field], words: str) -> FormSpec:
    def check(values: Mapping[str, object]) -> object:
        return gather(fields, values)

    return FormSpec(
        title=title,
        verb=verb,
        lines=[where(overview.who), ((words, Tone.TITLE),)],
        fields=fields,
        call="plan",
        check=check,
    )
