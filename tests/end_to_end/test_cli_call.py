"""`portside call`: one JSON object with fixed fields, and an exit code that says the same."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import pytest

from .programs import Ended, Simulator, journal, portside
from .servers import Answer, Server, serving, switch

FIELDS = ["outcome", "reply", "fault", "record"]

Addresses = tuple[str, ...]
Key = dict[str, str]


class Called(NamedTuple):
    """One call, what it says, and its exit code."""

    arguments: str
    outcome: str
    code: int
    fault: dict[str, Any] | None = None
    reply: dict[str, Any] | None = None


IDLE = {"port_id": 5, "case_state": "NOOP", "case_error": False}
NO_AUTOCASE = {"code": 1087, "meaning": "Not an AutoCase port."}
NOT_OPEN = {"code": 1009, "meaning": "Port is not open."}
NO_USER = {"code": None, "meaning": "User not found"}
NO_DEVICE = {"code": None, "meaning": "Device was not found"}
ADDED = {"status": {"success": "Rule added"}}
RULE = "name=n cut=1 add=2"

READS = [
    Called("getsystemmode", "ok", 0, reply={"mode": 20, "stopcode": 0}),
    Called("case_getstate port_id=5", "ok", 0, reply=IDLE),
    Called("case_getstate port_id=1", "refused", 3, fault=NO_AUTOCASE),
    Called("devices_get user_id=7", "refused", 3, fault=NO_USER),
]

COMMANDS = [
    Called("openport port_id=5 category=1 category=2", "accepted", 0, reply={}),
    Called("closeport port_id=6", "refused", 3, fault=NOT_OPEN),
    Called(f"device_rule_create device_id=2 {RULE}", "accepted", 0, reply=ADDED),
    Called(f"device_rule_create device_id=99 {RULE}", "refused", 3, fault=NO_DEVICE),
]


def words(called: Called) -> str:
    return f"{called.outcome} {called.arguments.split()[0]}"


@pytest.mark.parametrize("called", READS, ids=words)
def test_a_read(home: Path, addresses: Addresses, key: Key, called: Called) -> None:
    done = portside(home, "call", *called.arguments.split(), *addresses, **key)

    assert list(done.json) == FIELDS
    told = done.json
    assert (told["outcome"], told["reply"], told["fault"]) == (called.outcome, called.reply, called.fault)
    assert (done.code, told["record"], done.err) == (called.code, None, "")


@pytest.mark.parametrize("called", COMMANDS, ids=words)
def test_a_command_has_a_record(
    home: Path, addresses: Addresses, key: Key, called: Called, shared_simulator: Simulator
) -> None:
    before = len(shared_simulator.executed())
    done = portside(home, "call", *called.arguments.split(), *addresses, **key)

    told = done.json
    assert list(told) == FIELDS
    assert (told["outcome"], told["reply"], told["fault"]) == (called.outcome, called.reply, called.fault)
    assert done.code == called.code
    assert len(shared_simulator.executed()) == before + 1
    ending = [("settled", "unverified")] if called.outcome == "accepted" else []
    assert recorded(home, told["record"]) == [("intent", ""), ("outcome", called.outcome), *ending]


def recorded(home: Path, record: str) -> list[tuple[str, str]]:
    """Return kind and outcome of each record of one command."""
    rows = portside(home, "journal", "show", record, "--json").json
    return [(row["kind"], row["outcome"]) for row in rows]


def test_a_command_whose_outcome_nobody_knows_was_sent_once(home: Path) -> None:
    with serving(lambda asked: None) as server:
        done = portside(home, "call", "openport", "port_id=4", "--autostore-url", server.url)
        assert len(server.asked) == 1

    told = done.json
    assert list(told) == [*FIELDS, "reason"]
    assert (done.code, told["outcome"], told["reply"], told["fault"]) == (4, "unknown", None, None)
    assert told["reason"]
    ending = ("settled", "still_unknown")
    assert recorded(home, told["record"]) == [("intent", ""), ("outcome", "unknown"), ending]


@pytest.mark.parametrize("command", [True, False], ids=["command", "read"])
def test_what_could_not_be_sent(home: Path, command: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    done = portside(
        home, "call", "openport" if command else "getportstatus", "port_id=4", "--autostore-url", nobody
    )

    told = done.json
    assert list(told) == [*FIELDS, "reason"]
    assert (done.code, told["outcome"], told["reply"], told["fault"]) == (5, "not_sent", None, None)
    assert "refused" in told["reason"]
    if command:
        assert recorded(home, told["record"]) == [("intent", ""), ("outcome", "not_sent")]
    else:
        assert told["record"] is None


def test_without_a_journal_no_command_is_sent(home: Path) -> None:
    (home / "state").write_text("a file where the folder should be")
    with serving(lambda asked: None) as server:
        done = portside(home, "call", "openport", "port_id=4", "--autostore-url", server.url)
        assert server.asked == []

    told = done.json
    assert (done.code, told["outcome"], told["record"]) == (1, "not_sent", None)
    assert "no command without a journal" in told["reason"]
    assert told["reason"] in done.err


@pytest.mark.parametrize("verb", ["call getportstatus port_id=4", "ports --ports 4", "check"])
def test_a_server_that_talks_nonsense_is_no_answer(home: Path, verb: str) -> None:
    with serving(lambda asked: Answer(b"<html><body>hello</body></html>", "text/html")) as server:
        done = portside(home, *verb.split(), "--autostore-url", server.url)

    assert done.code == 4
    assert "text/html" in done.out + done.err


PIN = "471147114711"


@pytest.fixture
def phones() -> Iterator[Server]:
    """A switch that gives everybody a device, and says its PIN."""
    created = f"<status>Device created</status><id>9</id><pin>{PIN}</pin>"
    updated = "<status><success>Device successfully updated</success></status>"
    with serving(switch(device_create=created, device_update=updated)) as one:
        yield one


def call(home: Path, phones: Server, *words: str) -> Ended:
    there = ("--mor-url", phones.url, "--mor-user", "admin")
    return portside(home, "call", *words, *there, PORTSIDE_MOR_SECRET="canary-key")


def pin_file(home: Path, content: str = PIN + "\n", mode: int = 0o600) -> Path:
    path = home / "pin.txt"
    path.write_text(content)
    path.chmod(mode)
    return path


def sent(phones: Server) -> dict[str, list[str]]:
    (asked,) = phones.asked
    return parse_qs(asked.body.decode(), keep_blank_values=True)


def test_a_secret_is_taken_from_a_file_and_shown_nowhere(home: Path, phones: Server) -> None:
    done = call(home, phones, "device_create", "user_id=100", f"pin=@{pin_file(home)}", "description=@dock")

    assert (done.code, done.json["outcome"]) == (0, "accepted")
    assert sent(phones)["pin"] == [PIN]
    assert sent(phones)["description"][0].startswith("@dock")
    assert done.json["reply"]["pin"] == "***"
    intent, *_ = journal(home)
    assert intent["arguments"]["pin"] == "***"
    kept = b"".join(path.read_bytes() for path in (home / "state").rglob("*") if path.is_file())
    assert kept
    assert PIN not in done.out + done.err + kept.decode(errors="replace")


def test_a_blank_secret_is_none_and_needs_no_file(home: Path, phones: Server) -> None:
    assert call(home, phones, "device_update", "device=2", "pin=").code == 0
    assert sent(phones)["pin"] == [""]


REFUSED = [
    (f"pin={PIN}", "pin is not shown: wanted pin=@FILE: a secret is never an argument itself"),
    (f"pin=@{PIN}", "pin: there is no such file; a relative path starts in the folder you are in"),
    ("pin=@pin.txt", "pin: there is no such file; a relative path starts in the folder you are in"),
]


@pytest.mark.parametrize(("value", "words"), REFUSED, ids=["itself", "itself after @", "no file"])
def test_a_secret_that_is_no_file_is_refused_unseen(
    home: Path, phones: Server, value: str, words: str
) -> None:
    done = call(home, phones, "device_create", "user_id=100", value)
    assert (done.code, done.json["outcome"], done.json["reason"]) == (2, "not_sent", words)
    assert done.err == f"portside: {words}\n"
    assert PIN not in done.out + done.err
    assert (phones.asked, journal(home)) == ([], [])


FILES = [
    (PIN, 0o640, "others may use"),
    ("", 0o600, "is empty"),
    (f"{PIN}\n{PIN}\n", 0o600, "holds more than one line of plain text"),
]


@pytest.mark.parametrize(("content", "mode", "words"), FILES, ids=["open to others", "empty", "two lines"])
def test_a_file_that_does_not_hold_one_secret_is_refused(
    home: Path, phones: Server, content: str, mode: int, words: str
) -> None:
    done = call(home, phones, "device_update", "device=2", f"pin=@{pin_file(home, content, mode)}")
    assert done.code == 2
    assert words in done.json["reason"]
    assert PIN not in done.out + done.err
    assert phones.asked == []
