"""The list of alarms: what each key does, what is recorded, and who may."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from console.interface.screens.alarms import Alarms
from console.interface.screens.form import Form
from console.operations.actor import Actor
from console.operations.alarm_desk import AlarmDesk
from console.operations.authority import Authority
from console.operations.journal import Entry, Journal, read
from console.settings.tables import Role
from console.state.entities import SourceName

from .screen import Console, running
from .world import IN_ERROR

NAME = f"case error at port {IN_ERROR}"


@asynccontextmanager
async def listing(folder: Path, role: Role = Role.TECHNICIAN, **more: object) -> AsyncIterator[Console]:
    """Open the list where a case is in error."""
    actor = Actor(operator="tess", role=role.value, uid=1000, login_uid=None, login_session=None, claims={})
    journal = Journal(folder, site="Hall 2", mode="LIVE", actor=actor)
    async with running(**more) as console:  # type: ignore[arg-type]
        console.site.alarm_desk = AlarmDesk(journal, Authority(role=role), 8.0)
        await console.press("a")
        await console.dialog(Alarms)
        yield console
    await journal.close()


def entries(folder: Path) -> list[Entry]:
    return [record.entry for record in read(folder)]


async def recorded(console: Console, folder: Path, count: int) -> list[Entry]:
    """Wait until so many acts are recorded, and what they mean is on the screen."""
    await console.until(lambda: len(entries(folder)) == count, "a record")
    await console.until(lambda: not console.app.screen.workers, "the end of the act")
    await console.settle()
    return entries(folder)


async def test_it_says_what_is_so_and_what_can_be_done(tmp_path: Path) -> None:
    async with listing(tmp_path, size=(80, 24)) as console:
        text = console.text()
        assert "1 new" in text and "1 in 10 min" in text
        assert "! new            medium" in text
        assert "X cancels the action in error" in text
        assert "esc leave" in text


async def test_acknowledged_it_calls_more_quietly_and_is_recorded(tmp_path: Path) -> None:
    async with listing(tmp_path) as console:
        await console.press("a")
        (entry,) = await recorded(console, tmp_path, 1)
        assert (entry.kind.value, entry.target) == ("ack", NAME)
        assert "! acknowledged" in console.text()
        await console.press("a")
        await console.press("escape")
        assert "acknowledged   g go there" in console.lines()[1]
        assert len(entries(tmp_path)) == 1, "once is enough"


async def test_all_at_once(tmp_path: Path) -> None:
    async with listing(tmp_path) as console:
        console.site.store.source_is_lost(SourceName.MOR, "gone", console.site.clock())
        await console.settle()
        console.app.screen._draw()  # type: ignore[attr-defined]
        await console.press("A")
        assert {entry.target for entry in await recorded(console, tmp_path, 2)} == {NAME, "lost MOR"}


async def test_shelved_for_a_reason_and_a_while_it_is_hidden_and_counted(tmp_path: Path) -> None:
    async with listing(tmp_path) as console:
        await console.press("z")
        await console.dialog(Form)
        await console.write("being mended")
        await console.press("tab")
        await console.write("90")
        await console.press("enter", "enter")
        (entry,) = await recorded(console, tmp_path, 1)
        assert (entry.kind.value, entry.action, entry.reason) == ("shelve", "shelved", "being mended")
        assert "z shelved" in console.text()
        assert "by tess: being mended" in console.text()
        await console.press("escape")
        assert console.lines()[1].strip() == "alarms: 1 hidden   a all"
        await console.press("g")
        assert console.toasts()[-1] == "go to alarm: there is no alarm"
        await console.press("a", "b")
        await recorded(console, tmp_path, 2)
        assert "! new" in console.text()


async def test_no_shelf_without_a_reason_or_for_longer_than_allowed(tmp_path: Path) -> None:
    async with listing(tmp_path) as console:
        await console.press("z")
        await console.dialog(Form)
        await console.press("tab")
        await console.write("481")
        await console.press("enter", "enter")
        assert isinstance(console.app.screen, Form)
        await console.press("shift+tab")
        await console.write("why")
        await console.press("tab", "enter", "enter")
        assert isinstance(console.app.screen, Form)
        assert "wanted a whole number 1 to 480" in console.text()
        await console.press("escape")
        assert entries(tmp_path) == []


async def test_only_a_supervisor_takes_it_out_of_service(tmp_path: Path) -> None:
    async with listing(tmp_path) as console:
        await console.press("o")
        assert console.toasts() == ["only a supervisor takes an alarm out of service"]
    async with listing(tmp_path, Role.SUPERVISOR) as console:
        await console.press("o")
        await console.dialog(Form)
        await console.write("no case here")
        await console.press("enter", "enter")
        (entry,) = await recorded(console, tmp_path, 1)
        assert entry.action == "out of service"
        assert "o out of service" in console.text()


@pytest.mark.parametrize("key", ["a", "A", "z"])
async def test_a_viewer_only_looks(tmp_path: Path, key: str) -> None:
    async with listing(tmp_path, Role.VIEWER) as console:
        await console.press(key)
        await console.until(console.toasts, "a refusal")
        assert console.toasts() == ["the role viewer gives no commands"]
        assert entries(tmp_path) == []


async def test_enter_goes_there(tmp_path: Path) -> None:
    async with listing(tmp_path) as console:
        await console.press("enter")
        await console.back()
        assert console.workspace.ports.rows.cursor == IN_ERROR


async def test_it_is_told_when_the_journal_cannot_be_written(tmp_path: Path) -> None:
    async with listing(tmp_path) as console:
        assert console.site.alarm_desk is not None
        await console.site.alarm_desk._journal.close()
        await console.press("a")
        await console.until(console.toasts, "why not")
        assert "is closed" in console.toasts()[0]
        assert "! new" in console.text()
