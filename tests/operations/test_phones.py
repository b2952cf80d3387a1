"""Phones over the wire: each command is settled by reading back, or says that nobody can."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from console.mor.calls import CALLS
from console.mor.client import MorClient
from console.operations.authority import Authority
from console.operations.beliefs import DeviceState, RuleList, changed, from_plain, plain, substance
from console.operations.bulk.classes import Again, Class
from console.operations.bulk.desk import Bulk
from console.operations.bulk.place import Place
from console.operations.bulk.plan import Fate, PlanRefused
from console.operations.bulk.single import with_goal
from console.operations.bulk.wishes import Wish, same_for_all
from console.operations.commands import add_rule, any_order
from console.operations.dispatch import Dispatcher
from console.operations.journal import RecordKind, read
from console.operations.ledger import Ledger
from console.operations.look import Looker
from console.operations.orders import Order
from console.operations.phones import create_device, delete_device, delete_rule, update_device
from console.secret import Secret
from console.state.entities import Key, Kind, Phase, SourceName
from console.state.store import Store

from .hall import QUICK, hasty_clock, hasty_sleep
from .simulated import Scene, scene, switch
from .small import journal

USER, DEVICE = 100, 2
QUICK_TO_STOP = replace(QUICK, stop_failures=2, stop_percent=0.0, stop_most=2)
RULE = {"name": "myrule", "cut": "353", "add": "0"}


class Desk:
    """A console on a phone switch; time passes in haste."""

    def __init__(self, one: Scene, client: MorClient, folder: Path) -> None:
        self.one = one
        self.store = Store(clock=hasty_clock)
        self.journal = journal(folder)
        self.look = Looker(self.store, None, client)
        targets = {SourceName.MOR: client}
        self.commands = Dispatcher(
            self.store, self.journal, targets, look=self.look, safety=QUICK, sleep=hasty_sleep
        )
        self.bulk = Bulk(
            Place(
                store=self.store,
                ledger=Ledger(self.store, self.journal),
                commands=self.commands,
                look=self.look,
                authority=Authority(),
                safety=QUICK,
                systems=frozenset(targets),
                sleep=hasty_sleep,
            )
        )

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
async def desk(folder: Path) -> AsyncIterator[Desk]:
    async with scene() as one, switch(one) as client:
        made = Desk(one, client, folder)
        try:
            yield made
        finally:
            await made.bulk.close()
            await made.commands.close()
            await made.journal.close()


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
