"""`portside call`: one JSON object with fixed fields, and an exit code that says the same."""

import socket
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from .programs import Simulator, portside
from .servers import Answer, serving

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
    assert recorded(home, told["record"]) == [("intent", ""), ("outcome", called.outcome)]


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
    assert recorded(home, told["record"]) == [("intent", ""), ("outcome", "unknown")]


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
