"""Every documented call, the same way: found, filled in, shown as it will go, made with just these values."""

from urllib.parse import parse_qs

import pytest
from protocol.valid import Entry, Typed, valid
from textual.widgets import Button
from wire.scripted import Answer, Server, http, playing

from console.autostore.catalogue import Interface
from console.autostore.methods import offered
from console.fields import Kind
from console.interface.calling import asks_first
from console.interface.drawing import plain
from console.interface.screens.confirm import Confirm
from console.interface.screens.form import Form
from console.interface.screens.reply import Reply
from console.interface.widgets.entry import Entry as Line
from console.mor.calls import CALLS, Call
from console.operations.commands import PORT_COMMANDS
from console.outcome import CallFailed
from console.state.entities import SourceName
from console.tap import Request

from .calls import choose, field_of, fill, put, said, typed, written
from .screen import Console, running

AUTOSTORE, MOR = SourceName.AUTOSTORE, SourceName.MOR
ACCEPTED = Answer(http(b"<response><params/></response>"))
NO = Answer(http(b"<page><error>no</error></page>"))

TASK = offered(Interface.TASK)
"""Also what the Bin interface has of them has the same form: to spoil one is enough."""

CHUNKS = {
    **{
        f"{interface}-{number}": (AUTOSTORE, interface, offered(interface)[number::3])
        for interface in Interface
        for number in range(3)
    },
    **{f"mor-{number}": (MOR, Interface.TASK, CALLS[number::3]) for number in range(3)},
}


@pytest.mark.parametrize("chunk", CHUNKS)
async def test_every_call_has_its_form_shows_its_request_and_is_made(chunk: str) -> None:
    system, interface, entries = CHUNKS[chunk]
    answer = ACCEPTED if system is AUTOSTORE else NO
    async with playing(answer) as server, running(interface=interface, size=(80, 24)) as console:
        console.site.url = server.url
        for entry in entries:
            values = valid(entry)
            await choose(console, entry)
            if entry.params:
                await fill_in(console, entry, values)
            request = console.site.target(system).request(entry.name, values)
            if asks_first(entry):
                question = await console.dialog(Confirm)
                shown = [plain(line) for line in question._question.lines]
                assert written(request) in "\n".join(shown), entry.name
                assert (console.commands.sent, server.requests) == ([], [])
                await console.press("y")
            reply = await console.dialog(Reply)
            await assert_made(console, server, system, entry, request)
            assert str(reply.query_one("#reply").border_title) == entry.name
            await console.press("escape")
            await console.back()
            console.commands.sent.clear()
            server.requests.clear()


async def fill_in(console: Console, entry: Entry, values: Typed) -> None:
    """Look at the form as it opens, fill it in, try what is wrong, and press its button."""
    form = await console.dialog(Form)
    assert [widget.id for widget in form.query("Entry, Choice")] == [
        f"field-{field.name}" for field in entry.params
    ]
    opened = said(form, "#problem")
    missing = opened.removeprefix("! ").partition(" is missing")[0]
    assert not opened or f"{missing} is missing: wanted " in opened, opened
    assert missing in ("", *(field.name for field in entry.params))

    await fill(console, form, entry, values)
    send = form.query_one("#send", Button)
    assert (said(form, "#problem"), send.disabled) == ("", False), entry.name
    system = MOR if isinstance(entry, Call) else AUTOSTORE
    marked = isinstance(entry, Call) and entry.description_param
    note = f"\n{marked} will also hold the command's id" if marked else ""
    assert said(form, "#preview") == written(console.site.target(system).request(entry.name, values)) + note
    if console.site.interface is Interface.TASK or entry not in TASK:
        await spoil(console, form, entry, values)
    send.press()
    await console.settle()


async def spoil(console: Console, form: Form, entry: Entry, values: Typed) -> None:
    """Put what is wrong into each field in turn: the form says what would be right, and cannot be sent."""
    for field in entry.params:
        wrong = WRONG.get(field.kind)
        if wrong is not None and isinstance(field_of(form, field), Line) and field.name in values:
            put(form, field, wrong)
            await console.settle()
            name = field.fields[0].name if field.fields else field.name
            problem = said(form, "#problem")
            assert problem.startswith((f"! {field.name} is ", f"! {name} is ", "! nonsense is unknown")), (
                problem
            )
            assert (field.wanted in problem) or field.fields
            assert form.query_one("#send", Button).disabled
            assert "POST" not in said(form, "#preview")
            put(form, field, typed(values[field.name]))
            await console.settle()
    assert said(form, "#problem") == ""


READ_BACK = {command.method for command in PORT_COMMANDS} | {
    *("device_create", "device_update", "device_delete", "device_rule_create")
}
"""The calls by name that something can be read back of."""


def system_reads(console: Console, system: SourceName) -> bool:
    """Whether targets can be looked at: the Bin interface does not tell of ports."""
    return system is MOR or console.site.interface is Interface.TASK


WRONG = {
    Kind.INTEGER: "99999999999",
    Kind.TIME: "tomorrow",
    Kind.TEXT: "x" * 256,
    Kind.SECRET: "x" * 256,
    Kind.RECORD: "nonsense:1",
    Kind.ENTRY: "nonsense:1",
}


async def assert_made(
    console: Console, server: Server, system: SourceName, entry: Entry, request: Request
) -> None:
    """Look for one call with these values: a read at the server, a command at the dispatcher."""
    if entry.mutating:
        (order,) = console.commands.sent
        assert (order.system, order.method, order.target) == (system, entry.name, request.target)
        assert (order.goal is not None) is (entry.name in READ_BACK and system_reads(console, system))
        assert server.requests == []
        try:
            await console.site.target(system).call(order.method, order.arguments)
        except CallFailed:
            assert system is MOR
    else:
        assert console.commands.sent == []
    (body,) = server.bodies()
    if system is AUTOSTORE:
        assert body == request.body.text
    else:
        shown = parse_qs(request.body.text.decode(), keep_blank_values=True)
        sent = parse_qs(body.decode(), keep_blank_values=True)
        assert shown.keys() == sent.keys()
        assert {name: sent[name] for name, value in shown.items() if value != ["***"]} == {
            name: value for name, value in shown.items() if value != ["***"]
        }


def test_every_call_is_in_one_of_the_chunks() -> None:
    entries = [entry for _, _, entries in CHUNKS.values() for entry in entries]
    assert len(entries) == sum(len(offered(interface)) for interface in Interface) + len(CALLS)
