"""The language of what goes wrong: lines, what they do to the worlds, files, and mistakes in them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.simulator import troubles
from console.simulator.faults import FaultRule, Faults
from console.simulator.filling import Wrong, port_ids
from console.simulator.phrases import Phrase
from console.simulator.softswitch import Softswitch
from console.simulator.warehouse import Warehouse
from console.text import is_clean

from .phones import create_rule, error, phones, said, signed
from .small import CASE_BIN, call, outcome, site, wait, with_open_bin


def happen(line: str, warehouse: Warehouse, softswitch: Softswitch | None = None) -> None:
    troubles.apply(troubles.parse(line), warehouse, softswitch or phones(), Faults())


# Lines


@pytest.mark.parametrize(
    "line",
    [
        "drop-after port=4 count=1",
        "stop-system",
        "stop-system stopcode=7 delayed=true",
        "stick-case port=4",
        "change-secret user=admin 'secret=a b'",
        "give-rule device=2 name=x add=0 pr_type=src",
        "change-delivery delivery=html error_place=status/error",
        "open-ports ports=1-3,5",
        "jam-bin bin=101337",
    ],
)
def test_a_line_reads_back_as_it_was(line: str) -> None:
    assert str(troubles.parse(line)) == line


def test_a_rule_stays_in_force_and_an_incident_happens() -> None:
    rules = Faults()
    assert troubles.apply(troubles.parse("empty"), site(), phones(), rules) == 1
    assert troubles.apply(troubles.parse("switch-api-off"), site(), phones(), rules) is None
    assert list(rules.rules) == [1]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", '"" is not known here: wanted latency, .*, jam-bin'),
        ("drop-aftr", '"drop-aftr" is not known here: did you mean drop-after?'),
        ("lose-drivers", "did you mean lose-driver?"),
        ("drop-after prot=4", '"prot" is not known here: did you mean port?'),
        ("drop-after port=4 port=5", '"port" is there twice'),
        ("drop-after 4", '"4" is not an option: wanted name=value'),
        ("drop-after 'port=4", "no closing quotation: wanted quotes in pairs"),
        ("drop-after method=opneport", 'method is "opneport": wanted the name of a method or call'),
        ("drop-after port=2001", 'port is "2001": wanted a port id, 1 to 2000'),
        ("drop-after server=web", 'server is "web": wanted one of autostore, mor'),
        ("drop-after execute=perhaps", 'execute is "perhaps": wanted true or false'),
        ("latency seconds=nan", 'seconds is "nan": wanted seconds, 0 to 86400'),
        ("stick-case", "port is missing: wanted a whole number"),
        ("open-ports ports=1-,3", 'ports is "1-,3": wanted ids like 1-40,77'),
        ("give-rule device=2 name=x pr_type=up", 'pr_type is "up": wanted one of dst, src'),
        ("change-profile profile=2021", 'profile is "2021": wanted one of 2019, 2020, live'),
        ("switch-api-off now=true", '"now" is not known here: wanted nothing more'),
        ("explode \x1b[2J=x", r"is not known here"),
    ],
)
def test_a_line_that_is_wrong_says_what_would_be_right(line: str, reason: str) -> None:
    with pytest.raises(Wrong, match=reason.replace("?", r"\?")) as raised:
        troubles.parse(line)
    assert is_clean(str(raised.value))


@given(st.text(max_size=60))
def test_any_text_is_a_line_or_says_why_not(text: str) -> None:
    try:
        assert isinstance(troubles.parse(text), FaultRule | Phrase)
    except Wrong as wrong:
        assert is_clean(str(wrong))


def test_ports_as_people_write_them() -> None:
    assert port_ids("1-3,7") == (1, 2, 3, 7)
    assert port_ids("3-1") == (1, 2, 3)


# Incidents in the switch


def test_another_key_makes_the_old_hash_incorrect() -> None:
    world = phones()
    happen("change-secret user=admin secret=other", site(), world)
    assert create_rule(world) == error("Incorrect hash")
    assert "Rule added" in create_rule(world, hash=signed("other", "2", "myrule", "353", "0"))


def test_the_api_is_switched_off_and_on() -> None:
    world = phones()
    happen("switch-api-off", site(), world)
    assert create_rule(world) == error("API Requests are disabled")
    happen("switch-api-on", site(), world)
    assert "Rule added" in create_rule(world)


def test_the_server_takes_another_profile_and_another_delivery() -> None:
    world = phones()
    happen("change-profile profile=live", site(), world)
    assert "Rule added" in create_rule(world, hash=signed("456789", "2"))
    happen("change-delivery delivery=html error_place=status/error", site(), world)
    assert "<body>\n<status> <error>" in create_rule(world)
    happen("block-registration", site(), world)
    assert "Registration over API is disabled" in said(world, "device_delete", "device", device="2")


def test_somebody_else_works_at_the_switch() -> None:
    world = phones()
    happen("give-rule device=2 name=x cut=9 add=00", site(), world)
    assert [(rule.name, rule.cut, rule.add) for rule in world.rules_of(2)] == [("x", "9", "00")]
    happen("take-rules device=2", site(), world)
    assert world.rules_of(2) == []
    happen("hide-device device=2", site(), world)
    happen("unregister-device device=2", site(), world)
    assert (world.devices[2].hidden, world.devices[2].ipaddr, world.devices[2].port) == (True, "0.0.0.0", "0")


@pytest.mark.parametrize(
    "line",
    [
        "change-secret user=nobody secret=x",
        "change-secret user=hall secret=x",
        "give-rule device=99 name=x",
        "take-rules device=99",
        "hide-device device=99",
        "unregister-device device=99",
    ],
)
def test_what_cannot_happen_in_the_switch_changes_nothing(line: str) -> None:
    world = phones()
    before = world.snapshot()
    with pytest.raises(ValueError, match=r"no device 99|wanted an admin or a reseller") as raised:
        happen(line, site(), world)
    assert "=x" not in str(raised.value)
    assert world.snapshot() == before


# Incidents in the warehouse, and the rest of the shift


def test_incidents_of_the_warehouse_reach_it() -> None:
    world = site()
    happen("stop-system stopcode=7", world)
    assert (world.system.running, world.system.stopcode) == (False, 7)
    assert outcome(world, "openport", port_id=1) == 1048
    happen("lose-driver", world)
    assert not world.system.driver_heard
    happen("take-port-down port=2", world)
    assert outcome(world, "openport", port_id=2) == 1048
    with pytest.raises(ValueError, match="no port 99"):
        happen("stick-case port=99", world)


def test_the_shift_opens_and_closes_ports_and_stands_in_the_record_as_crew() -> None:
    world = site()
    happen("open-ports ports=1-2 category=3", world)
    assert [world.ports[port].categories for port in (1, 2)] == [(3,), (3,)]
    happen("close-ports ports=1-2", world)
    wait(world, 5)
    assert [world.ports[port].is_open for port in (1, 2)] == [False, False]
    assert {entry.who for entry in world.record.entries} == {"crew"}


def test_the_shift_opens_all_of_the_ports_or_none() -> None:
    world = site()
    with pytest.raises(ValueError, match="port 8 is DISABLED: wanted a closed one"):
        happen("open-ports ports=1-2,8", world)
    with pytest.raises(ValueError, match="no port 77"):
        happen("close-ports ports=1,77", world)
    assert not world.record.entries


def test_the_shift_calls_a_bin_and_takes_its_case_out_and_it_jams() -> None:
    world = site()
    call(world, "openport", port_id=4, category=(1,))
    happen(f"jam-bin bin={CASE_BIN}", world)
    happen(f"call-bin port=4 bin={CASE_BIN}", world)
    wait(world, 10)
    happen(f"extract-case port=4 bin={CASE_BIN}", world)
    wait(world, 10)
    assert world.ports[4].case.error
    with pytest.raises(ValueError, match="case_extract was refused with 1148"):
        happen(f"extract-case port=4 bin={CASE_BIN}", world)
    with pytest.raises(ValueError, match="no bin 1 with a case"):
        happen("jam-bin bin=1", world)


def test_a_case_sticks_where_it_is() -> None:
    world = site()
    with_open_bin(world, 4, CASE_BIN)
    call(world, "case_extract", port_id=4, bin_id=CASE_BIN)
    happen("stick-case port=4", world)
    assert world.ports[4].case.error


# Files


def test_a_file_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "bad-day.toml"
    path.write_text('faults = ["drop-after port=4", "lose-driver"]')
    assert [str(line) for line in troubles.read_file(path)] == ["drop-after port=4", "lose-driver"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("faults = [", "bad-day.toml: is not TOML: "),
        ("", r"bad-day.toml: faults is missing: wanted lines, like \["),
        ("fault = []", r'bad-day.toml: "fault" is not known here: did you mean faults\?'),
        ('faults = "empty"', 'bad-day.toml: faults is "empty": wanted lines, like'),
        ("faults = [4]", r"bad-day.toml: faults is \[4\]: wanted lines, like"),
        ('faults = ["empty", "emty"]', r'bad-day.toml: faults\[1\]: "emty" is .* did you mean empty\?'),
        ('faults = ["empty port=0"]', r'faults\[0\]: port is "0": wanted a port id, 1 to 2000'),
    ],
)
def test_a_file_that_is_wrong_says_where_and_what_would_be_right(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = tmp_path / "bad-day.toml"
    path.write_text(text)
    with pytest.raises(Wrong, match=reason):
        troubles.read_file(path)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bad-day.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Wrong, match="is not TOML"):
        troubles.read_file(path)
    with pytest.raises(OSError, match="No such file"):
        troubles.read_file(tmp_path / "none.toml")
