"""Forms: made from fields, checked as they are filled in, sent only when all is right."""

from collections.abc import Mapping
from typing import Any

import pytest

from console.fields import Field, Kind, gather
from console.interface.drawing import Tone
from console.interface.screens.form import Form, FormSpec
from console.interface.widgets.choice import Choice
from console.interface.widgets.entry import Entry

from .screen import Console, running

FIELDS = {
    "integer": Field(name="integer", kind=Kind.INTEGER, low=1, high=10, unit="s", meaning="how long"),
    "boolean": Field(name="boolean", kind=Kind.BOOLEAN, default="true"),
    "time": Field(name="time", kind=Kind.TIME),
    "choice": Field(name="choice", kind=Kind.CHOICE, choices=("SIP", "FAX")),
    "text": Field(name="text", kind=Kind.TEXT, high=5),
    "secret": Field(name="secret", kind=Kind.SECRET, high=20),
    "several": Field(
        name="several", kind=Kind.INTEGER, low=1, high=9, repeated=True, most=3, excludes="other"
    ),
    "other": Field(name="other", kind=Kind.INTEGER, low=1, high=9, excludes="several"),
    "record": Field(
        name="record",
        kind=Kind.RECORD,
        fields=(Field(name="low", kind=Kind.INTEGER, high=9), Field(name="high", kind=Kind.INTEGER, high=9)),
    ),
    "needed": Field(name="needed", kind=Kind.TEXT, high=5, required=True),
    "picked": Field(name="picked", kind=Kind.CHOICE, choices=("A", "B"), required=True),
    "number": Field(name="number", kind=Kind.INTEGER, choices=("2", "5"), required=True),
}


async def open_form(console: Console, *names: str) -> list[Any]:
    """Open a form of these fields; returns a list that will hold what it returns."""
    fields = [FIELDS[name] for name in names]

    def check(values: Mapping[str, object]) -> object:
        return gather(fields, values)

    answers: list[Any] = []
    spec = FormSpec(
        title="New thing",
        verb="Make",
        lines=[(("Hall 2  LIVE", Tone.DIM),)],
        fields=fields,
        call="thing_create id=1",
        check=check,
    )
    await console.app.push_screen(Form(spec), answers.append)
    await console.settle()
    return answers


FILLED_IN = [
    ("integer", "7", {"integer": "7"}),
    ("integer", "", {}),
    ("boolean", "", {}),
    ("boolean", "right", {"boolean": "true"}),
    ("boolean", "left", {"boolean": "false"}),
    ("boolean", "space space space", {}),
    ("time", "2 0 2 6 - 1 1 - 2 2 T 0 6 : 0 0 : 0 0 Z", {"time": "2026-11-22T06:00:00Z"}),
    ("choice", "right right", {"choice": "FAX"}),
    ("text", "a space b", {"text": "a b"}),
    ("text", "space", {}),
    ("secret", "p w", {"secret": "pw"}),
    ("several", "1 space 2 , 3", {"several": ["1", "2", "3"]}),
    ("record", "l o w : 1 , h i g h : 2", {"record": "low:1,high:2"}),
    ("needed", "x", {"needed": "x"}),
    ("picked", "right", {"picked": "A"}),
    ("picked", "left", {"picked": "B"}),
]

WRONG = [
    ("integer", "11", "integer is 11: wanted a whole number 1 to 10 (s)"),
    ("integer", "x", "integer is x: wanted a whole number 1 to 10 (s)"),
    ("time", "06:00", "time is 06:00: wanted a UTC time"),
    ("text", "abcdef", "text is abcdef: wanted text of at most 5 characters"),
    ("several", "1 2 3 4", "several is 4 values: wanted at most 3"),
    ("several", "1,0", "several is 0: wanted a whole number 1 to 9"),
    ("record", "low:x", "low is x: wanted a whole number 0 to 9"),
    ("picked", "", "picked is missing: wanted one of A, B"),
    ("number", "1", "number is missing: wanted one of 2, 5"),
    ("secret", "x" * 21, "secret is not shown: wanted text of at most 20 characters"),
]


async def test_each_kind_of_field() -> None:
    async with running() as console:
        for name, keys, values in FILLED_IN:
            answers = await open_form(console, name)
            assert console.focus == f"field-{name}"
            await console.burst(*keys.split())
            await console.press("enter")
            assert console.focus == "send", keys
            assert answers == [], "the last field does not send"
            await console.press("enter")
            assert answers == [values]


async def test_a_wrong_value_is_explained_at_once_and_cannot_be_sent() -> None:
    async with running() as console:
        for name, typed, words in WRONG:
            answers = await open_form(console, name)
            await console.write(typed)
            assert f"! {words}" in " ".join(console.text().split())
            assert console.app.screen.query_one("#send").disabled
            await console.press("enter", "enter", "tab")
            assert answers == []
            await console.press("escape")


async def test_what_excludes_another_is_explained_as_it_is_typed() -> None:
    async with running() as console:
        answers = await open_form(console, "several", "other")
        await console.press("1", "tab", "2")
        assert "! several is 1: wanted it left out, or other left out: never both" in console.text()
        await console.press("backspace")
        assert "never both" not in console.text()
        await console.press("enter", "enter")
        assert answers == [{"several": ["1"]}]


async def test_enter_goes_to_the_next_field_until_all_is_right() -> None:
    async with running() as console:
        await open_form(console, "needed", "integer")
        assert "! needed is missing" in console.text()
        await console.press("enter")
        assert console.focus == "field-integer"
        await console.press("enter")
        assert console.focus == "field-needed"
        await console.press("x", "enter")
        assert console.focus == "send"


async def test_the_field_with_the_focus_says_what_it_is_for() -> None:
    async with running() as console:
        await open_form(console, "integer", "boolean", "needed")
        assert "integer: how long (a whole number 1 to 10 (s))" in console.text()
        await console.press("tab")
        assert "boolean: true or false; left out: true" in console.text()
        assert "needed *" in console.text(), "what is needed is marked"


async def test_the_call_is_shown_before_it_is_sent_and_never_a_secret() -> None:
    async with running() as console:
        await open_form(console, "integer", "secret", "several")
        await console.press("7", "tab", *"hunter2", "tab", "1", "space", "2")
        assert "call  thing_create id=1 integer=7 secret=*** several=1 2" in console.text()
        assert "hunter2" not in console.text()


WAYS_OUT = {
    "escape": [None],
    "shift+tab shift+tab enter": [None],
    "tab tab enter": [{}],
    "q": [],
    "1": [],
}


async def test_ways_out() -> None:
    async with running() as console:
        for keys, answers in WAYS_OUT.items():
            given = await open_form(console, "integer")
            await console.press(*keys.split())
            assert given == answers, keys
            if not answers:
                await console.press("escape")


@pytest.mark.parametrize("size", [(60, 24), (80, 24), (120, 40)])
async def test_fields_problem_call_and_buttons_are_in_sight_at_every_size(size: tuple[int, int]) -> None:
    async with running(size=size) as console:
        await open_form(console, *FIELDS)
        await console.press("shift+tab", "shift+tab")
        for words in ("! needed is missing", "call  thing_create", "Cancel", "Make"):
            assert words in console.text()
        for field in console.app.screen.query("Entry, Choice"):
            console.app.screen.set_focus(field)
            await console.settle()
            assert (field.id or "").removeprefix("field-") in console.text()


async def test_a_form_does_not_blink_and_a_pasted_text_is_made_safe() -> None:
    async with running() as console:
        await open_form(console, "text", "several")
        assert not any(entry.cursor_blink for entry in console.app.screen.query(Entry))
        await console.paste("a\x1b]0;x\x07‮b")
        assert console.app.screen.query(Entry).first().value == "a\\x1b]0;x\\x07\\u202eb"
        await console.press("tab")
        await console.paste("1\r\n2\r\n3\r\n")
        assert console.app.screen.query(Entry).last().value == "1 2 3"


async def test_a_choice_goes_round() -> None:
    choice = Choice(("A", "B"), blank="(left out)")
    assert choice.value == ""
    seen = []
    async with running() as console:
        await console.workspace.mount(choice)
        for _ in range(4):
            choice.action_turn(1)
            seen.append(choice.value)
        choice.action_turn(-1)
    assert seen == ["A", "B", "", "A"]
    assert choice.value == ""
