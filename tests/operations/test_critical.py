"""Commands that need a second person, or stay in an emergency: by id or by method, by the settings here."""

from typing import Any

import pytest
from msgspec.structs import replace

from console.operations.authority import Authority, NotAllowed
from console.operations.bulk.plan import PlanRefused
from console.operations.bulk.wishes import same_for_all
from console.operations.commands import PORT_COMMANDS, any_order
from console.settings.tables import Role
from console.settings.values import command_names
from console.state.entities import Key, Kind, SourceName

from .consoles import QUICK, actor
from .hall import Console, Hall, Open, closing, opening, words

S = Role.SUPERVISOR


@pytest.fixture
def consoles(consoles: Open) -> Open:
    """Opens consoles with settings of their own on one journal."""

    def opening_one(hall: Hall, who: str = "tess", **safety: Any) -> Console:
        here = replace(QUICK, **safety)
        authority = Authority(role=S, critical=frozenset(here.critical), emergency=frozenset(here.emergency))
        return consoles(hall, safety=here, authority=authority, who=actor(who, 1000 + len(who)))

    return opening_one


@pytest.mark.parametrize("names", ["port.close", "closeport"])
async def test_a_critical_command_is_one_by_its_id_and_by_its_method(consoles: Open, names: str) -> None:
    hall = Hall(2)
    hall.modes[1] = "INSERT"
    one = consoles(hall, critical=command_names(names))
    await one.look(Key(Kind.PORT, 1))
    close = next(command for command in PORT_COMMANDS if command.id == "port.close")
    raw = any_order(SourceName.AUTOSTORE, "closeport", {"port_id": 1})
    for order in (close.order(one.store.ports[1], {}), raw):
        with pytest.raises(NotAllowed, match=r"port\.close is critical here"):
            await one.commands.send(order)
    assert hall.received == []


@pytest.mark.parametrize(
    ("names", "opens", "runs_out"),
    [("openport", True, True), ("port.open", True, False), ("port.runout", False, True)],
)
def test_a_method_stands_for_all_that_it_is_called_by(names: str, opens: bool, runs_out: bool) -> None:
    known = frozenset(command_names(names))
    authority = Authority(role=S, critical=known, emergency=known)
    for command, listed in (("port.open", opens), ("port.runout", runs_out)):
        assert bool(authority.refuses(command, "openport", approved=False)) is listed
        assert authority.refuses(command, "openport", approved=True) is None
        assert authority.despite_journal(command, "openport") is listed
    assert not replace(authority, role=Role.TECHNICIAN).despite_journal("port.open", "openport")


@pytest.mark.parametrize("names", ["port.close", "closeport"])
async def test_a_plan_of_settings_without_critical_commands_is_approved_here_too(
    consoles: Open, names: str
) -> None:
    hall = Hall(2)
    hall.modes[1] = "INSERT"
    lax, strict = consoles(hall), consoles(hall, critical=command_names(names))
    second = consoles(hall, "olga-maria", critical=command_names(names))
    plan = await lax.plan(closing(1))
    assert not plan.critical
    with pytest.raises(PlanRefused, match="a second person has to approve"):
        await strict.bulk.start(plan)
    await second.bulk.approve(plan)
    run = await strict.bulk.start(plan)
    await run.wait()
    assert words(run) == {"confirmed": 1}
    with pytest.raises(PlanRefused, match="nothing in this plan needs"):
        await lax.bulk.approve(await lax.plan(opening(2)))


async def test_what_a_plan_leaves_out_does_not_make_it_critical(consoles: Open) -> None:
    hall = Hall(2)
    lax, strict = consoles(hall), consoles(hall, critical=command_names("closeport"))
    plan = await lax.plan((*opening(1), *closing(2)))
    run = await strict.bulk.start(plan)
    await run.wait()
    assert words(run) == {"confirmed": 1, "already_so": 1}


async def test_a_plan_of_more_targets_than_are_allowed_here_is_not_begun(consoles: Open) -> None:
    hall = Hall(4)
    lax, strict = consoles(hall), consoles(hall, most_targets=2)
    plan = await lax.plan(opening(1, 2, 3))
    with pytest.raises(PlanRefused, match="3 targets: a run has at most 2 here"):
        await strict.bulk.start(plan)
    assert hall.received == []


async def test_what_a_call_comes_to_is_critical_by_whichever_action_it_is_planned(consoles: Open) -> None:
    hall = Hall(2)
    lax, strict = consoles(hall), consoles(hall, critical=command_names("port.runout"))
    runs_out = same_for_all("port.open", [1], {"port_mode": "RUNOUT"})
    assert (await strict.plan(runs_out)).critical
    with pytest.raises(PlanRefused, match="a second person has to approve"):
        await strict.bulk.start(await lax.plan(runs_out))
    assert not (await strict.plan(opening(2))).critical
    assert hall.received == []
