"""What the detail pane says of a port and of a device."""

from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from console.interface.detail import (
    action_lines,
    command_lines,
    command_title,
    device_lines,
    device_title,
    port_lines,
    port_title,
    rule_lines,
    why_not,
)
from console.interface.drawing import Line, Tone, plain
from console.operations.commands import PORT_COMMANDS
from console.state.entities import DeviceList, Phase, Port, RuleList
from console.state.quality import Quality
from console.text import safe

from .world import SECRET, USER, Site, case_in_error, closed, command, device, port, rule, with_bin


def texts(lines: list[Line]) -> list[str]:
    return [plain(line).rstrip() for line in lines]


@pytest.fixture
def site() -> Site:
    return Site(ports=[1])


def shown(site: Site) -> list[str]:
    """Return the lines of the port, and see that failed looks do not change their number."""
    *lines, last = texts(port_lines(site.store, site.store.ports[1]))
    assert last == "" or "last try" in last
    return [*lines, *filter(None, [last])]


def test_a_port_with_a_bin(site: Site) -> None:
    site.see(with_bin(1, task_id=310022, taskgroup_id=123004))
    site.clock.pass_(1)
    assert shown(site) == [
        " Mode   OPEN  for 1.0 s",
        " Bin    4711 OPEN   task 310022  group 123004",
        " Seen   1.0 s ago",
    ]


def test_a_port_in_error(site: Site) -> None:
    site.see(case_in_error(1))
    site.clock.pass_(1)
    assert " Case   ! IN ERROR 1.0 s  ERSO ready to send the case out" in shown(site)


@pytest.mark.parametrize(
    ("reading", "line"),
    [
        (closed(1), " Bin    none reported"),
        (port(1, bin_id=4711), " Bin    4711 mode not known"),
        (port(1, None), " Mode   not known  for 0.0 s"),
        (closed(1, "AC"), " Case   not known"),
        (port(1, "OPEN", "AC", case="NOOP"), " Case   NOOP nothing running"),
        (port(1, "OPEN", "AC", case="EREQ"), " Case   EREQ extract requested  for 0.0 s"),
        (port(1, "OPEN", "AC", case="XNEW"), " Case   XNEW"),
    ],
)
def test_what_is_unknown_is_called_unknown(site: Site, reading: object, line: str) -> None:
    site.see(reading)  # type: ignore[arg-type]
    assert line in shown(site)


def test_a_port_never_seen_claims_nothing(site: Site) -> None:
    assert shown(site) == [" Mode   not known", " Bin    not known", " Seen   never seen"]


def test_an_old_look_says_how_old_and_looks_so(site: Site) -> None:
    site.see(with_bin(1))
    site.clock.pass_(31)
    site.store.miss_port(1, "connection refused")
    lines = port_lines(site.store, site.store.ports[1])
    assert " Seen   31 s ago: UNREACHABLE" in texts(lines)
    assert " " * 8 + "last try: connection refused" in texts(lines)
    said = {tone for line in lines[:2] for text, tone in line[1:] if text.strip()}
    assert said == {Tone.STALE, Tone.DIM}


@pytest.mark.parametrize(
    ("port_type", "title"), [("CO", "Port 1  ConveyorPort"), ("??", "Port 1  ??"), (None, "Port 1")]
)
def test_the_heading_names_the_type(site: Site, port_type: str | None, title: str) -> None:
    site.see(port(1, "OPEN", port_type))
    assert port_title(site.store.ports[1]) == title


def actions(site: Site) -> list[Line]:
    known = site.store.ports[1]
    return action_lines(PORT_COMMANDS, known, site.store.port_quality(known))


def test_each_command_stands_in_its_place_with_what_it_does_or_why_not(site: Site) -> None:
    site.see(with_bin(1))
    lines = texts(actions(site))
    assert [line[1] for line in lines] == [command.key for command in PORT_COMMANDS]
    assert lines[0].startswith(" o open port    - already open")
    assert lines[1].split() == ["c", "close", "port", "moves", "bin", "4711", "away", "asks", "first"]
    assert lines[4] == " x extract case - not an AutoCase port"


def test_what_commands_do_fits_beside_that_they_ask(site: Site) -> None:
    """58 cells is the pane where two stand side by side on the smallest terminal that shows two."""
    site.see(case_in_error(1, bin_id=4_000_000))
    asking = [line for line in actions(site) if line[-1][0].strip() == "asks first"]
    assert len(asking) == 3
    assert all(cell_len(plain(line)) <= 58 for line in asking)


@pytest.mark.parametrize(
    ("quality", "words"),
    [(Quality.NEVER, "not seen yet"), (Quality.STALE, "too long ago"), (Quality.UNREACHABLE, "no answer")],
)
def test_nothing_is_commanded_on_old_knowledge(quality: Quality, words: str) -> None:
    known = Port(port_id=1, reading=closed(1), seen_at=1.0)
    for one in PORT_COMMANDS:
        assert words in (why_not(one, known, quality) or "")


def test_a_port_that_nothing_can_be_told_of_says_why(site: Site) -> None:
    """Such as all ports of a controller that has the Bin interface only."""
    site.store.miss_port(1, "the bin interface does not tell what ports are doing: name the call (:)")
    assert {why_not(one, site.store.ports[1], Quality.UNREACHABLE) for one in PORT_COMMANDS} == {
        "cannot be looked at: the bin interface does not tell what ports are doing: name the call (:)"
    }


@pytest.fixture
def devices(site: Site) -> DeviceList:
    site.see_devices(device(7, "reception", callerid="Reception"), device(8, ipaddr=""))
    return site.store.device_lists[USER]


def test_a_device_without_its_secret(site: Site, devices: DeviceList) -> None:
    lines = texts(device_lines(devices.devices[0], devices, site.store))
    assert lines == [
        " Name   reception",
        " At     10.0.0.7:5060",
        " Caller Reception",
        " Secret ••••••••",
        " Seen   0.0 s ago",
    ]
    assert SECRET not in str(lines)
    assert device_title(devices.devices[0]) == "Device 7  SIP  user 100"


def test_an_old_device_says_so(site: Site, devices: DeviceList) -> None:
    site.clock.pass_(60)
    site.store.miss_devices(USER, "timed out")
    listed = site.store.device_lists[USER]
    lines = device_lines(listed.devices[1], listed, site.store)
    assert " At     not registered" in texts(lines)
    assert " " * 8 + "last try: timed out" in texts(lines)
    assert lines[4][1] == ("60 s ago", Tone.STALE)


def test_a_command_with_all_that_its_row_has_no_room_for() -> None:
    reason = safe("New action cannot be started until the previous action has been completed.")
    refused = {"phase": Phase.REFUSED, "reason": reason, "code": 1148}
    known = command("20260305-140211-7f3a", "case_extract", "port 4", **refused)
    local = datetime(2026, 3, 5, 14, 2, 11, tzinfo=UTC)
    assert command_title(known) == "Extract case  port 4"
    assert texts(command_lines(known, 1004.0, local)) == [
        " Asked  2026-03-05 14:02:11  4.0 s ago",
        " With   nothing beyond the target",
        f" Now    refused (1148): {reason}",
        " Record 20260305-140211-7f3a",
    ]


def test_rules_in_all_states_of_knowledge() -> None:
    assert texts(rule_lines(None)) == [" reading the rules ..."]
    assert texts(rule_lines(RuleList(device_id=1))) == [" reading the rules ..."]
    assert texts(rule_lines(RuleList(device_id=1, failure=safe("timed out")))) == [" timed out"]
    assert texts(rule_lines(RuleList(device_id=1, seen_at=1.0))) == [" no rules"]


def test_rules_in_columns_and_the_disabled_one_says_so() -> None:
    rules = (rule(1, "outside", cut="00", add="39"), rule(2, "old", enabled=False))
    header, first, second = texts(rule_lines(RuleList(device_id=1, rules=rules, seen_at=1.0)))
    assert header.split() == ["name", "cut", "add", "length", "number"]
    assert first.split() == ["outside", "00", "39", "1-100", "dst"]
    assert second.split() == ["old", "0", "1-100", "dst", "off"]
