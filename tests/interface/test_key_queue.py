"""A key means what it meant when it was pressed, however fast keys come."""

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from console.interface.key_queue import HELD_MOST, KeyQueue
from console.interface.screens.form import Form

from .screen import Console, running
from .world import Site, closed, device, user


class Hop(Message):
    """Takes a number of further messages before it has its effect."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


class Box(Widget, can_focus=True):
    """Remembers its keys; `a` gives the focus to the other box, by way of messages."""

    BINDINGS = [("a", "go")]  # noqa: RUF012 - as Textual declares it
    hops = 1

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.keys: list[str] = []

    def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)

    def action_go(self) -> None:
        self.post_message(Hop(self.hops))

    def on_hop(self, message: Hop) -> None:
        if message.left > 1:
            self.post_message(Hop(message.left - 1))
        else:
            self.screen.set_focus(self.screen.query_one("#two"))


class Boxes(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.queue = KeyQueue(self, super().on_event, lambda: self.focused or self.screen)

    def compose(self) -> ComposeResult:
        yield Box("one")
        yield Box("two")

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self.queue.take(event)
        else:
            await super().on_event(event)


@pytest.mark.parametrize("hops", [1, 2])
async def test_the_next_key_goes_where_the_one_before_leads(
    hops: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Box, "hops", hops)
    app = Boxes()
    async with app.run_test() as pilot:
        for key in "xayz":
            app.post_message(events.Key(key, key))
        await pilot.pause()
        while app.queue._busy:
            await pilot.pause()
        assert app.query_one("#one", Box).keys == ["x", "a"]
        assert app.query_one("#two", Box).keys == ["y", "z"]


async def test_a_stuck_key_does_not_fill_the_memory() -> None:
    app = Boxes()
    async with app.run_test() as pilot:
        app.queue._busy = True
        for _ in range(HELD_MOST + 50):
            await app.queue.take(events.Key("x", "x"))
        assert len(app.queue._held) == HELD_MOST
        app.queue._held.clear()
        await app.queue._next()
        await pilot.pause()


def fill(site: Site) -> None:
    site.see(*(closed(port_id) for port_id in range(1, 13)))
    site.see_users(user(100, "hall2"))
    site.see_devices(*(device(device_id) for device_id in range(1, 6)))


def shown_and_focus(console: Console) -> object:
    return list(console.workspace.ports.rows.keys), console.focus


def device_marks(console: Console) -> object:
    return console.workspace.devices.rows.marks, console.workspace.ports.rows.marks


def port_marks(console: Console) -> object:
    return console.workspace.ports.rows.marks


BURSTS = [
    ("slash 4 enter", shown_and_focus, ([4], "port-rows")),
    ("slash 4 enter asterisk", port_marks, {4}),
    ("slash 1 - 3 down space space", port_marks, {1, 2}),
    ("slash 4 escape j space", port_marks, {5}),
    ("3 j j space", device_marks, ({3}, set())),
    ("space 3 space 1 space", device_marks, ({1}, {1, 2})),
    ("j space k k 3 escape 1 space", port_marks, {1, 2}),
    ("asterisk slash m a r k e d enter escape escape", port_marks, set()),
]


async def test_bursts_at_the_workspace() -> None:
    for keys, look, wanted in BURSTS:
        async with running(fill, ports=12) as console:
            await console.burst(*keys.split())
            assert look(console) == wanted, keys


async def test_a_burst_through_the_fields_of_a_form() -> None:
    async with running(fill, ports=12) as console:
        await console.press("3", "r")
        form = await console.dialog(Form)
        await console.burst(*"wave", "tab", "0", "0", "tab", "3", "9", "enter")
        assert form._values() == {"name": "wave", "cut": "00", "add": "39"}
        assert console.focus == "send"
