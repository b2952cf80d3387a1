"""What no look can settle: said by the recovery, closed by a person, and UNKNOWN all the same (rule 28)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from console.operations.authority import NotAllowed
from console.operations.bulk.closing import InSight, close, unclosed
from console.operations.bulk.plan import PlanRefused
from console.operations.bulk.planning import Seen
from console.operations.bulk.progress import RunState
from console.operations.bulk.wishes import same_for_all
from console.operations.journal import Barred, Entry, Journal, RecordKind, unended
from console.operations.journal.keeping import retire
from console.operations.leases import claim, held
from console.operations.processes import this_process
from console.state.entities import Key, Kind, RuleList, SourceName

from .consoles import SITE, actor
from .hall import Console, Hall

GONE = "1:1"
"""A process that ended long ago."""

MOR, AUTOSTORE = SourceName.MOR, SourceName.AUTOSTORE


def nowhere(_site: str, _system: SourceName) -> bool:
    return False


def rule_of(op: str, **more: Any) -> Entry:
    values = {"action": "device_rule_delete", "arguments": {"device_rule_id": 7}, "system": "MOR", **more}
    return Entry(kind=RecordKind.INTENT, op=op, target="device 2", **values)


async def wrote(directory: Path, *entries: Entry, process: str = GONE, site: str = SITE) -> None:
    """Let a console write, and be gone."""
    one = Journal(directory, site=site, mode="LIVE", actor=actor())
    one._process = process
    await one.write(*entries)
    await one.close()


async def closed(directory: Path, name: str, in_sight: InSight = nowhere) -> None:
    journal = Journal(directory, site=SITE, mode="", actor=actor("olga", role="supervisor"))
    try:
        await close(journal, unclosed(directory, name, in_sight), "the rule is gone")
    finally:
        await journal.close()


def told(console: Console, name: str) -> Sequence[tuple[str, str, str]]:
    return [
        (one.entry.kind.value, one.entry.outcome, one.entry.reason)
        for one in console.records()
        if name in (one.entry.op, one.entry.run)
    ]


SAID = "closed by olga, who says: the rule is gone"


@pytest.mark.parametrize(
    ("answer", "endings"),
    [
        ((), [("outcome", "unknown", "its console ended"), ("settled", "still_unknown", SAID)]),
        (("unknown",), [("outcome", "unknown", ""), ("settled", "still_unknown", SAID)]),
        (("accepted",), [("outcome", "accepted", ""), ("settled", "unverified", SAID)]),
    ],
)
async def test_a_command_is_closed_and_counts_as_before(
    tmp_path: Path, answer: Sequence[str], endings: Sequence[tuple[str, str, str]]
) -> None:
    answers = [replace(rule_of("op1"), kind=RecordKind.OUTCOME, outcome=outcome) for outcome in answer]
    await wrote(tmp_path, rule_of("op1"), *answers)
    one = Console(Hall(4), tmp_path)
    assert (await one.bulk.recover_commands(), len(one.bulk.left_out_of_sight())) == ((), 1)
    await closed(tmp_path, "op1")
    assert told(one, "op1")[1:] == endings
    assert (one.bulk.left_commands(), unended(tmp_path)) == ((), [])
    assert one.records()[-1].actor.role == "supervisor"
    await one.close()


async def left_run(directory: Path) -> tuple[Console, str]:
    """Leave a run with two phones, one of them commanded, to a console that has no switch."""
    both = frozenset(SourceName)
    one = Console(Hall(4), directory)
    one.bulk.place = replace(one.bulk.place, systems=both)
    wishes = same_for_all("rule.add", [2, 3], {"name": "n", "cut": "1", "add": "2"})
    known = {Key(Kind.RULES, device): Seen(belief=RuleList(device_id=device), age=0.0) for device in (2, 3)}
    plan = one.bulk.plan(wishes, known)
    await one.bulk.record(plan)
    start = Entry(kind=RecordKind.RUN_START, run="r1", plan=plan.digest)
    intent = rule_of("op1", run="r1", plan=plan.digest, number=1)
    await wrote(directory, start, replace(intent, action="device_rule_create"))
    one.bulk.place = replace(one.bulk.place, systems=frozenset({AUTOSTORE}))
    return one, "r1"


async def test_a_run_is_closed_once_the_recovery_says_that_nothing_settles_it(tmp_path: Path) -> None:
    one, run = await left_run(tmp_path)
    for _ in range(2):
        with pytest.raises(PlanRefused, match=f"portside journal close {run}"):
            await one.bulk.recover(run)
        assert [told.run for told in one.bulk.interrupted()] == [run]
        assert held(tmp_path, SITE, 0.0) == {}
    await one.journal.write(beside=claim(SITE, ["device 2"], (run, "tess"), 0.0, 1.0))
    await closed(tmp_path, run)
    assert held(tmp_path, SITE, 0.0) == {}
    assert (one.bulk.interrupted(), unended(tmp_path)) == ((), [])
    report = one.bulk.report(run)
    assert report.state is RunState.INTERRUPTED
    assert SAID in report.reason
    assert {cls.value: count for cls, count in report.counts.items()} == {
        "still_unknown": 1,
        "not_started": 1,
    }
    assert (await one.bulk.recover(run)).counts == report.counts, "what a person said is not asked again"
    await one.close()


async def test_what_is_closed_can_be_retired(tmp_path: Path) -> None:
    await wrote(tmp_path, rule_of("op1"), site="a site that was taken down")
    keeper = Journal(tmp_path, site="", mode="", actor=actor())
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await retire(keeper, tomorrow, tmp_path / "before.jsonl") == 0
    await closed(tmp_path, "op1")
    assert await retire(keeper, tomorrow, tmp_path / "after.jsonl") == 3
    await keeper.close()


@pytest.mark.parametrize(
    ("name", "alive", "in_sight", "reason"),
    [
        ("op1", True, nowhere, "goes on"),
        ("op1", False, lambda site, system: (site, system) == (SITE, MOR), "can be looked at"),
        ("op2", False, nowhere, "part of run r1"),
        ("op3", False, nowhere, "has its ending already"),
        ("r2", False, nowhere, "has its ending already"),
        ("r3", False, lambda site, system: site == SITE, "can be looked at"),
    ],
)
async def test_what_is_not_closed_by_hand(
    tmp_path: Path, name: str, alive: bool, in_sight: InSight, reason: str
) -> None:
    run = {"run": "r1", "number": 1}
    await wrote(
        tmp_path,
        rule_of("op1"),
        rule_of("op2", **run),
        rule_of("op3"),
        replace(rule_of("op3"), kind=RecordKind.OUTCOME, outcome="refused"),
        *(Entry(kind=RecordKind.RUN_START, run=run) for run in ("r2", "r3")),
        Entry(kind=RecordKind.RUN_END, run="r2", outcome="ended"),
        process=this_process() if alive else GONE,
    )
    with pytest.raises(NotAllowed, match=reason):
        unclosed(tmp_path, name, in_sight)


@pytest.mark.parametrize("name", ["", "op9"])
async def test_what_nobody_began_is_not_closed(tmp_path: Path, name: str) -> None:
    await wrote(tmp_path, rule_of("op1"))
    with pytest.raises(LookupError):
        unclosed(tmp_path, name, nowhere)


async def test_two_people_do_not_close_the_same(tmp_path: Path) -> None:
    await wrote(tmp_path, rule_of("op1"))
    found = unclosed(tmp_path, "op1", nowhere)
    await closed(tmp_path, "op1")
    journal = Journal(tmp_path, site=SITE, mode="", actor=actor())
    with pytest.raises(Barred, match="has its ending already"):
        await close(journal, found, "nothing")
    await journal.close()
    one = Console(Hall(4), tmp_path)
    assert len(told(one, "op1")) == 3
    await one.close()
