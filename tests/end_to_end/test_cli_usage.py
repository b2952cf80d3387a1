"""What is wrong is refused before anything is sent: exit 2, and words that name what, and what is wanted."""

from pathlib import Path

import pytest

from .programs import portside
from .servers import Answer, serving
from .sites import KEY, write_site

BOTH = "http://127.0.0.1:9"

INVALID = {
    "openport port_id=0": ["port_id", "0", "1 to 2000"],
    "openport port_id=2001": ["port_id", "2001", "1 to 2000"],
    "openport port_id=abc": ["port_id", "abc", "1 to 2000"],
    "openport": ["port_id", "missing", "1 to 2000"],
    "openport port_id=4 category=1 content=2": ["content", "category"],
    "openport port_id=4 port_mode=OPEN": ["category", "OPEN"],
    "openport port_id=4 req_time=2024-05-01T12:00:00+02:00": ["req_time", "2024-05-01T12:00:00+02:00", "UTC"],
    "openport port_id=4 port_mode=OPNE": ["port_mode", "OPNE", "RUNOUT"],
    "openport port_id=4 colour=red": ["colour"],
    "openport port_id": ["port_id", "name=value"],
    "nosuchmethod": ["nosuchmethod"],
    "device_rule_create device_id=2 name= cut=1 add=2": ["name"],
    "device_rule_create device_id=x name=n cut=1 add=2": ["device_id", "x", "1 to"],
}
"""Calls, and the words that must be in the message."""


@pytest.mark.parametrize("call", INVALID)
def test_a_call_that_cannot_be_right(home: Path, call: str) -> None:
    with serving(lambda asked: Answer(b"")) as server:
        addresses = ("--autostore-url", server.url, "--mor-url", server.url, "--mor-user", "admin")
        done = portside(home, "call", *call.split(), *addresses, PORTSIDE_MOR_SECRET=KEY)
        assert server.asked == []

    assert done.code == 2
    assert [word for word in INVALID[call] if word not in done.err] == []
    told = done.json
    assert (told["outcome"], told["record"]) == ("not_sent", None)
    assert told["reason"] in done.err
    assert not (home / "state").exists()


USAGE = {
    "nosuchverb": ["nosuchverb", "--help"],
    "call": ["METHOD"],
    "ports --ports 0": ["--ports", "1 to 2000"],
    "ports --json --csv": ["--csv", "--json"],
    "check --autostore-url controller": ["--autostore-url", "http://"],
    "devices --mor-url http://127.0.0.1:9": ["--mor-user"],
    "devices --mor-url http://192.0.2.1 --mor-user admin": ["https", "--allow-http"],
    "devices --autostore-url http://127.0.0.1:9": ["MOR"],
    "ports --timeout 0 --autostore-url http://127.0.0.1:9": ["--timeout", "0.1"],
    "journal show": ["journal show ID"],
    "simulate --ports 0": ["1 to 2000"],
    "demo --theme": ["--theme"],
}
"""Command lines, and the words that must be in the message."""


@pytest.mark.parametrize("line", USAGE)
def test_a_command_line_that_cannot_be_right(home: Path, line: str) -> None:
    done = portside(home, *line.split(), PORTSIDE_MOR_SECRET=KEY)

    assert (done.code, done.out) == (2, "")
    assert [word for word in USAGE[line] if word not in done.err] == []
    assert "Traceback" not in done.err


SETTINGS = {
    "missing": (None, ["there is no settings file", "portside config init"]),
    "not TOML": ("[sites.a", ["line 1"]),
    "an unknown key": ('[sites.a.autostore]\nurl = "http://a"\nports = "1"\nprots = "1-40"\n', ["prots"]),
    "a wrong value": (
        '[sites.a.autostore]\nurl = "http://a"\nports = "1-2001"\n',
        ["sites.a.autostore.ports", "1 to 2000"],
    ),
    "no site": ('theme = "dark"\n', ["sites"]),
    "a secret in it": (f'[sites.a.mor]\nurl = "https://a"\nuser = "u"\nsecret = "{KEY}"\n', ["secret"]),
}
"""Settings, and the words that must be in the message."""


@pytest.mark.parametrize("problem", SETTINGS)
def test_settings_that_cannot_be_right(home: Path, problem: str) -> None:
    text, wanted = SETTINGS[problem]
    path = home / "settings.toml"
    if text is not None:
        path.write_text(text)
    done = portside(home, "ports", "--config", str(path))

    assert (done.code, done.out) == (2, "")
    assert [word for word in [str(path), *wanted] if word not in done.err] == []
    assert KEY not in done.err
    assert not (home / "state").exists()


def test_without_settings_the_console_says_how_to_begin(home: Path) -> None:
    done = portside(home)

    assert (done.code, done.out) == (2, "")
    assert "there is no settings file; portside config init begins one" in done.err
    assert "portside demo" in done.err


def test_without_a_terminal_the_console_says_so(home: Path) -> None:
    done = portside(home, "--config", str(write_site(home, autostore_url=BOTH)))

    assert (done.code, done.out) == (2, "")
    assert "needs a terminal" in done.err


def test_a_key_that_others_may_read_is_refused(home: Path) -> None:
    settings = write_site(home, mor_url="http://127.0.0.1:9")
    (home / "mor.key").chmod(0o644)
    done = portside(home, "devices", "--config", str(settings))

    assert (done.code, done.out) == (2, "")
    assert "mor.key" in done.err
    assert "chmod" in done.err
    assert KEY not in done.err
