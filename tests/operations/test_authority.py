"""Who may do what: roles, groups, read-only from three places, and what a broken journal leaves."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.operations.actor import is_member, may_be_same
from console.operations.authority import Authority, NotAllowed, effective_role, read_only_asked
from console.operations.journal import RecordKind, read
from console.operations.processes import boot_id, lives, this_process
from console.settings import Settings, SettingsError, Site, base_url, parse, port_ids
from console.settings.tables import AutoStore, Mor, Role, Safety
from console.settings.values import VariableName
from console.site_spec import describe

from .consoles import actor
from .small import Bench, order

Make = Callable[..., Bench]
V, T, S, A = Role.VIEWER, Role.TECHNICIAN, Role.SUPERVISOR, Role.APPROVER


@pytest.mark.parametrize(
    ("asked", "groups", "mine", "role"),
    [
        (T, {}, set(), T),
        (S, {}, set(), S),
        (S, {S: "leads"}, {"leads"}, S),
        (S, {S: "leads"}, set(), T),
        (S, {S: "leads", T: "techs"}, {"techs"}, T),
        (S, {S: "leads", T: "techs"}, set(), V),
        (T, {S: "leads"}, {"leads"}, T),
        (T, {T: "techs"}, set(), V),
        (V, {T: "techs"}, {"techs"}, V),
        (A, {}, set(), A),
        (A, {A: "eyes"}, {"eyes"}, A),
        (A, {A: "eyes"}, {"leads"}, V),
    ],
)
def test_the_role_is_what_the_groups_allow(
    asked: Role, groups: dict[Role, str], mine: set[str], role: Role
) -> None:
    assert effective_role(asked, groups, mine.__contains__) is role


@pytest.mark.parametrize(
    ("role", "commands", "approves"), [(V, False, False), (T, True, False), (S, True, True), (A, False, True)]
)
def test_what_a_role_may(role: Role, commands: bool, approves: bool) -> None:
    assert (Authority(role=role).refusal is None) is commands
    assert Authority(role=role).may_approve is approves
    assert not Authority(role=role, read_only=True).may_approve
    assert Authority(role=role, read_only=True).refusal == "this console is read-only here"


def test_a_group_that_does_not_exist_has_no_members() -> None:
    assert not is_member("no-such-group-anywhere")


@pytest.mark.parametrize(
    ("flag", "environment", "file", "read_only"),
    [
        (False, None, False, False),
        (False, None, True, True),
        (False, "", True, True),
        (False, "0", True, False),
        (False, " No ", True, False),
        (False, "1", False, True),
        (False, "TRUE", False, True),
        (True, "0", False, True),
        (True, None, False, True),
    ],
)
def test_the_flag_beats_the_environment_beats_the_file(
    flag: bool, environment: str | None, file: bool, read_only: bool
) -> None:
    assert read_only_asked(flag, environment, file) is read_only


def site(**more: object) -> Site:
    return Site(autostore=AutoStore(url=base_url("http://10.0.0.5"), ports=port_ids("1")), **more)  # type: ignore[arg-type]


def test_a_site_is_described_with_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSIDE_READ_ONLY", "yes")
    assert describe("hall", Settings(), site(), Path()).mode == "READ-ONLY"
    monkeypatch.setenv("PORTSIDE_READ_ONLY", "perhaps")
    with pytest.raises(SettingsError, match="PORTSIDE_READ_ONLY in the environment: wanted one of 0, 1"):
        describe("hall", Settings(), site(), Path())


def test_a_site_is_described_with_the_role_that_is_left() -> None:
    settings = parse('role = "supervisor"\n[groups]\nsupervisor = "no-such-group"', Path("s.toml"))
    assert describe("hall", settings, site(), Path()).role == "technician"
    assert describe("hall", parse('role = "viewer"', Path("s.toml")), site(), Path()).role == "viewer"


@pytest.mark.parametrize(
    ("one", "may"),
    [
        (site(), False),
        (site(simulator=True), True),
        (site(safety=Safety(allow_unattributed=True)), True),
        (Site(autostore=AutoStore(url=base_url("http://127.0.0.1:44000"), ports=port_ids("1"))), True),
        (
            Site(
                autostore=AutoStore(url=base_url("http://localhost"), ports=port_ids("1")),
                mor=Mor(url=base_url("https://10.0.0.9"), user="admin", secret_env=VariableName("KEY")),
            ),
            False,
        ),
    ],
)
def test_where_nobody_has_to_be_known(one: Site, may: bool) -> None:
    assert one.unattributed_may_command is may


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((1000, 0), (1000, 1000), True),
        ((1000, 0), (1001, 0), False),
        ((None, 0), (None, 0), True),
        ((None, 1000), (None, 1001), False),
        ((1000, 1000), (None, 1000), True),
        ((1000, 0), (None, 1000), True),
        ((0, 5), (None, 0), True),
        ((1000, 1000), (None, 1001), False),
    ],
)
def test_people_are_told_apart_by_their_login_or_else_by_every_uid(
    one: tuple[int | None, int], other: tuple[int | None, int], same: bool
) -> None:
    a, b = (replace(actor(login_uid=login), uid=uid) for login, uid in (one, other))
    assert may_be_same(a, b) is may_be_same(b, a) is same


def test_a_process_is_known_by_when_it_began() -> None:
    pid, _, began = this_process().partition(":")
    assert int(pid) == os.getpid()
    assert lives(this_process(), boot_id())
    assert not lives(this_process(), "another boot")
    assert not lives(f"{pid}:{int(began) + 1}", boot_id())
    assert not lives("4194304:1", boot_id())
    for nonsense in ("", "x:1", ":"):
        assert not lives(nonsense, boot_id())


EMERGENCY = frozenset({"port.open"})


async def test_a_supervisor_keeps_a_short_list_while_the_journal_is_broken(bench: Make) -> None:
    one = bench(authority=Authority(role=S, emergency=EMERGENCY))
    one.journal.broken_from = 1
    assert one.commands.goes_without_journal(order(goal=None))
    with pytest.raises(NotAllowed, match="no command without a journal"):
        await one.commands.send(order(goal=None))
    result = await one.commands.send(order(goal=None), despite="the hall is on fire")
    assert (result.outcome, result.recorded, len(one.client.calls)) == ("accepted", False, 1)
    assert one.store.journal_failure is not None
    one.journal.broken_from = None
    one.journal._lost, one.journal._why_lost = 2, "no space left on device"
    assert (await one.commands.send(order(goal=None))).recorded
    told = [(record.entry.kind, record.entry.despite) for record in read(one.directory)]
    assert told == [
        (RecordKind.GAP, ""),
        (RecordKind.INTENT, "the hall is on fire"),
        (RecordKind.OUTCOME, "the hall is on fire"),
        (RecordKind.SETTLED, "the hall is on fire"),
        (RecordKind.INTENT, ""),
        (RecordKind.OUTCOME, ""),
        (RecordKind.SETTLED, ""),
    ]


@pytest.mark.parametrize("authority", [Authority(emergency=EMERGENCY), Authority(role=S)])
async def test_nobody_else_and_nothing_else_goes_past_the_journal(bench: Make, authority: Authority) -> None:
    one = bench(authority=authority)
    assert not one.commands.goes_without_journal(order(goal=None))
    with pytest.raises(NotAllowed, match=r"port\.open waits for the journal"):
        await one.commands.send(order(goal=None), despite="I want to")
    assert one.events == []
