"""Wishes that a person wrote in TOML: taken whole, or refused with every entry that is wrong (rule 15)."""

from collections.abc import Mapping
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from console.mor.calls import Profile
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.rows import BadRows
from console.operations.bulk.wish_files import Wanted, read
from console.operations.bulk.wishes import EMPTY, Wish, run_out_and_close
from console.resources import shipped
from console.secret import Secret

from .planned import plan, port

KNOWN = range(1, 21)


def wanted(text: str) -> Wanted:
    return read(text.encode(), KNOWN, Profile.Y2019)


def problems(text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(BadRows) as bad:
        read(text if isinstance(text, bytes) else text.encode(), KNOWN, Profile.Y2019)
    return [(one.line, one.reason) for one in bad.value.problems]


def entry(**more: Any) -> str:
    """One entry on port 3, from line 1 on."""
    keys: Mapping[str, Any] = {"action": "port.open", "targets": 3, **more}
    return "[[wish]]\n" + tomli_w.dumps(keys).replace("[values]", "[wish.values]")


def test_the_example_that_ships_is_a_plan() -> None:
    made = wanted(shipped("config", "wishes", "morning.toml").read_text("utf-8"))
    assert made.title == "Morning opening"
    assert [wish.target for wish in made.wishes if wish.values == {"category": [1]}] == [*range(1, 9), 10]
    steps = [(wish.action, wish.target, wish.step, wish.when) for wish in made.wishes[-4:]]
    both = run_out_and_close([11, 12])
    assert sorted(steps) == sorted((one.action, one.target, one.step, one.when) for one in both)
    ports = (port(n, "CLOSED" if n < 11 else "OPEN") for n in KNOWN)
    assert len(plan(made.wishes, *ports).included) == len(made.wishes) == 14


@pytest.mark.parametrize(
    ("targets", "taken"),
    [
        (3, [3]),
        ("1-3,7", [1, 2, 3, 7]),
        ([1, "5-6"], [1, 5, 6]),
        ("all", list(KNOWN)),
    ],
)
def test_targets_as_they_can_be_written(targets: object, taken: list[int]) -> None:
    assert [wish.target for wish in wanted(entry(targets=targets)).wishes] == taken


def test_everything_an_entry_can_say() -> None:
    text = "\ufeff" + entry(action="port.close", step=7, when="empty", values={}).replace("\n", "\r\n")
    assert wanted(text) == Wanted((Wish("port.close", 3, {}, step=7, when=EMPTY, line=1),))
    inline = 'wish = [{ action = "port.open", targets = 3 }]'
    assert wanted(inline).wishes == (Wish("port.open", 3),)


def test_devices_are_named_by_id_and_their_secrets_are_kept_apart() -> None:
    made = wanted(entry(action="device.update", targets=2_000_000, values={"callerid_name": "Gate"}))
    assert made.wishes == (Wish("device.update", 2_000_000, {"callerid_name": "Gate"}, line=1),)
    secret = [field.name for field in ACTIONS["device.create"].fields if field.kind == "secret"]
    values = {"description": "Gate", "type": "SIP", **dict.fromkeys(secret, "8675309")}
    assert secret
    (wish,) = wanted(entry(action="device.create", values=values)).wishes
    assert all(isinstance(wish.values[name], Secret) for name in secret)
    assert "8675309" not in repr(wish)


WRONG = [
    ({"action": "port.opne"}, "there is no action port.opne: wanted one of port.open"),
    ({"action": 4}, "there is no action (nothing)"),
    ({"targts": "1"}, "there is no key targts: wanted one of action, targets, values, step, when"),
    ({"targets": "3,3"}, "twice"),
    ({"targets": [3, "1-4"]}, "twice"),
    ({"targets": "2001"}, "1 to 2000"),
    ({"targets": 0}, "1 to 2000"),
    ({"targets": "19-22"}, "this site has no port 21, 22"),
    ({"targets": "x"}, "not an id"),
    ({"targets": ""}, "no target was named"),
    ({"targets": []}, "targets: wanted text"),
    ({"targets": True}, "targets: wanted text"),
    ({"targets": 3.0}, "targets: wanted text"),
    ({"targets": [[3]]}, "targets: wanted text"),
    ({"values": [1]}, "values: wanted a table"),
    ({"values": {"colour": "red"}}, "port.open takes no colour: wanted one of category"),
    ({"values": {"port_id": 4}}, "port.open takes no port_id"),
    ({"action": "port.runout", "values": {"category": 1}}, "port.runout takes no category"),
    ({"values": {"category": 0}}, "category is 0: wanted a whole number"),
    ({"values": {"category": [1, "x"]}}, "category is x: wanted a whole number"),
    ({"values": {"category": 1.5}}, "category is 1.5: wanted a whole number"),
    ({"values": {"category": [1], "content": [2]}}, "category is 1: wanted it left out, or content"),
    ({"step": 0}, "step: wanted a whole number 1 to 100"),
    ({"step": True}, "step: wanted a whole number"),
    ({"step": [2]}, "step: wanted a whole number"),
    ({"when": "later"}, "when: wanted empty"),
    ({"when": ["empty"]}, "when: wanted empty"),
    ({"action": "rule.delete", "values": {"device_rule_id": 1}, "when": "empty"}, "only a port"),
    ({"action": "device.delete", "targets": "all"}, "all devices cannot be named at once"),
    ({"action": "a\x1b[2Jb"}, "there is no action a\\x1b[2Jb"),
]


@pytest.mark.parametrize(("keys", "reason"), WRONG)
def test_what_is_wrong_with_an_entry(keys: dict[str, object], reason: str) -> None:
    ((line, said),) = problems(entry(**keys))
    assert (line, said.startswith("entry 1: "), reason in said) == (1, True, True), said


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "wanted an entry [[wish]] or more"),
        ('title = "nothing"', "wanted an entry [[wish]] or more"),
        ("wish = []", "wanted an entry [[wish]] or more"),
        ("wish = 4", "wanted an entry [[wish]] or more"),
        ("wish = [4]", "entry 1: wanted a table with action"),
        (f"titel = 'x'\n{entry()}", "there is no key titel"),
        (f"title = 4\n{entry()}", "title: wanted text"),
        (f"title = '{'x' * 81}'\n{entry()}", "title: wanted text"),
        (f"{entry()}\n[[wishes]]\n", "there is no key wishes"),
        (f"{entry()}\n[wish\n", "not TOML: "),
        ("wish = " + "[" * 5000, "not TOML: "),
        (b"title = '\xff'", "not UTF-8"),
    ],
)
def test_what_is_wrong_with_a_file(text: str | bytes, reason: str) -> None:
    assert any(reason in said for _, said in problems(text))


def test_a_line_that_is_not_toml_is_named() -> None:
    assert "line 2" in problems("title = 'x'\nwish = = 4\n")[0][1]


def test_every_entry_that_is_wrong_is_named_with_its_line() -> None:
    text = "\n".join([entry(), entry(targets=4, step=0), entry(targets=[5, 3]), entry(step=2)])
    lines = text.splitlines()
    found = problems(text)
    assert [said.partition(":")[0] for _, said in found] == ["entry 2", "entry 3"]
    assert [lines[line - 1] for line, _ in found] == ["[[wish]]", "[[wish]]"]
    assert len({line for line, _ in found}) == 2
    assert "port 3 stands in entry 1 already, in the same step" in found[1][1]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_wishes_or_refused(data: bytes) -> None:
    try:
        assert read(data, KNOWN, Profile.Y2019).wishes
    except BadRows as bad:
        assert bad.problems


PLAIN = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["action", "targets", "values", "step", "when", "category", "port_id"])
ENTRIES = st.fixed_dictionaries(
    {"action": st.sampled_from(sorted(ACTIONS)) | PLAIN, "targets": st.sampled_from(["1-3", 4, [5]]) | PLAIN},
    optional={
        "values": st.dictionaries(
            st.sampled_from(["category", "port_mode", "name"]) | NAMES, PLAIN, max_size=3
        ),
        "step": st.integers(-1, 3) | PLAIN,
        "when": st.sampled_from(["", "empty"]) | PLAIN,
    },
)


@given(st.lists(ENTRIES, max_size=4), PLAIN)
def test_any_entries_are_wishes_within_their_bounds_or_refused(entries: list[Any], title: Any) -> None:
    text = tomli_w.dumps({"title": title, "wish": entries})
    try:
        made = read(text.encode(), KNOWN, Profile.Y2019)
    except BadRows as bad:
        assert bad.problems
        return
    keys = [(ACTIONS[wish.action].word, wish.target, wish.step) for wish in made.wishes]
    repeats = [ACTIONS[wish.action].repeats for wish in made.wishes]
    assert len(set(keys)) == len(keys) or any(repeats)
    assert all(
        wish.target in KNOWN for wish in made.wishes if wish.action.startswith(("port", "bin", "case"))
    )
