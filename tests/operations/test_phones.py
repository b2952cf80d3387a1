"""Phones over the wire: each command is settled by reading back, or says that nobody can."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from console.mor.calls import CALLS
from console.mor.client import MorClient
from console.operations.beliefs import DeviceState, RuleList, changed, from_plain, plain, substance
from console.operations.bulk.classes import Again, Class
from console.operations.bulk.place import unix_now
from console.operations.bulk.plan import Fate, PlanRefused
from console.operations.bulk.single import with_goal
from console.operations.bulk.wishes import Wish, same_for_all
from console.operations.commands import add_rule, any_order
from console.operations.journal import RecordKind, read
from console.operations.leases import claim
from console.operations.orders import Order
from console.operations.owners import OWNER_UNKNOWN
from console.operations.phones import create_device, delete_device, delete_rule, update_device
from console.secret import Secret
from console.state.entities import Key, Kind, Phase, SourceName

from .consoles import QUICK, Wired
from .simulated import Scene, scene, switch

USER, DEVICE = 100, 2
QUICK_TO_STOP = replace(QUICK, stop_failures=2, stop_percent=0.0, stop_most=2)
RULE = {"name": "myrule", "cut": "353", "add": "0"}


class Phones(Wired):
    """A console on a phone switch."""

    def __init__(self, one: Scene, client: MorClient, folder: Path) -> None:
        super().__init__(folder, client)
        self.one = one

    async def settled(self, order: Order) -> tuple[Phase, str | None]:
        result = await self.commands.send(order)
        await self.commands.settled()
        command = self.store.commands[result.op_id]
        return command.phase, command.reason

    async def carry_out(self, *wishes: Wish) -> list[tuple[str, str]]:
        plan = self.bulk.plan(wishes, await self.bulk.survey(wishes))
        await self.bulk.record(plan)
        run = await self.bulk.start(plan)
        await run.wait()
        self.run = run.id
        return [(row.target, row.cls.value) for row in self.bulk.report(run.id).rows]

    def drops(self, method: str, kind: str = "drop-after", count: int = 1) -> None:
        self.one.simulation.faults.add(f"{kind} method={method} count={count}")


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Phones]:
    async with scene() as one, switch(one) as client:
        made = Phones(one, client, folder)
        try:
            yield made
        finally:
            await made.close()


@pytest.mark.parametrize(
    ("kind", "phase"), [("", "CONFIRMED"), ("drop-after", "APPLIED"), ("drop-before", "NOT_APPLIED")]
)
async def test_a_new_device_is_found_by_the_id_in_its_description(
    tmp_path: Path, kind: str, phase: str
) -> None:
    async with desk(tmp_path) as at:
        if kind:
            at.drops("device_create", kind)
        found, _ = await at.settled(create_device(USER, {"description": "gate 9", "type": "SIP"}))
        assert found is Phase[phase]
        new = [device for device in at.one.phones.devices.values() if "gate 9" in device.description]
        assert len(new) == (phase != "NOT_APPLIED")
        (op,) = {record.entry.op for record in read(tmp_path) if record.entry.kind is RecordKind.INTENT}
        assert all(f"[{op}]" in device.description for device in new)


async def test_somebody_elses_new_device_is_not_taken_for_ours(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        at.drops("device_create", "drop-before")
        order = create_device(USER, {"description": "gate 9", "type": "SIP"})
        result = await at.commands.send(order)
        user = at.one.phones.users[USER]
        at.one.phones.new_device(user, device_type="SIP", devicegroup_id="", pin="", description="other")
        await at.commands.settled()
        assert at.store.commands[result.op_id].phase is Phase.NOT_APPLIED


@pytest.mark.parametrize(
    ("values", "kind", "phase", "reason"),
    [
        ({"extension": "105"}, "", Phase.CONFIRMED, None),
        ({"extension": "105"}, "drop-after", Phase.APPLIED, None),
        ({"extension": "105"}, "drop-before", Phase.NOT_APPLIED, None),
        ({"extension": "105", "pin": "77"}, "", Phase.CONFIRMED, None),
        ({"extension": "105", "pin": "77"}, "drop-before", Phase.NOT_APPLIED, None),
        ({"pin": "77"}, "", Phase.UNVERIFIED, None),
        (
            {"pin": "77"},
            "drop-after",
            Phase.STILL_UNKNOWN,
            "nothing that can be read shows whether it happened",
        ),
    ],
)
async def test_a_change_is_read_back_where_that_can_be(
    tmp_path: Path, values: Any, kind: str, phase: Phase, reason: str | None
) -> None:
    async with desk(tmp_path) as at:
        if kind:
            at.drops("device_update", kind)
        found, why = await at.settled(update_device(DEVICE, values))
        assert found is phase
        if reason or found is Phase.UNVERIFIED:
            assert why == reason


async def test_a_change_to_what_it_was_already_cannot_be_read_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        assert (await at.settled(update_device(DEVICE, {"extension": "105"})))[0] is Phase.CONFIRMED
        assert await at.settled(update_device(DEVICE, {"extension": "105"})) == (Phase.UNVERIFIED, None)
        at.drops("device_update")
        phase, _ = await at.settled(update_device(DEVICE, {"extension": "105", "pin": "77"}))
        assert phase is Phase.STILL_UNKNOWN


async def test_passwords_of_many_devices_are_neither_done_nor_failed(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        devices = (DEVICE, 7)
        at.bulk.place = replace(at.bulk.place, safety=QUICK_TO_STOP)
        done = await at.carry_out(*same_for_all("device.update", devices, {"pin": Secret("77")}))
        assert done == [(f"device {device}", "unverified") for device in devices]
        report = at.bulk.report(at.run)
        assert (report.reason, report.reached) == ("", False)
        assert dict(report.counts) == {Class.UNVERIFIED: len(devices)}
        with pytest.raises(PlanRefused, match="is failed"):
            await at.bulk.again(at.run, Again.FAILED)


async def test_a_device_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        seen = await at.look(Key(Kind.DEVICE, DEVICE))
        assert isinstance(seen, DeviceState)
        await at.settled(update_device(DEVICE, {"extension": "105"}))
        assert await at.settled(update_device(DEVICE, {"extension": "106"}, seen)) == (
            Phase.NOT_STARTED,
            "its extension has changed",
        )
        assert (await at.settled(update_device(99, {"extension": "1"})))[1] == "there is no such device"


async def test_a_device_is_gone_and_stays_gone(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        assert (await at.settled(delete_device(7)))[0] is Phase.CONFIRMED
        assert await at.settled(delete_device(7)) == (Phase.NOT_STARTED, "there is no such device")
        at.one.phones.devices[DEVICE].held_by = "Device has calls"
        phase, reason = await at.settled(delete_device(DEVICE))
        assert (phase, reason) == (Phase.REFUSED, "Device has calls")


async def test_a_device_that_is_somebody_elses_by_now_is_not_deleted(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        (wish,) = wishes = same_for_all("device.delete", [DEVICE])
        plan = at.bulk.plan(wishes, await at.bulk.survey(wishes))
        await at.bulk.record(plan)
        await at.settled(update_device(wish.target, {"extension": "105"}))
        run = await at.bulk.start(plan)
        await run.wait()
        (row,) = at.bulk.report(run.id).rows
        assert (row.cls, row.reason) == (Class.SKIPPED, "its extension has changed")
        assert DEVICE in at.one.phones.devices


async def test_a_rule_is_deleted_only_as_it_was_seen(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        assert (await at.settled(add_rule(DEVICE, RULE)))[0] is Phase.CONFIRMED
        seen = await at.look(Key(Kind.RULES, DEVICE))
        assert isinstance(seen, RuleList)
        (rule,) = seen.rules
        at.drops("device_rule_delete")
        assert (await at.settled(delete_rule(rule)))[0] is Phase.APPLIED
        assert "is not there any more" in str((await at.settled(delete_rule(rule)))[1])


async def test_rules_for_many_devices_there_and_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.settled(add_rule(7, RULE))
        done = await at.carry_out(*same_for_all("rule.add", [2, 7, 9], RULE))
        assert done == [("device 2", "confirmed"), ("device 7", "already_so"), ("device 9", "left_out")]
        back = await at.bulk.undo(at.run)
        assert [(item.name, item.action, item.fate) for item in back.items] == [
            ("device 2", "rule.delete", Fate.INCLUDED),
        ]
        run = await at.bulk.start(back)
        await run.wait()
        assert at.one.phones.rules_of(2) == []
        assert len(at.one.phones.rules_of(7)) == 1
        done = await at.carry_out(*same_for_all("rule.delete", [2, 7], RULE))
        assert done == [("device 2", "already_so"), ("device 7", "confirmed")]


async def test_devices_for_many_users_there_and_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        before = set(at.one.phones.devices)
        at.drops("device_create")
        done = await at.carry_out(
            Wish("device.create", USER, {"type": "SIP", "description": "one"}),
            Wish("device.create", USER, {"type": "SIP", "description": "two"}),
            Wish("device.create", 101, {"type": "SIP", "description": "three"}),
            Wish("device.update", DEVICE, {"extension": "105"}),
        )
        assert [cls for _, cls in done] == ["applied", "confirmed", "confirmed", "confirmed"]
        new = set(at.one.phones.devices) - before
        assert len(new) == 3
        back = await at.bulk.undo(at.run)
        assert {item.target for item in back.items if item.action == "device.delete"} == new
        run = await at.bulk.start(back)
        await run.wait()
        assert set(at.one.phones.devices) == before
        for record in read(tmp_path):
            assert "pin" not in record.entry.arguments or record.entry.arguments["pin"] == "***"


@pytest.mark.parametrize(
    ("method", "values", "kind"),
    [
        ("device_create", {"user_id": "100"}, Kind.DEVICES),
        ("device_update", {"device": "2", "extension": "5"}, Kind.DEVICE),
        ("device_delete", {"device": 2}, Kind.DEVICE),
        ("device_rule_create", {"device_id": 2, **RULE}, Kind.RULES),
        ("device_rule_delete", {"device_rule_id": 2}, None),
        ("cli_add", {"cli": "370", "device_id": "2"}, None),
    ],
)
def test_a_call_by_its_name_can_be_settled_where_something_shows_it(
    method: str, values: Any, kind: Kind | None
) -> None:
    order = with_goal(any_order(SourceName.MOR, method, values), {call.name for call in CALLS})
    assert (order.goal.key.kind if order.goal else None) is kind
    if order.goal:
        assert order.goal.hindrance(DeviceState(device_id=2)) is None
    assert with_goal(any_order(SourceName.MOR, method, values), {method}).goal is None


async def test_beliefs_survive_being_written_down(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.settled(add_rule(DEVICE, RULE))
        for key in (
            Key(Kind.RULES, DEVICE),
            Key(Kind.DEVICE, DEVICE),
            Key(Kind.DEVICE, 99),
            Key(Kind.DEVICES, USER),
        ):
            belief = await at.look(key)
            again = from_plain(key, plain(belief))
            assert substance(again) == substance(belief)
            assert not changed(again, belief)
            assert "s<3&cr3t" not in repr(plain(belief))
    with pytest.raises(ValueError, match="rule_id"):
        from_plain(Key(Kind.RULES, 2), [{"rule_id": "x"}])
    with pytest.raises(ValueError, match="nothing of users"):
        from_plain(Key(Kind.USERS), [])


# Calls that name no device


async def rule_of(at: Phones, device_id: int) -> int:
    """Give a device a rule, and return its id."""
    await at.settled(add_rule(device_id, RULE))
    seen = await at.look(Key(Kind.RULES, device_id))
    assert isinstance(seen, RuleList)
    return int(seen.rules[-1].rule_id)


async def held_by_a_run(at: Phones) -> None:
    """Let a run that goes on hold the device."""
    now = unix_now()
    lease = claim(at.journal.site, [f"device {DEVICE}"], ("r1", "olga"), now, now + 3600)
    await at.journal.write(beside=lease)


def last_intent(folder: Path) -> tuple[str, str]:
    told = [one.entry for one in read(folder, kinds=(RecordKind.INTENT,))][-1]
    return told.target, told.reason


async def test_a_rule_of_a_device_that_a_run_holds_is_not_deleted_by_its_id(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        rule_id = await rule_of(at, DEVICE)
        await held_by_a_run(at)
        order = any_order(SourceName.MOR, "device_rule_delete", {"device_rule_id": f"0{rule_id}"})
        held = f"device {DEVICE} is held by run r1 of olga"
        assert await at.settled(order) == (Phase.NOT_STARTED, held)
        assert len(at.one.phones.rules_of(DEVICE)) == 1


async def test_a_rule_whose_device_is_known_is_deleted_in_its_name(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        rule_id = await rule_of(at, DEVICE)
        order = any_order(SourceName.MOR, "device_rule_delete", {"device_rule_id": rule_id})
        assert await at.settled(order) == (Phase.UNVERIFIED, None)
        assert last_intent(tmp_path) == (f"device {DEVICE}", "")


async def test_where_nobody_knows_the_device_that_is_said_and_recorded(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await held_by_a_run(at)
        rule_id = await rule_of(at, 7)
        at.store.rule_lists.clear()
        await at.settled(any_order(SourceName.MOR, "cli_add", {"device_id": 7, "cli_number": "37"}))
        for method, values, target in (
            ("device_rule_delete", {"device_rule_id": rule_id}, f"rule {rule_id}"),
            ("cli_delete", {"cli_number": "37"}, ""),
        ):
            order = any_order(SourceName.MOR, method, values)
            assert await at.settled(order) == (Phase.UNVERIFIED, OWNER_UNKNOWN)
            assert last_intent(tmp_path) == (target, OWNER_UNKNOWN)
