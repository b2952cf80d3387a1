"""What becomes of each target in a plan, and what refuses the plan as a whole."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from state.small import rule

from console.operations.beliefs import DeviceState, UserDevices
from console.operations.bulk.action import Undone
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.plan import Fate, Plan, PlanRefused, digest_of, why_not_now
from console.operations.bulk.planning import Known, Seen, plan_of
from console.operations.bulk.preview import preview
from console.operations.bulk.wishes import Wish, run_out_and_close, same_for_all
from console.operations.leases import Lease
from console.secret import Secret
from console.settings.tables import Safety
from console.settings.values import COMMAND_IDS, CommandNames
from console.state.entities import Key, Kind, RuleList, SourceName

from .planned import NOW, ground, known, plan, port

INCLUDED, ALREADY, SKIPPED, REFUSED = Fate.INCLUDED, Fate.ALREADY, Fate.SKIPPED, Fate.REFUSED
RULE = {"name": "myrule", "cut": "353", "add": "0"}
GATE = DeviceState(device_id=7, facts={"username": "gate", "extension": "101", "callerid_name": "Gate"})
GONE = DeviceState(device_id=7)


def test_the_settings_name_every_action() -> None:
    assert set(ACTIONS) == set(COMMAND_IDS)


@pytest.mark.parametrize(
    ("action", "values", "belief", "fate", "words"),
    [
        ("port.open", {}, port(4), INCLUDED, "mode INSERT"),
        ("port.open", {"category": (1, 2)}, port(4), INCLUDED, "mode OPEN, category 1 2"),
        ("port.open", {"category": "1"}, port(4), INCLUDED, "mode OPEN, category 1"),
        ("port.open", {}, port(4, "INSERT"), ALREADY, "already open (mode INSERT)"),
        ("port.open", {"category": 1}, port(4, "OPEN"), REFUSED, "already open (mode OPEN)"),
        ("port.open", {}, port(4, "OPEN"), REFUSED, "already open (mode OPEN)"),
        ("port.open", {}, port(4, "DISABLED"), REFUSED, "the port is DISABLED"),
        ("port.open", {}, port(4, None), REFUSED, "its mode is not known"),
        ("port.open", {"category": 0}, port(4), REFUSED, "category"),
        ("port.open", {"category": 1, "content": 1}, port(4), REFUSED, "category"),
        ("port.open", {"nonsense": 1}, port(4), REFUSED, "nonsense"),
        ("port.close", {}, port(4, "OPEN"), INCLUDED, "mode CLOSED"),
        ("port.close", {}, port(4, "OPEN", bin_id=9), INCLUDED, "moves bin 9 away"),
        ("port.close", {}, port(4), ALREADY, "already closed"),
        ("port.runout", {}, port(4, "OPEN"), INCLUDED, "mode RUNOUT"),
        ("port.runout", {}, port(4, "RUNOUT"), ALREADY, "already running out"),
        ("bin.call", {}, port(4, "OPEN"), INCLUDED, "a robot brings the next bin"),
        ("bin.call", {}, port(4, "OPEN", bin_id=9), REFUSED, "bin 9 is still selected"),
        ("bin.close", {}, port(4, "OPEN", bin_id=9, bin_mode="OPEN"), INCLUDED, "moves bin 9 away"),
        ("bin.close", {}, port(4, "OPEN"), REFUSED, "no bin is reported"),
        ("case.extract", {}, port(4, "OPEN"), REFUSED, "not an AutoCase port"),
        ("case.cancel", {}, port(4, "OPEN"), REFUSED, "not an AutoCase port"),
        ("rule.add", RULE, RuleList(device_id=7), INCLUDED, "1 rules, myrule (cut 353, add 0) new"),
        ("rule.add", RULE, RuleList(device_id=7, rules=(rule(3, 7),)), ALREADY, "has this rule"),
        ("rule.add", {"name": " "}, RuleList(device_id=7), REFUSED, "name"),
        (
            "rule.delete",
            RULE,
            RuleList(device_id=7, rules=(rule(3, 7),)),
            INCLUDED,
            "0 rules, without myrule",
        ),
        ("rule.delete", RULE, RuleList(device_id=7), ALREADY, "has no such rule"),
        (
            "rule.delete",
            RULE,
            RuleList(device_id=7, rules=(rule(3, 7), rule(4, 7))),
            REFUSED,
            "has that rule 2 times (3, 4)",
        ),
        (
            "rule.delete",
            {"device_rule_id": 4},
            RuleList(device_id=7, rules=(rule(4, 7),)),
            INCLUDED,
            "0 rules",
        ),
        (
            "rule.delete",
            {"device_rule_id": 5},
            RuleList(device_id=7, rules=(rule(4, 7),)),
            ALREADY,
            "no such",
        ),
        ("device.update", {"extension": "102"}, GATE, INCLUDED, "extension 102"),
        ("device.update", {"extension": "101"}, GATE, ALREADY, "already so"),
        ("device.update", {"extension": "101", "pin": "77"}, GATE, INCLUDED, "pin ***"),
        ("device.update", {"extension": "A B"}, GATE, REFUSED, "extension"),
        ("device.update", {}, GATE, REFUSED, "nothing to change"),
        ("device.update", {"extension": "102"}, GONE, REFUSED, "there is no such device"),
        ("device.delete", {}, GATE, INCLUDED, "deleted"),
        ("device.delete", {}, GONE, ALREADY, "there is no such device"),
        ("device.delete", {"force": 1}, GATE, REFUSED, "force"),
        ("device.create", {"type": "SIP", "description": "gate"}, UserDevices(7), INCLUDED, "gate new"),
        ("device.create", {"type": "TIN"}, UserDevices(7), REFUSED, "type"),
    ],
)
def test_what_becomes_of_a_target(action: str, values: Any, belief: Any, fate: Fate, words: str) -> None:
    target = 4 if action.split(".")[0] in ("port", "bin", "case") else 7
    (item,) = plan([Wish(action=action, target=target, values=values)], belief).items
    assert item.fate is fate
    assert words in (item.after if fate is INCLUDED else item.reason)
    if fate is INCLUDED:
        order = ACTIONS[action].order(target, item.arguments, belief)
        assert order.goal is not None
        assert order.goal.hindrance(belief) is None
        assert order.target == item.name


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (Seen(reason="it was never seen"), "it was never seen"),
        (Seen(belief=port(4), age=31.0, reason="its state is 31 s old"), "its state is 31 s old"),
        (Seen(reason="its state could not be read: no answer"), "its state could not be read: no answer"),
    ],
)
def test_what_is_not_known_well_is_left_out(seen: Seen, reason: str) -> None:
    found: Known = {Key(Kind.PORT, 4): seen}
    (item,) = plan_of(same_for_all("port.open", [4]), found, ground([port(4)])).items
    assert (item.fate, item.reason) == (SKIPPED, reason)


@pytest.mark.parametrize(
    ("wishes", "more", "words"),
    [
        ([], {}, "no target was named"),
        (same_for_all("port.open", [4, 4]), {}, "named twice: port 4"),
        ([Wish("port.open", 4), Wish("port.close", 4)], {}, "named twice: port 4"),
        (same_for_all("port.open", [4, 9]), {}, "not at this site: port 9"),
        (same_for_all("port.fly", [4]), {}, "there is no port.fly"),
        (
            same_for_all("port.open", range(3)),
            {"safety": Safety(most_targets=2)},
            "3 targets: a plan has at most 2",
        ),
        (same_for_all("port.open", [4]), {"systems": {SourceName.MOR}}, "this site has no AutoStore"),
        ([Wish("port.close", 4, when="tired")], {}, "no step can wait for 'tired'"),
        (
            same_for_all("port.open", [4]),
            {"held": {"port 4": Lease("port 4", "r1", "olga", 9.0)}},
            "held by another run: port 4 (run r1 of olga)",
        ),
        (
            same_for_all("port.close", [1, 2]),
            {"safety": Safety(least_open_ports=1)},
            "0 ports would be known to stay in service",
        ),
    ],
)
def test_what_refuses_the_whole_plan(wishes: Any, more: Any, words: str) -> None:
    beliefs = [port(1, "OPEN"), port(2, "OPEN"), port(4)]
    with pytest.raises(PlanRefused) as refusal:
        plan(wishes, *beliefs, **more)
    assert words in str(refusal.value)


def test_several_rules_for_one_device_are_one_plan() -> None:
    rules = [{**RULE, "name": name} for name in ("a", "b")]
    made = plan([Wish("rule.add", 7, values) for values in rules], RuleList(device_id=7))
    assert [item.fate for item in made.items] == [INCLUDED, INCLUDED]
    with pytest.raises(PlanRefused, match="named twice"):
        plan([Wish("rule.add", 7, RULE)] * 2, RuleList(device_id=7))


def test_mixed_plans_keep_each_target_its_own_values() -> None:
    wishes = [
        *same_for_all("port.open", [1], {"category": 1}),
        *same_for_all("port.open", [2], {"category": (2, 3)}),
    ]
    made = plan([*wishes, Wish("port.close", 3)], port(1), port(2), port(3, "OPEN"))
    assert [item.after for item in made.items] == [
        "mode OPEN, category 1",
        "mode OPEN, category 2 3",
        "mode CLOSED",
    ]


def test_steps_come_in_their_order_and_needless_ones_are_left_out() -> None:
    made = plan(run_out_and_close([1, 2, 3]), port(1, "OPEN", bin_id=9), port(2), port(3, "DISABLED"))
    told = [(item.name, item.step, item.fate) for item in made.items]
    assert told == [
        ("port 1", 1, INCLUDED),
        ("port 2", 1, ALREADY),
        ("port 3", 1, REFUSED),
        ("port 1", 2, INCLUDED),
        ("port 2", 2, ALREADY),
        ("port 3", 2, INCLUDED),
    ]


ONE = plan(same_for_all("port.open", [1]), port(1))
TWO = plan(same_for_all("port.open", [1, 2], {"category": 1}), port(1), port(2))


def test_one_target_holds_shorter_than_several() -> None:
    assert (ONE.lasts, TWO.lasts) == (15.0, 120.0)
    critical = Safety(critical=CommandNames(("openport",)))
    assert plan(same_for_all("port.open", [1]), port(1), safety=critical).lasts == 600.0


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, site="Yard"),
        lambda one: replace(one, mode="LIVE"),
        lambda one: replace(one, lasts=9999.0),
        lambda one: replace(one, made_utc=one.made_utc + timedelta(seconds=1)),
        lambda one: replace(one, items=one.items[:1]),
        lambda one: _with(one, target=9),
        lambda one: _with(one, arguments={"category": (2,)}),
        lambda one: _with(one, seen={"status": {"port_id": 1, "mode": "OPEN"}}),
        lambda one: _with(one, fate=Fate.ALREADY),
        lambda one: _with(one, action="port.close"),
    ],
)
def test_the_digest_covers_what_was_shown(change: Callable[[Plan], Plan]) -> None:
    assert digest_of(TWO) == TWO.digest
    assert digest_of(change(TWO)) != TWO.digest


def _with(one: Plan, **values: Any) -> Plan:
    return replace(one, items=(replace(one.items[0], **values), *one.items[1:]))


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (NOW, None),
        (replace(NOW, clock=NOW.clock + 119), None),
        (replace(NOW, clock=NOW.clock + 121), "made 2 min ago and held for 120 s"),
        (replace(NOW, utc=NOW.utc + timedelta(days=1)), None),
        (replace(NOW, boot_id="boot-2", utc=NOW.utc + timedelta(seconds=119)), None),
        (replace(NOW, boot_id="boot-2", utc=NOW.utc + timedelta(seconds=121)), "held for 120 s"),
        (replace(NOW, utc=NOW.utc - timedelta(seconds=30)), "the clock of this machine was moved back"),
    ],
)
def test_how_long_a_plan_holds(moment: Any, reason: str | None) -> None:
    said = why_not_now(TWO, "Hall", "SIMULATOR", moment)
    assert said is None if reason is None else reason in str(said)


@pytest.mark.parametrize(
    ("made", "site", "mode", "reason"),
    [
        (TWO, "Yard", "SIMULATOR", "is for the site Hall, and this is Yard"),
        (TWO, "Hall", "LIVE", "made in mode SIMULATOR, and this is LIVE"),
        (replace(TWO, format=9), "Hall", "SIMULATOR", "another version of portside"),
        (plan(same_for_all("port.close", [1]), port(1)), "Hall", "SIMULATOR", "nothing in the plan"),
    ],
)
def test_where_a_plan_holds(made: Plan, site: str, mode: str, reason: str) -> None:
    assert reason in str(why_not_now(made, site, mode, NOW))


def test_the_preview_counts_and_asks_for_more_care_with_more_targets() -> None:
    wishes = same_for_all("port.open", range(1, 15), {"category": 1})
    beliefs = [port(number, "OPEN" if number < 3 else "CLOSED") for number in range(1, 14)]
    found = {
        **known(*beliefs),
        Key(Kind.PORT, 14): Seen(belief=port(14), age=60.0, reason="its state is 60 s old"),
    }
    made = plan_of(wishes, found, ground([*beliefs, port(14)]))
    shown = preview(made, Safety(), replace(NOW, clock=NOW.clock + 20), hidden={"port 5", "port 14"})
    assert (shown.count, shown.total, shown.count_typed, shown.site_typed) == (11, 14, True, False)
    assert shown.fates == {INCLUDED: 11, SKIPPED: 1, REFUSED: 2}
    assert (shown.oldest, shown.stale, shown.hidden, shown.seconds_left) == (0.5, 1, 1, 100.0)
    assert not preview(made, Safety(typed_above=11), NOW).count_typed


BIN = port(4, "OPEN", bin_id=9, bin_mode="OPEN")
WITH_RULE = RuleList(device_id=7, rules=(rule(3, 7),))


@pytest.mark.parametrize(
    ("action", "values", "before", "now", "way"),
    [
        ("port.open", {}, port(4), port(4, "INSERT"), Undone("port.close")),
        ("port.open", {}, port(4, "OPEN"), port(4, "INSERT"), "close it and open it anew"),
        ("port.runout", {}, port(4), port(4, "RUNOUT"), Undone("port.close")),
        ("port.close", {}, port(4, "SEQUENCE"), port(4), Undone("port.open", {"port_mode": "SEQUENCE"})),
        ("port.close", {}, port(4, "OPEN"), port(4), "what it selected cannot be read"),
        ("port.close", {}, port(4, None), port(4), "its mode before is not known"),
        ("bin.close", {}, BIN, port(4, "OPEN"), "what robots and people moved stays moved"),
        ("rule.add", RULE, RuleList(device_id=7), WITH_RULE, Undone("rule.delete", {"device_rule_id": 3})),
        ("rule.add", RULE, WITH_RULE, WITH_RULE, "the rule is not there any more"),
        (
            "rule.delete",
            {"device_rule_id": 3},
            WITH_RULE,
            RuleList(device_id=7),
            Undone(
                "rule.add",
                {
                    **RULE,
                    "minlen": 1,
                    "maxlen": 100,
                    "pr_type": "dst",
                    "change_callerid_name": "0",
                },
            ),
        ),
        (
            "rule.delete",
            {"device_rule_id": 3},
            RuleList(device_id=7, rules=(rule(3, 7, enabled=False),)),
            RuleList(device_id=7),
            "was switched off",
        ),
        ("device.update", {"extension": "102"}, GATE, GATE, Undone("device.update", {"extension": "101"})),
        ("device.update", {"pin": Secret("77")}, GATE, GATE, "its pin before is not known"),
        ("device.update", {"transport": "tls"}, GATE, GATE, "its transport before is not known"),
        ("device.delete", {}, GATE, GONE, "does not come back"),
        ("device.create", {}, UserDevices(7), UserDevices(7), "is not found"),
    ],
)
def test_the_way_back(action: str, values: Any, before: Any, now: Any, way: Undone | str) -> None:
    target = 4 if action.split(".")[0] in ("port", "bin") else 7
    said = ACTIONS[action].undo(target, values, before, now)
    if isinstance(way, str):
        assert isinstance(said, str)
        assert way in said
    else:
        assert said == way
