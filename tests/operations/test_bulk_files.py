"""Plans in files and wishes from tables: read back whole, or refused with every reason."""

import math
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.operations.bulk.plan import Link, Plan, PlanRefused, as_json, sealed, why_not_now
from console.operations.bulk.plan_files import from_json, from_toml, load, save, to_toml
from console.operations.bulk.planning import plan_of
from console.operations.bulk.rows import BadRows, read
from console.operations.bulk.wishes import Wish, run_out_and_close, same_for_all
from console.operations.sheets import as_csv
from console.secret import Secret
from console.state.entities import RuleList
from console.text import is_clean

from .planned import NOW, ground, known, plan, port
from .test_bulk_plans import GATE

PLANS = [
    plan(
        same_for_all("port.open", [1, 2], {"category": (1, 2), "req_time": "2026-11-22T06:00:00Z"}),
        port(1),
        port(2),
    ),
    plan(run_out_and_close([1, 2]), port(1, "OPEN", bin_id=9, bin_mode="OPEN"), port(2)),
    plan([Wish("device.update", 7, {"callerid_name": 'a "b" \\ é ]]', "extension": "9#"})], GATE),
]


@pytest.mark.parametrize("made", PLANS)
def test_a_plan_is_read_back_as_it_was(made: Plan) -> None:
    for again in (from_toml(to_toml(made)), from_json(as_json(made))):
        assert as_json(again) == as_json(made)
        assert again.digest == made.digest
        assert why_not_now(again, "Hall", "SIMULATOR", NOW) is None


@pytest.mark.parametrize("made", PLANS)
def test_a_plan_that_was_edited_is_refused(made: Plan) -> None:
    text = to_toml(made)
    for number, line in enumerate(text.splitlines()):
        name, equals, value = line.partition(" = ")
        if equals and value.isdecimal():
            edited = text.splitlines()
            edited[number] = f"{name} = {int(value) + 1}"
            with pytest.raises(PlanRefused):
                from_toml("\n".join(edited))


@given(st.integers(0, 4000), st.characters())
def test_any_change_of_a_character_is_refused_or_says_the_same(place: int, letter: str) -> None:
    text = to_toml(PLANS[0])
    place %= len(text)
    edited = text[:place] + letter + text[place + 1 :]
    try:
        again = from_toml(edited)
    except PlanRefused as refusal:
        assert str(refusal)
    else:
        assert as_json(again) == as_json(PLANS[0])


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "title = 'x'", "[" * 3000, "items = 3", "more = 1\n" + to_toml(PLANS[0])],
)
def test_what_is_no_plan(text: str) -> None:
    with pytest.raises(PlanRefused):
        from_toml(text)


ESC = "\x1b]0;pwned\x07"


def changed_item(**changes: Any) -> Plan:
    first, *others = PLANS[0].items
    return replace(PLANS[0], items=(replace(first, **changes), *others))


IMPOSSIBLE = {
    "a title that steers": replace(PLANS[0], title=ESC),
    "an operator that steers": replace(PLANS[0], operator=f"tess{ESC}"),
    "a link that steers": replace(PLANS[0], link=Link(run=ESC, how="retry")),
    "a name that steers": changed_item(name=ESC),
    "a name that lies": changed_item(name="port 1999"),
    "words that steer": changed_item(before=ESC),
    "a reason that steers": changed_item(reason="\u202e"),
    "a time without a zone": replace(PLANS[0], made_utc=datetime(2026, 11, 22, 6)),  # noqa: DTZ001
    "a time before all times": replace(PLANS[0], made_utc=datetime(1, 1, 1, tzinfo=UTC)),
    "for ever": replace(PLANS[0], lasts=math.inf),
    "for no number of seconds": replace(PLANS[0], lasts=math.nan),
    "for a negative time": replace(PLANS[0], lasts=-1.0),
    "a clock of no seconds": replace(PLANS[0], made_clock=math.nan),
    "an age of no seconds": changed_item(age=math.nan),
    "an unknown action": changed_item(action=f"no.such{ESC}"),
    "a number out of place": changed_item(number=7),
    "a list seen": changed_item(seen=[1, 2]),
    "a number as status": changed_item(seen={"status": 5}),
    "a text seen": changed_item(seen="nothing"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_a_plan_that_cannot_have_been_made_is_refused_however_it_is_sealed(what: str) -> None:
    made = sealed(IMPOSSIBLE[what])
    for read_back in (lambda: from_toml(to_toml(made)), lambda: from_json(as_json(made))):
        with pytest.raises(PlanRefused) as refusal:
            read_back()
        assert is_clean(str(refusal.value))


@given(st.text(max_size=400), st.text(max_size=400))
def test_a_plan_of_any_words_can_be_read_back(title: str, name: str) -> None:
    wish = Wish("rule.add", 7, {"name": name, "cut": "-"}, against=name)
    made = plan_of([wish], known(RuleList(device_id=7)), ground(), title=title)
    assert from_json(as_json(made)).digest == made.digest


def test_an_unknown_action_is_refused_in_words_that_steer_nothing() -> None:
    with pytest.raises(PlanRefused) as refusal:
        plan([Wish(f"no.such{ESC}", 4)])
    assert is_clean(str(refusal.value))


def test_a_file_is_private_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    before = os.umask(0)
    try:
        save(PLANS[0], path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(path).digest == PLANS[0].digest
    with pytest.raises(FileExistsError):
        save(PLANS[1], path)
    path.write_bytes(b"\xff")
    with pytest.raises(PlanRefused, match="not UTF-8"):
        load(path)


def test_secrets_are_in_no_file_and_a_plan_without_them_is_not_begun() -> None:
    made = plan([Wish("device.update", 7, {"password": "canary77", "extension": "102"})], GATE)
    assert made.items[0].arguments["password"] == Secret("canary77")
    assert why_not_now(made, "Hall", "SIMULATOR", NOW) is None
    for text in (to_toml(made), as_json(made).decode(), repr(made), made.items[0].after):
        assert "canary77" not in text
    again = from_toml(to_toml(made))
    assert "kept without its secrets" in str(why_not_now(again, "Hall", "SIMULATOR", NOW))


OPEN = "port.open"


@pytest.mark.parametrize(
    ("table", "action", "wishes"),
    [
        (
            "port,category\n4,1 2\n5,\n",
            OPEN,
            [Wish(OPEN, 4, {"category": ["1", "2"]}, line=2), Wish(OPEN, 5, line=3)],
        ),
        ("\ufeffPort;x\r\n".replace(";x", "") + "4\r\n", OPEN, [Wish(OPEN, 4, line=2)]),
        (
            'device,name,cut,add\r\n7,"a, ""b""\nc",-,+370\r\n8,x,\'=1,\r\n',
            "rule.add",
            [
                Wish("rule.add", 7, {"name": 'a, "b"\nc', "cut": "-", "add": "+370"}, line=2),
                Wish("rule.add", 8, {"name": "x", "cut": "=1"}, line=4),
            ],
        ),
        (
            "action,target,category\nport.open,4,1\n\nport.close,5,\n",
            "",
            [Wish(OPEN, 4, {"category": ["1"]}, line=2), Wish("port.close", 5, line=4)],
        ),
        (
            "user,pin,type\n0,77,SIP\n",
            "device.create",
            [Wish("device.create", 0, {"pin": Secret("77"), "type": "SIP"}, line=2)],
        ),
    ],
)
def test_wishes_from_a_table(table: str, action: str, wishes: list[Wish]) -> None:
    assert list(read(table, action)) == wishes
    assert list(read(table.encode(), action)) == wishes


@pytest.mark.parametrize(
    ("table", "action", "problems"),
    [
        ("", OPEN, [(0, "a header and at least one row")]),
        ("port\n", OPEN, [(0, "a header and at least one row")]),
        (b"port\n4\n\xff\n", OPEN, [(3, "not UTF-8")]),
        ('port\n"4\n', OPEN, [(2, "not CSV")]),
        ("category\n1\n", OPEN, [(1, "wanted one column for the targets")]),
        ("port,target\n1,1\n", OPEN, [(1, "wanted one column for the targets")]),
        ("port\n4\n", "", [(1, "wanted a column action")]),
        ("port\n4\n", "port.fly", [(1, "there is no port.fly")]),
        ("port,colour\n4,red\n", OPEN, [(1, "no column is called colour")]),
        ("port,category,category\n4,1,2\n", OPEN, [(1, "column category is there twice")]),
        (
            "port,category\n4,1\n5\nx,1\n4,1\n-1,1\n,2\n6,=1+1\n7,1,2\n8,@cmd\n",
            OPEN,
            [
                (3, "1 cells under 2 columns"),
                (4, "its port is not a number"),
                (5, "the same as line 2"),
                (6, "its port is not a number"),
                (7, "its port is not a number"),
                (8, "begins like a formula"),
                (9, "3 cells under 2 columns"),
                (10, "begins like a formula"),
            ],
        ),
        ("action,port\nport.fly,4\nport.open,4\n", "", [(2, "there is no action port.fly")]),
        ("action,port\nport.close,4\n", OPEN, [(2, "its action is port.close, and port.open was asked for")]),
        ("action,port,category\nport.close,4,1\n", "", [(2, "port.close takes no category")]),
    ],
)
def test_every_bad_row_is_named_and_nothing_is_taken(table: Any, action: str, problems: Any) -> None:
    with pytest.raises(BadRows) as refusal:
        read(table, action)
    found = refusal.value.problems
    assert [one.line for one in found] == [line for line, _ in problems]
    for one, (_, words) in zip(found, problems, strict=True):
        assert words in one.reason


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_table_is_wishes_or_refused(table: str | bytes) -> None:
    try:
        assert read(table, OPEN)
    except BadRows as refusal:
        assert refusal.problems


NAMES = st.text(min_size=1, max_size=20).filter(lambda name: name == name.strip() and name[0] != "'")


@given(st.dictionaries(st.integers(1, 2000), NAMES, min_size=1))
def test_what_is_written_as_a_table_is_read_as_it_was(names: dict[int, str]) -> None:
    table = as_csv(({"device": number, "name": name} for number, name in names.items()), ("device", "name"))
    assert {wish.target: wish.values["name"] for wish in read(table, "rule.add")} == names
