"""Texts of servers that try to steer the terminal or the program are shown, and do nothing."""

import json
import re
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from .at_the_console import DEVICES, Console
from .conftest import OpenConsole
from .programs import portside
from .servers import Answer, controller, serving, switch
from .sites import write_site
from .terminal import without

CLICK = "[@click=app.quit]go"
MARKUP = ("[red]stop[/red]", "[/]", CLICK)
"""What would style, break or click in a parser of markup; it is to be seen as it is."""

STEERING = {
    "\x9b31mC1": r"\x9b31mC1",
    "\x9d0;title\x9c": r"\x9d0;title\x9c",
    "\u202eNEPO": r"\u202eNEPO",
    "\u2066isolate": r"\u2066isolate",
    "zero\u200bwidth": r"zero\u200bwidth",
    "line\u2028two": r"line\u2028two",
}
"""What would steer a terminal or the order of letters, and how it is to be seen."""

SEQUENCES = {
    "\x1b]52;c;cm0=\x07": r"\x1b]52;c;cm0=\x07",
    "\x1b[2J\x1b[6n": r"\x1b[2J\x1b[6n",
    "\x1bP+q544e\x1b\\": r"\x1bP+q544e\x1b" + "\\",
}
"""The same with control characters that JSON can carry; XML that has them is no XML."""

OURS = re.compile(rb"\x1b\[[?>=<]?[\d;]*(?:[mHhlu]|\$p)|\x1b\]22;[a-z]*\x07")
"""The sequences the program itself writes: colours, places, modes, the shape of the pointer."""

NEVER = re.compile(
    rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]"
)
"""Control characters but for the end of a line, and format and separator characters as UTF-8 has them."""


def assert_nothing_got_through(console: Console) -> None:
    """What reached the terminal is sequences that the program itself writes, and text."""
    assert NEVER.findall(OURS.sub(b"", console.received)) == []


def test_a_controller_s_texts(open_console: OpenConsole, home: Path) -> None:
    modes = {**dict(zip(MARKUP, MARKUP, strict=True)), **STEERING, **SEQUENCES}

    def status(port_id: int) -> dict[str, object]:
        return {"port_type": "AC", "mode": list(modes)[port_id - 1], "selected_bin": 7, CLICK: CLICK}

    bins = {"bins": [{"bin_id": 7, "bin_mode": MARKUP[0]}]}
    case = {"bin_id": 7, "case_state": "[@click=app.quit]\x1b[6n", "case_error": True}
    with serving(controller(status, getbinstate=bins, case_getstate=case)) as server:
        ports = f"1-{len(modes)}"
        settings = write_site(home, autostore_url=server.url, ports=ports, autostore='encoding = "json"')
        console = open_console("--config", str(settings))
        console.wait_for("AutoStore ok", without("~"))

        console.wait_for(r"7 [red]stop[/red]", r"[@click=app.quit]\x1b[6n")
        console.press("s", "home")
        for shown in modes.values():
            console.wait_for(f"Mode   {shown}")
            console.press("down")
        console.click_on("[@click=app.quit]")
        console.look_at_help()
        assert console.quit() == 0
    assert_nothing_got_through(console)


def device_row(device_id: int, name: str) -> str:
    return f"<device><device_id>{device_id}</device_id><username>{escape(name)}</username></device>"


def test_a_phone_switch_s_texts(open_console: OpenConsole, home: Path) -> None:
    names = {**dict(zip(MARKUP, MARKUP, strict=True)), **STEERING}
    devices = "".join(device_row(number, name) for number, name in enumerate(names, 1))
    pages = switch(
        users_get=f"<status><users><user><id>100</id><username>{CLICK}</username></user></users></status>",
        devices_get=f"<devices>{devices}</devices>",
        device_rules_get=(
            "<status><device_rules><device_rule><id>1</id><name>[/]\x9bm[red]</name></device_rule>"
            "</device_rules></status>"
        ),
        device_rule_create="<error>[/] \u202eno \x9d52;c;cm0= [@click=app.quit]</error>",
    )
    with serving(pages) as server:
        console = open_console("--config", str(write_site(home, mor_url=server.url)))
        console.wait_for("MOR ok", f"Devices of 100 {CLICK}")
        console.press(DEVICES)
        console.wait_for(r"[/]\x9bm[red]")
        for shown in names.values():
            console.wait_for(f"Name   {shown}")
            console.press("down")
        console.press("r")
        console.wait_for_dialog("call  device_rule_create")
        console.press("a", "tab", "b", "tab", "c")
        console.wait_for("name=a cut=b add=c")
        console.press("enter", "enter")
        console.wait_for(r"refused: [/] \u202e", "cm0=")
        console.wait_for(CLICK)
        console.click_on(CLICK)
        console.look_at_help()
        assert console.quit() == 0
    assert_nothing_got_through(console)


@pytest.mark.parametrize("form", ["", "--json", "--csv"])
def test_the_texts_in_print(home: Path, form: str) -> None:
    names = [*MARKUP, *STEERING, "=1+1"]
    rows = "".join(device_row(number, name) for number, name in enumerate(names, 1))
    with serving(switch(devices_get=f"<devices>{rows}</devices>")) as server:
        settings = write_site(home, mor_url=server.url)
        done = portside(home, "devices", "--config", str(settings), *form.split())

    assert done.code == 0
    assert re.findall(r"[^\x20-\x7e\n]", done.out) == []
    shown = [STEERING.get(name, name) for name in names]
    wanted = {"": shown, "--json": [json.dumps(one) for one in shown], "--csv": [*shown[:-1], "'=1+1"]}[form]
    assert [one for one in wanted if one not in done.out] == []


def test_a_reply_that_is_no_xml_is_refused_in_plain_words(open_console: OpenConsole, home: Path) -> None:
    text = b"<page><error>\x1b]52;c;cm0=\x07[/red]</error></page>"
    with serving(lambda asked: Answer(text)) as server:
        settings = write_site(home, autostore_url=server.url, mor_url=server.url)
        console = open_console("--config", str(settings))
        console.wait_for("AutoStore LOST", "MOR LOST")
        console.look_at_help()
        assert console.quit() == 0
    assert_nothing_got_through(console)
