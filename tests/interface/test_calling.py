"""Any documented call by its name: what its form starts with, what it asks, what is said of its outcome."""

import pytest
from protocol.valid import Entry, valid
from textual.command import CommandPalette
from textual.widgets import Button, OptionList
from wire.scripted import Answer, http, playing

from console.autostore.catalogue import Effect, Interface
from console.autostore.methods import offered
from console.interface.calling import asks_first
from console.interface.drawing import plain
from console.interface.screens.confirm import Confirm
from console.interface.screens.reply import Reply
from console.interface.wire_rows import body_lines
from console.mor.calls import CALLS
from console.operations.dispatch import NotAllowed
from console.state.entities import Phase, SourceName

from .calls import call, choose, field_of, fill, method, open_form, put, said
from .screen import Console, running
from .world import BIN, BIN_ID, SECRET, USER, result

AUTOSTORE, MOR = SourceName.AUTOSTORE, SourceName.MOR
ACCEPTED = Answer(http(b"<response><params/></response>"))
NOT_KNOWN = Answer(http(b"no such method", "404 Not Found", "text/plain"))


@pytest.mark.parametrize(
    ("entry", "asks"),
    [
        (method("getportstatus"), False),
        (method("openport"), False),
        (method("update_taskgroup"), False),
        (method("closeport"), True),
        (method("closeport", Interface.BIN), True),
        (method("openbin"), True),
        (method("case_extract"), True),
        (call("device_rules_get"), False),
        (call("device_update"), False),
        (call("device_rule_delete"), True),
        (call("device_callflow_update"), True),
    ],
    ids=lambda part: getattr(part, "name", part),
)
def test_what_could_move_or_lose_something_asks_first(entry: Entry, asks: bool) -> None:
    assert asks_first(entry) is asks


def test_every_call_that_acts_or_destroys_asks_first() -> None:
    for interface in Interface:
        for one in offered(interface):
            assert asks_first(one) or one.effect is not Effect.ACT
            assert one.mutating or not asks_first(one)
    assert all(asks_first(one) is one.destructive for one in CALLS)


# What stands in a form when it opens


async def test_a_form_starts_with_what_the_cursors_are_on() -> None:
    async with running() as console:
        await console.on_port(BIN)
        for entry, given in [
            (method("getbininfo"), {"bin_id": str(BIN_ID)}),
            (method("closebin"), {"port_id": str(BIN), "bin_id": str(BIN_ID)}),
            (method("openbin"), {"port_id": str(BIN)}),  # an optional value of a command is never filled in
            (call("devices_get"), {"user_id": str(USER)}),
            (call("device_rules_get"), {"device_id": "1"}),
        ]:
            form = await open_form(console, entry)
            values = {field.name: field_of(form, field).value for field in entry.params}
            assert {name: value for name, value in values.items() if value} == given
            assert console.focus == f"field-{entry.params[0].name}"
            await console.press("escape")
            await console.back()


async def test_two_values_that_exclude_each_other_are_explained() -> None:
    async with running(size=(80, 24)) as console:
        entry = method("gettaskinfo")
        form = await open_form(console, entry)
        fields = {field.name: field for field in entry.params}
        put(form, fields["taskgroup_id"], "5")
        put(form, fields["task_id"], "6")
        await console.settle()
        words = "! taskgroup_id is 5: wanted it left out, or task_id left out: never both"
        assert said(form, "#problem") == words
        put(form, fields["task_id"], "")
        await console.settle()
        assert said(form, "#problem") == ""


async def test_a_condition_between_values_is_explained() -> None:
    async with running(size=(80, 24)) as console:
        entry = method("insertbin")
        form = await open_form(console, entry)
        await fill(console, form, entry, {"port_id": "4", "bin_id": "7", "bin_type": "16"})
        words = "! content is missing: wanted a content code, because bin_type is given"
        assert said(form, "#problem") == words


async def test_a_field_that_takes_several_says_how() -> None:
    async with running() as console:
        form = await open_form(console, method("openport"))
        assert "several" not in said(form, "#hint")
        await console.press("tab")
        assert said(form, "#hint").endswith("; several with blanks between")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_long_form_keeps_problem_request_and_buttons_in_sight(size: tuple[int, int]) -> None:
    async with running(size=size) as console:
        entry = call("device_update")
        form = await open_form(console, entry)
        assert "! device is missing" in console.text()
        await fill(console, form, entry, valid(entry))
        form.query_one("#field-callerid_control_by_dids").focus()
        await console.settle()
        for words in ("callerid_control_by_dids", "POST http://", "Cancel", "Send"):
            assert words in console.text()
        request = form.query_one("#request")
        assert request.max_scroll_y > 0
        await console.press(*["pagedown"] * 9)
        assert request.scroll_y == request.max_scroll_y
        await console.press(*["pageup"] * 9)
        assert request.scroll_y == 0


async def test_a_secret_is_neither_shown_nor_handed_on_as_text() -> None:
    async with running() as console:
        entry = call("device_create")
        form = await open_form(console, entry)
        await console.press("tab", "tab")
        await console.write("4711047110")
        assert "pin=%2A%2A%2A" not in said(form, "#preview")
        assert "pin=***" in said(form, "#preview")
        assert "4711047110" not in console.text()


# What comes of it


async def test_nothing_is_sent_without_a_yes() -> None:
    async with running() as console:
        await console.on_port(BIN)
        for keys in ("escape", "n", "enter"):
            form = await open_form(console, method("flushportbin"))
            form.query_one("#send", Button).press()
            await console.dialog(Confirm)
            assert "flushportbin?" in console.text()
            await console.press(keys)
            await console.back()
        assert console.commands.sent == []


async def test_leaving_the_form_makes_no_call() -> None:
    async with running() as console:
        await open_form(console, method("openport"))
        await console.press("escape")
        await console.back()
        assert console.commands.sent == []


ENDINGS = [
    (result(Phase.ACCEPTED), "accepted"),
    (result(Phase.REFUSED, "Port is already open.", 1002), "refused - Port is already open."),
    (result(Phase.UNKNOWN, "timed out"), "UNKNOWN - timed out"),
    (result(Phase.NOT_SENT, "cannot connect"), "not sent - cannot connect"),
]


@pytest.mark.parametrize(("ending", "words"), ENDINGS, ids=lambda part: getattr(part, "phase", None))
async def test_the_outcome_of_a_command_is_said(ending: object, words: str) -> None:
    async with running() as console:
        console.commands.answers["port 4"] = ending  # type: ignore[assignment]
        form = await open_form(console, method("openport"))
        await fill(console, form, method("openport"), {"port_id": "4"})
        form.query_one("#send", Button).press()
        await console.dialog(Reply)
        assert words in console.text()
        assert ("The reply holds no values." in console.text()) is (words == "accepted")
        assert "POST" not in console.text(), "nothing went over the wire here"


async def test_a_refusal_of_this_console_is_said() -> None:
    async with running() as console:
        console.commands.failure = NotAllowed("this console is read-only here")
        form = await open_form(console, method("openport"))
        await fill(console, form, method("openport"), {"port_id": "4"})
        form.query_one("#send", Button).press()
        await console.dialog(Reply)
        assert "this console is read-only here" in console.text()


async def test_a_site_that_is_not_connected_yet_says_so() -> None:
    async with running() as console:
        form = await open_form(console, method("openport"))
        await fill(console, form, method("openport"), {"port_id": "4"})
        console.site.commands = None
        form.query_one("#send", Button).press()
        await console.dialog(Reply)
        assert "not connected yet" in console.text()


async def test_a_reply_is_shown_with_what_went_over_the_wire() -> None:
    rows = "<bin><bin_id>7</bin_id><content>3</content></bin><bin><bin_id>8</bin_id><content/></bin>"
    page = f"<response><params><bins>{rows}</bins></params></response>".encode()
    async with playing(Answer(http(page))) as server, running(size=(80, 24)) as console:
        console.site.url = server.url
        form = await open_form(console, method("getbininfo"))
        await fill(console, form, method("getbininfo"), {"min_bin_id": "7", "max_bin_id": "8"})
        form.query_one("#send", Button).press()
        await console.dialog(Reply)
        shown = " ".join(console.text().replace("│", " ").split())
        assert "bins 2 bin_id content 7 3 8 -" in shown
        assert f"POST {server.url}/api/v2/task" in shown
        assert "HTTP 200" in shown
        await console.press("q")
        await console.back()


async def test_a_reply_shows_its_own_exchange_not_one_of_the_workers() -> None:
    status = "<response><params><port_type>CO</port_type><mode>OPEN</mode></params></response>"
    async with playing(Answer(http(status.encode()))) as server, running() as console:
        console.site.url = server.url
        controller = console.site.target(AUTOSTORE)
        form = await open_form(console, method("getportstatus"))
        await fill(console, form, method("getportstatus"), {"port_id": "7"})
        mine = controller.request("getportstatus", {"port_id": 7})
        asked = console.site.ask

        async def ask_among_others(*given: object) -> object:
            found = await asked(*given)  # type: ignore[arg-type]
            await controller.call("getportstatus", {"port_id": 9})
            return found

        console.site.ask = ask_among_others  # type: ignore[method-assign,assignment]
        form.query_one("#send", Button).press()
        await console.dialog(Reply)
        assert [one.request.target for _, one in console.site.wire_log] == ["port 9", "port 7"]
        assert plain(next(body_lines(mine.body)))[:40] in console.text()
        assert "<port_id>7</port_id>" in console.text().replace("│", "").replace("\n", "").replace(" ", "")


async def test_what_the_server_does_not_know_says_so_and_is_offered_no_more() -> None:
    words = "This server does not seem to know getportconfig; it is no longer offered."
    async with playing(NOT_KNOWN, ACCEPTED) as server, running() as console:
        console.site.url = server.url
        form = await open_form(console, method("getportconfig"))
        await fill(console, form, method("getportconfig"), {"port_id": "4"})
        form.query_one("#send", Button).press()
        await console.dialog(Reply)
        assert words in console.text()
        assert "HTTP 404" in console.text()
        await console.press("escape")
        await console.back()

        assert "getportconfig" not in await names_offered(console, "getportconfig")
        await console.site.ask(AUTOSTORE, "getportconfig", {"port_id": 4})
        assert "getportconfig" in await names_offered(console, "getportconfig")


async def test_what_the_server_knew_before_stays_on_offer() -> None:
    async with playing(ACCEPTED, NOT_KNOWN) as server, running() as console:
        console.site.url = server.url
        await console.site.ask(AUTOSTORE, "getsystemstate", {})
        await choose(console, method("getsystemstate"))
        await console.dialog(Reply)
        assert "HTTP 404" in console.text()
        assert "no longer offered" not in console.text()


async def names_offered(console: Console, words: str) -> list[str]:
    """Return the first lines of what the palette offers."""
    await console.press("colon")
    await console.until(lambda: isinstance(console.app.screen, CommandPalette), "the palette")
    await console.write(words)
    palette = console.app.screen
    options = palette.query_one(OptionList)
    await console.until(lambda: palette.has_class("-ready"), "the end of the search")
    found = [str(option.prompt).partition("\n")[0] for option in options.options]
    await console.press("escape")
    await console.back()
    return found


async def test_one_call_at_a_time() -> None:
    async with running() as console:
        await open_form(console, method("openport"))
        console.workspace.make_call(AUTOSTORE, method("closeport"))
        await console.settle()
        assert len(console.app.screen_stack) == 2


async def test_our_key_is_on_no_screen() -> None:
    page = f"<page><status><users><user><id>{SECRET}</id></user></users></status></page>"
    async with playing(Answer(http(page.encode()))) as server, running() as console:
        console.site.url = server.url
        form = await open_form(console, call("users_get"))
        form.query_one("#send", Button).press()
        await console.dialog(Reply)
        assert SECRET not in console.text()
        assert "<id>***</id>" in console.text()


async def test_a_reply_of_ten_thousand_rows_is_read_by_key() -> None:
    rows = "".join(f"<bin><bin_id>{number}</bin_id></bin>" for number in range(1, 10_001))
    page = f"<response><params><bins>{rows}</bins></params></response>".encode()
    async with playing(Answer(http(page))) as server, running(size=(80, 24)) as console:
        console.site.url = server.url
        form = await open_form(console, method("getbininfo"))
        form.query_one("#send", Button).press()
        reply = await console.dialog(Reply)
        assert "bins  10000" in console.text()
        await console.press("end")
        assert "cut at 16384 bytes" in console.text()
        await console.press("pageup", "up", "home", "pagedown")
        assert reply.query_one("#reply").scroll_y > 0
        await console.press("enter")
        await console.back()


async def test_a_hostile_reply_is_shown_for_what_it_is() -> None:
    page = "<page><status>[red]x[/red]&#x202e;&#x9b;</status><error>\u202eno[@click=app.exit]</error></page>"
    async with playing(Answer(http(page.encode()))) as server, running(size=(80, 24)) as console:
        console.site.url = server.url
        await choose(console, call("system_version_get"))
        await console.dialog(Reply)
        assert "\\u202eno[@click=app.exit]" in console.text()
        assert "[red]x[/red]&#x202e;&#x9b;" in console.text()
        assert not any(char in console.text() for char in "\u202e\x9b\x1b")
