"""The phones: whose, which, their rules, and a new rule for one or many."""

from console.interface.screens.form import Form
from console.interface.screens.picker import Picker

from .screen import Console, running
from .world import USER, device, rule, user

RULE = {"name": "wave", "cut": "00", "add": "39"}


async def fill_in_rule(console: Console) -> None:
    await console.press("r")
    await console.dialog(Form)
    await console.burst(*"wave", "tab", "0", "0", "tab", "3", "9", "enter")


async def test_the_first_user_s_phones_are_listed_and_the_rules_under_the_cursor_are_read() -> None:
    async with running() as console:
        await console.press("3")
        assert "Devices of 100 hall2 (Hall 2)  14" in console.text()
        assert "Device 1  SIP  user 100" in console.text()
        assert "outside" in console.text()
        assert console.site.devices is not None
        assert (console.site.devices.user, console.site.devices.rules) == (USER, 1)
        await console.press("j")
        assert console.site.devices.rules == 2
        assert "reading the rules" in console.text()
        console.site.see_rules(2, rule(7, "local"))
        await console.settle()
        assert "local" in console.text()


async def test_a_rule_for_the_phone_under_the_cursor() -> None:
    async with running() as console:
        await console.press("3")
        await fill_in_rule(console)
        assert "call  device_rule_create device_id=1 name=wave cut=00 add=39" in console.text()
        await console.press("enter")
        await console.back()
        assert console.commands.calls == [("device_rule_create", {"device_id": 1, **RULE})]


async def test_a_rule_that_the_server_would_refuse_cannot_be_sent() -> None:
    async with running() as console:
        await console.press("3", "r")
        await console.dialog(Form)
        assert "! name is missing" in console.text()
        await console.write("wave")
        assert "! cut is blank" in console.text()
        await console.press("enter", "enter", "enter")
        assert isinstance(console.app.screen, Form)
        await console.press("escape")
        await console.back()
        assert console.commands.sent == []


async def test_the_target_stays_though_the_list_changes_during_the_form() -> None:
    async with running() as console:
        await console.press("3")
        await fill_in_rule(console)
        console.site.see_devices(device(2), device(3))
        await console.settle()
        await console.press("enter")
        await console.back()
        assert [order.target for order in console.commands.sent] == ["device 1"]


async def test_marks_on_phones_that_are_gone_are_forgotten() -> None:
    async with running() as console:
        await console.press("3", "space", "space")
        console.site.clock.pass_(1)
        console.site.see_devices(device(2), device(3))
        await console.settle()
        assert console.workspace.devices.rows.marks == {2}
        assert "1 marked" in console.lines()[0]


CHOICES = {
    "o f f enter": 101,
    "down enter": 101,
    "down up enter": USER,
    "h a l l space 2 enter": USER,
    "escape": USER,
    "z z enter": USER,
}


async def test_choosing_a_user() -> None:
    async with running() as console:
        await console.press("3")
        for keys, chosen in CHOICES.items():
            console.workspace.choose_user(USER)
            console.workspace.devices.rows.marks = {1}
            await console.press("u")
            await console.dialog(Picker)
            assert "100 hall2 (Hall 2)" in console.text()
            await console.burst(*keys.split())
            await console.back()
            assert console.site.devices is not None
            assert console.site.devices.user == console.workspace.devices.user_id == chosen, keys
            assert console.workspace.devices.rows.marks == ({1} if chosen == USER else set()), keys
        await console.press("u")
        await console.dialog(Picker)
        await console.burst(*"desk", "escape", "u")
        await console.press(*"off", "enter")
        assert "Devices of 101 office  1" in console.text()
        assert "desk" in console.text()


async def test_without_users_the_reason_is_said() -> None:
    async with running(lambda site: None) as console:
        await console.press("3", "u")
        assert console.toasts()[-1] == "choose user: no users are known: not read yet"
        console.site.store.miss_users("connection refused")
        await console.press("u")
        assert console.toasts()[-1] == "choose user: no users are known: connection refused"
        await console.press("r")
        assert console.toasts()[-1] == "new rule: no device is shown"


async def test_without_a_phone_switch_the_reason_is_said() -> None:
    async with running(lambda site: setattr(site, "devices", None)) as console:
        await console.press("3", "u", "R")
        assert [words.split(": ")[1] for words in console.toasts()] == ["no phone switch is connected"] * 2


async def test_reading_again() -> None:
    async with running() as console:
        await console.press("3", "R")
        assert console.site.devices is not None
        assert console.site.devices.refreshed == 1


async def test_the_filter_of_the_phones() -> None:
    async with running() as console:
        await console.press("3", "slash")
        await console.write("phone-1")
        assert "5 of 14" in console.text()
        await console.press("escape")
        assert "100 hall2 (Hall 2)  14" in console.text()
        assert console.focus == "device-rows"


async def test_a_list_that_could_not_be_read_says_so() -> None:
    async with running() as console:
        console.site.clock.pass_(40)
        console.site.store.miss_devices(USER, "timed out")
        console.workspace.tick()
        await console.settle()
        assert "~ unreachable, 40 s old" in console.text()
        await console.press("3")
        assert "last try: timed out" in console.text()


async def test_a_user_without_phones() -> None:
    async with running(lambda site: site.see_users(user(USER, "hall2"))) as console:
        console.site.see_devices()
        await console.settle()
        assert "Devices of 100 hall2  0" in console.text()
