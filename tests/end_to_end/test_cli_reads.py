"""Each verb that looks, in its three forms: plain for people, JSON and CSV for programs."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from .programs import Simulator, portside
from .sites import write_site

Addresses = tuple[str, ...]
Key = dict[str, str]

VERBS = {
    "check": (("check",), ["result", "what", "detail"]),
    "ports": (("ports", "--ports", "4,17"), ["port_id", "type", "mode"]),
    "devices": (("devices", "--user", "100"), ["device_id", "user_id", "device_type", "username"]),
}
"""Arguments and the first columns."""


@pytest.mark.parametrize("verb", VERBS)
def test_the_three_forms_say_the_same(home: Path, addresses: Addresses, key: Key, verb: str) -> None:
    arguments, columns = VERBS[verb]
    plain, as_json, as_csv = (
        portside(home, *arguments, *addresses, *form, **key) for form in ((), ("--json",), ("--csv",))
    )

    assert [(one.code, one.err) for one in (plain, as_json, as_csv)] == [(0, "")] * 3
    rows: list[dict[str, Any]] = as_json.json
    assert rows
    table = list(csv.DictReader(io.StringIO(as_csv.out)))
    assert table == [{name: csv_text(value) for name, value in row.items()} for row in rows]
    header, *lines = plain.out.splitlines()
    assert header.split()[: len(columns)] == columns == list(rows[0])[: len(columns)]
    assert [line.split()[0] for line in lines] == [str(next(iter(row.values()))) for row in rows]


def csv_text(value: object) -> str:
    """Return what stands in a CSV for a value of the JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def test_ports_names_what_the_controller_refuses(home: Path, addresses: Addresses, key: Key) -> None:
    done = portside(home, "ports", "--ports", "4,21", "--json", *addresses, **key)

    known, unknown = done.json
    assert (known["port_id"], known["type"], known["mode"], known["problem"]) == (4, "AC", "CLOSED", None)
    assert unknown["problem"] == "1000: Port is not available."
    assert done.code == 0


def test_either_encoding_reads_the_same(home: Path, addresses: Addresses, key: Key) -> None:
    replies = [
        portside(home, "call", "getportstatus", "port_id=4", "--encoding", encoding, *addresses, **key).json
        for encoding in ("xml", "json")
    ]

    assert replies[0] == replies[1]
    assert replies[0]["reply"]["port_type"] == "AC"


def test_check_from_settings_looks_at_everything_they_name(home: Path, shared_simulator: Simulator) -> None:
    settings = write_site(
        home,
        autostore_url=shared_simulator.autostore_url,
        mor_url=shared_simulator.mor_url,
        key=shared_simulator.secret,
        ports="4,2000",
    )
    done = portside(home, "check", "--config", str(settings), "--json")

    findings = {row["what"].partition(" http")[0].partition(" /")[0]: row["result"] for row in done.json}
    assert findings == {
        "AutoStore": "ok",
        "AutoStore ports 2": "FAILED",
        "MOR": "ok",
        "MOR user 100": "ok",
        "MOR key": "warning",
        "journal": "ok",
    }
    assert done.code == 3


def test_the_journal_of_nothing_is_empty(home: Path) -> None:
    assert portside(home, "journal", "--json").json == []
