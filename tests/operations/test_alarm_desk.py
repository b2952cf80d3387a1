"""What people do about alarms is recorded, shared by the consoles of a host, and theirs to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.operations.alarm_desk import AlarmDesk
from console.operations.authority import Authority, NotAllowed
from console.operations.journal import Journal, read
from console.settings.tables import Role

from .small import ACTOR, journal

NAME = "case error at port 4"


def desk(directory: Path, role: Role = Role.TECHNICIAN, site: str = "Hall 2") -> AlarmDesk:
    actor = replace(ACTOR, role=role.value)
    return AlarmDesk(
        Journal(directory, site=site, mode="SIMULATOR", actor=actor), Authority(role=role), most_hours=8.0
    )


async def test_what_is_shelved_is_told_to_every_console_of_the_site(tmp_path: Path) -> None:
    await desk(tmp_path).shelve(NAME, "being mended", 2.0)
    shelf = desk(tmp_path, Role.VIEWER).shelves()[NAME]
    assert (shelf.reason, shelf.by) == ("being mended", "tech1")
    assert shelf.until == pytest.approx((datetime.now(UTC) + timedelta(hours=2)).timestamp(), abs=60)
    assert desk(tmp_path, site="Elsewhere").shelves() == {}


async def test_the_last_word_counts(tmp_path: Path) -> None:
    here = desk(tmp_path, Role.SUPERVISOR)
    await here.shelve(NAME, "being mended", 2.0)
    await here.take_out(NAME, "there is no case")
    assert here.shelves()[NAME].until is None
    await here.put_back(NAME)
    assert here.shelves() == {}
    assert [(one.entry.action, one.entry.reason) for one in read(tmp_path)] == [
        ("shelved", "being mended"),
        ("out of service", "there is no case"),
        ("back", ""),
    ]


async def test_what_was_acknowledged_since_a_moment(tmp_path: Path) -> None:
    here = desk(tmp_path)
    await here.acknowledge(["one"])
    since = datetime.now(UTC)
    await here.acknowledge([NAME, "other"])
    assert desk(tmp_path).acknowledged(since) == {NAME, "other"}


@pytest.mark.parametrize("hours", [0.0, -1.0, 8.01, float("inf"), float("nan")])
async def test_nothing_is_shelved_for_longer_than_allowed(tmp_path: Path, hours: float) -> None:
    with pytest.raises(NotAllowed, match="at most 8 hours"):
        await desk(tmp_path).shelve(NAME, "why", hours)
    assert list(read(tmp_path)) == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER])
async def test_who_only_looks_does_nothing_about_alarms(tmp_path: Path, role: Role) -> None:
    here = desk(tmp_path, role)
    for act in (
        here.acknowledge([NAME]),
        here.shelve(NAME, "why", 1.0),
        here.take_out(NAME, "why"),
        here.put_back(NAME),
    ):
        with pytest.raises(NotAllowed, match="gives no commands"):
            await act
    assert list(read(tmp_path)) == []


async def test_only_a_supervisor_takes_an_alarm_out_of_service(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="only a supervisor"):
        await desk(tmp_path).take_out(NAME, "why")
    await desk(tmp_path, Role.SUPERVISOR).take_out(NAME, "why")
    assert desk(tmp_path, Role.SUPERVISOR).refusal_to_take_out is None


async def test_a_record_from_elsewhere_steers_no_terminal(tmp_path: Path) -> None:
    await desk(tmp_path).shelve(NAME, "\x1b]0;title\x07", 1.0)
    assert desk(tmp_path).shelves()[NAME].reason == "\\x1b]0;title\\x07"


def test_without_a_journal_nothing_is_shelved(tmp_path: Path) -> None:
    assert desk(tmp_path / "none").shelves() == {}
    assert journal(tmp_path).path.exists() is False
