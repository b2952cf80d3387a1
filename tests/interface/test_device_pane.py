"""The list of devices: its orders, and lists so long that a thread puts them in order."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from console.interface.device_index import DeviceIndex, DeviceSort, index_devices
from console.interface.panes import devices as pane
from console.mor.replies import Device
from console.state.quality import Quality

from .screen import Console, running
from .world import USER, Site, device, hall, user

LONG = 50


class Thread:
    """Puts lists in order on a thread, when it is told to."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.may.set()
        self.where: list[str] = []

    def index(self, devices: Sequence[Device], order: DeviceSort) -> DeviceIndex:
        """Do it as the pane would."""
        self.where.append(threading.current_thread().name)
        assert self.may.wait(10)
        return index_devices(devices, order)


@pytest.fixture
def thread(monkeypatch: pytest.MonkeyPatch) -> Thread:
    """Let a list of more than a few count as long."""
    made = Thread()
    monkeypatch.setattr(pane, "AT_ONCE", 20)
    monkeypatch.setattr(pane, "index_devices", made.index)
    return made


def many(number: int = LONG, **more: Any) -> list[Device]:
    return [
        device(device_id, f"{'gate' if device_id % 2 else 'dock'}-{device_id}", **more)
        for device_id in range(1, number + 1)
    ]


async def listed(console: Console, *devices: Device) -> None:
    """See a list, and wait until it is shown."""
    console.site.clock.pass_(1)
    console.site.see_devices(*devices)
    await console.settle()
    await until_indexed(console)


async def until_indexed(console: Console) -> None:
    await console.until(lambda: not console.workspace.devices._indexing, "the order")
    await console.settle()


async def test_s_goes_round_the_orders_and_the_cursor_stays_on_its_phone() -> None:
    async with running() as console:
        rows = console.workspace.devices.rows
        await listed(console, device(3, "a"), device(1, "c", device_type="IAX2"), device(2, "b", ipaddr=""))
        await console.press("3", "down")
        assert rows.cursor == 2
        for order, ids in (
            ("name", [3, 2, 1]),
            ("type", [1, 2, 3]),
            ("address", [1, 3, 2]),
            ("id", [1, 2, 3]),
        ):
            await console.press("s")
            assert f"sort: {order}" in console.text()
            assert list(rows.keys) == ids
            assert rows.cursor == 2
        assert console.workspace.ports.sort == "attention"


async def test_a_short_list_is_there_at_once_and_a_long_one_comes_from_a_thread(thread: Thread) -> None:
    async with running() as console:
        await console.press("3")
        thread.where.clear()
        await listed(console, *many(20))
        await listed(console, *many())
        assert [name == "MainThread" for name in thread.where] == [True, False]
        assert list(console.workspace.devices.rows.keys) == list(range(1, LONG + 1))
        assert f"Devices of 100 hall2 (Hall 2)  {LONG}" in console.text()


async def test_a_long_list_is_filtered_as_it_is_typed(thread: Thread) -> None:
    async with running() as console:
        rows = console.workspace.devices.rows
        await listed(console, *many())
        await console.press("3", "slash")
        made = len(thread.where)
        for text, ids in (("g", 25), ("gate-3", 6), ("gate-3 9", 1)):
            for character in text.removeprefix(console.workspace.devices.filter_line.value):
                await console.write(character)
            assert len(rows.keys) == ids
            assert f"{ids} of {LONG}" in console.text()
        await console.press("backspace", "backspace")
        assert len(rows.keys) == 6
        assert len(thread.where) == made, "nothing is put in order for it"


async def test_marks_are_on_phones_not_on_rows(thread: Thread) -> None:
    async with running() as console:
        rows = console.workspace.devices.rows
        await listed(console, *many())
        await console.press("3", "space", "space", "s")
        await until_indexed(console)
        assert rows.marks == {1, 2}
        await console.press("slash")
        await console.write("dock")
        await console.press("enter", "asterisk")
        assert len(rows.marks) == 26
        await listed(console, *many()[:30])
        assert rows.marks == {1, *range(2, 31, 2)}
        assert [one.device_id for one in console.workspace.devices.targets()] == sorted(rows.marks)


async def test_until_a_new_list_is_in_order_the_one_before_stands_and_looks_no_fresher(
    thread: Thread,
) -> None:
    async with running() as console:
        await listed(console, *many())
        await console.press("3")
        console.site.clock.pass_(60)
        console.workspace.tick()
        await console.settle()
        assert "~ stale, 60 s old" in console.text()
        console.site.clock.pass_(1)
        thread.may.clear()
        console.site.see_devices(*many(LONG + 1))
        await console.settle()
        assert f"hall2 (Hall 2)  {LONG}" in console.text()
        assert console.workspace.devices._quality() is Quality.STALE, "the new list is not what is shown"
        thread.may.set()
        await until_indexed(console)
        assert f"hall2 (Hall 2)  {LONG + 1}" in console.text()
        assert "stale" not in console.text()


async def test_another_user_s_phones_never_stand_under_this_one_s_name(thread: Thread) -> None:
    def fill(site: Site) -> None:
        hall(site)
        site.see_users(user(USER, "hall2"), user(101, "office"))

    async with running(fill) as console:
        await listed(console, *many())
        console.site.see_devices(*many(30), user_id=101)
        thread.may.clear()
        console.workspace.choose_user(101)
        await console.settle()
        assert "Devices of 101 office  0" in console.text()
        console.workspace.choose_user(USER)
        console.workspace.choose_user(101)
        await console.settle()
        assert list(console.workspace.devices.rows.keys) == []
        thread.may.set()
        await until_indexed(console)
        assert "Devices of 101 office  30" in console.text()


async def test_an_order_chosen_while_another_is_made_wins(thread: Thread) -> None:
    async with running() as console:
        await listed(console, *many())
        await console.press("3")
        thread.may.clear()
        await console.press("s", "s", "s", "s")
        thread.may.set()
        await until_indexed(console)
        assert "sort: id" in console.text()
        assert list(console.workspace.devices.rows.keys) == list(range(1, LONG + 1))
