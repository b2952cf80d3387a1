"""Short ways to any documented call: by its name in the palette, and through its form."""

from collections.abc import Sequence

from protocol.valid import Entry, Typed
from textual.command import CommandPalette
from textual.widgets import OptionList

from console.autostore.catalogue import Interface, Method
from console.autostore.methods import find as find_method
from console.fields import Field
from console.interface.drawing import plain
from console.interface.screens.form import Form
from console.interface.widgets.choice import Choice
from console.interface.widgets.entry import Entry as Line
from console.interface.widgets.toned import Lines
from console.interface.wire_rows import body_lines
from console.mor.calls import Call
from console.mor.calls import find as find_call
from console.tap import Request

from .screen import Console


def method(name: str, interface: Interface = Interface.TASK) -> Method:
    found = find_method(name, interface)
    assert found is not None
    return found


def call(name: str) -> Call:
    found = find_call(name)
    assert found is not None
    return found


async def choose(console: Console, entry: Entry) -> None:
    """Find a call in the palette by its name, and choose it."""
    await console.press("colon")
    await console.until(lambda: isinstance(console.app.screen, CommandPalette), "the palette")
    await console.write(entry.name)
    options = console.app.screen.query_one(OptionList)
    wanted = f"{entry.name}\n{entry.summary}"
    place = await console.until(
        lambda: next((n for n, one in enumerate(options.options, 1) if str(one.prompt) == wanted), 0),
        f"{entry.name} in the palette",
    )
    options.highlighted = place - 1
    await console.press("enter")
    await console.until(lambda: not isinstance(console.app.screen, CommandPalette), "the end of the palette")


async def open_form(console: Console, entry: Entry) -> Form:
    await choose(console, entry)
    return await console.dialog(Form)


def field_of(form: Form, field: Field) -> Line | Choice:
    widget = form.query_one(f"#field-{field.name}")
    assert isinstance(widget, Line | Choice)
    return widget


def put(form: Form, field: Field, text: str) -> None:
    """Fill one field in, whatever stands there."""
    widget = field_of(form, field)
    if isinstance(widget, Line):
        widget.value = text
    else:
        for _ in range(20):
            if widget.value == text:
                return
            widget.action_turn(1)
        raise AssertionError(f"{field.name} cannot be {text}")


def typed(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else " ".join(value)


async def fill(console: Console, form: Form, entry: Entry, values: Typed) -> None:
    for field in entry.params:
        put(form, field, typed(values.get(field.name, "")))
    await console.settle()


def said(form: Form, id: str) -> str:
    return "\n".join(plain(line) for line in form.query_one(id, Lines)._wanted)


def written(request: Request) -> str:
    return "\n".join([f"POST {request.url}", *map(plain, body_lines(request.body))])
