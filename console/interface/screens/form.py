"""A form made from fields: checked as it is typed, and the call shown before it is sent."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button

from console.fields import Field, Invalid, Kind
from console.interface.drawing import Line, Tone
from console.interface.screens.dialog import Dialog
from console.interface.widgets.choice import Choice
from console.interface.widgets.entry import Entry
from console.interface.widgets.toned import Lines
from console.secret import HIDDEN

Values = dict[str, object]


class FormSpec(Struct, frozen=True, kw_only=True):
    """What is asked for: `call` is the call so far, in words; `check` raises Invalid.

    `given` are the values the form starts with. `preview` shows the request itself in place of the words.
    """

    title: str
    verb: str
    lines: Sequence[Line]
    fields: Sequence[Field]
    call: str
    check: Callable[[Mapping[str, object]], object]
    given: Mapping[str, str] = {}
    preview: Callable[[Mapping[str, object]], Sequence[Line]] | None = None


class Form(Dialog[Values]):
    """Returns the values given, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the box around the fields can take them: that follows the focus.
        Binding("pageup", "scroll(-1)", show=False, priority=True),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
    ]

    def __init__(self, spec: FormSpec) -> None:
        super().__init__()
        self._spec = spec

    def compose(self) -> ComposeResult:
        """Build a line for each field."""
        spec = self._spec
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(spec.title)
            dialog.border_subtitle = Content("tab next field, esc leaves")
            yield Lines(*spec.lines)
            with VerticalScroll(id="fields", can_focus=False):
                for field in spec.fields:
                    with Horizontal(classes="field"):
                        name = field.name + (" *" if field.required else "")
                        yield Lines(((name, Tone.TITLE if field.required else Tone.PLAIN),), classes="name")
                        yield _input(field, spec.given.get(field.name, ""))
            yield Lines(id="hint")
            yield Lines(id="problem")
            with VerticalScroll(id="request", can_focus=False):
                yield Lines(id="preview")
            with Horizontal(classes="buttons"):
                yield Button(Content("Cancel"), id="cancel")
                yield Button(Content(spec.verb), id="send")

    def on_mount(self) -> None:
        """Start in the first field."""
        super().on_mount()
        self._entry(self._spec.fields[0]).focus()
        self._recheck()

    def on_descendant_focus(self) -> None:
        """Say what the field with the focus is for."""
        field = next((one for one in self._spec.fields if self._entry(one).has_focus), None)
        hint = "" if field is None else _hint(field)
        self.query_one("#hint", Lines).show([((hint, Tone.DIM),)])

    def on_input_changed(self) -> None:
        """Check again with every key."""
        self._recheck()

    def on_choice_changed(self) -> None:
        """Check again with every turn."""
        self._recheck()

    def on_input_submitted(self) -> None:
        """Enter goes to the button once all is right, else to the next field; it never sends by itself."""
        self.focus_next("#send" if self._problem() is None else "Entry, Choice")

    def on_choice_submitted(self) -> None:
        """As in a text field."""
        self.on_input_submitted()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Return the values, or nothing."""
        if event.button.id == "cancel":
            self.dismiss(None)
        elif self._problem() is None:
            self.dismiss(self._values())

    def action_scroll(self, direction: int) -> None:
        """Read on in the request, where it is longer than there is room for."""
        request = self.query_one("#request")
        request.scroll_relative(y=direction * max(1, request.size.height - 1), animate=False)

    def _recheck(self) -> None:
        problem = self._problem()
        shown: Line = ((f"! {problem}", Tone.WARN),) if problem is not None else ()
        self.query_one("#problem", Lines).show([shown])
        preview = self._spec.preview(self._values()) if self._spec.preview and problem is None else ()
        self.query_one("#preview", Lines).show(preview or [self._in_words()])
        self.query_one("#send", Button).disabled = problem is not None

    def _in_words(self) -> Line:
        values = self._values()
        given = (field for field in self._spec.fields if field.name in values)
        words = " ".join(f"{field.name}={_shown(field, values[field.name])}" for field in given)
        return (("call  ", Tone.DIM), (f"{self._spec.call} {words}", Tone.PLAIN))

    def _problem(self) -> str | None:
        try:
            self._spec.check(self._values())
        except Invalid as invalid:
            return str(invalid)
        return None

    def _values(self) -> Values:
        fields = self._spec.fields
        return typed_values(fields, {field.name: self._entry(field).value for field in fields})

    def _entry(self, field: Field) -> Entry | Choice:
        entry = self.query_one(f"#field-{field.name}")
        assert isinstance(entry, Entry | Choice)
        return entry


def _hint(field: Field) -> str:
    words = f"{field.name}: {field.meaning or field.wanted}"
    if field.meaning and field.kind is not Kind.TEXT:
        words += f" ({field.wanted})"
    if field.repeated:
        words += "; several with blanks between"
    return words + (f"; left out: {field.default}" if field.default else "")


def typed_values(fields: Sequence[Field], texts: Mapping[str, str]) -> Values:
    """Return what is typed for these fields, several values of one apart; what is blank is left out."""
    typed = ((field, texts.get(field.name, "")) for field in fields)
    return {field.name: _split(field, text) for field, text in typed if text.strip()}


def _input(field: Field, given: str) -> Entry | Choice:
    name = f"field-{field.name}"
    choices = ("true", "false") if field.kind is Kind.BOOLEAN else tuple(filter(None, field.choices))
    if choices:
        return Choice(choices, blank="(choose)" if field.required else "(left out)", id=name)
    return Entry(value=given, id=name, password=field.kind is Kind.SECRET)


def _split(field: Field, text: str) -> object:
    """A repeated value is typed with blanks or commas between; in a record, commas are its own."""
    if not field.repeated:
        return text if field.kind in (Kind.TEXT, Kind.SECRET) else text.strip()
    between = r"\s+" if field.kind in (Kind.RECORD, Kind.ENTRY) else r"[\s,]+"
    return [part for part in re.split(between, text.strip()) if part]


def _shown(field: Field, value: object) -> str:
    if field.kind is Kind.SECRET:
        return HIDDEN
    return " ".join(value) if isinstance(value, list) else str(value)
