"""Sources that are lost and that answer again are records; so is what is sent of the journal elsewhere."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from patience import eventually
from state.small import Clock

from console.operations.comms import CommRecorder, changed
from console.operations.journal import Journal, RecordKind, read
from console.settings.tables import JournalCopies
from console.simulator.server import Simulation
from console.site_spec import SiteSpec
from console.state.entities import Source, SourceName
from console.state.store import Store
from console.text import safe

from .small import journal
from .syslogs import Listener
from .test_site import all_live, opened, simulation, site

LOST, BACK = RecordKind.COMM_LOST, RecordKind.COMM_BACK
AUTOSTORE, LOG, MOR = SourceName.AUTOSTORE, SourceName.LOG, SourceName.MOR


def told(directory: Path) -> list[tuple[str, str, str]]:
    """Kind, source and reason of each record about a source."""
    records = (record.entry for record in read(directory, kinds=(LOST, BACK)))
    return [(one.kind.value, one.target, one.reason) for one in records]


# What is a change

NEW, WELL = Source(name=MOR), Source(name=MOR, ok=True, good_at=50.0)
GONE = Source(name=MOR, ok=False, failing_since=38.0, reason=safe("refused"))
STILL_GONE = Source(name=MOR, ok=False, failing_since=38.0, reason=safe("no route"))


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (None, NEW, None),
        (None, WELL, None),
        (NEW, WELL, None),
        (WELL, WELL, None),
        (GONE, GONE, None),
        (GONE, STILL_GONE, None),
        (None, GONE, (LOST, "refused")),
        (NEW, GONE, (LOST, "refused")),
        (WELL, GONE, (LOST, "refused")),
        (GONE, WELL, (BACK, "lost for 12 s")),
    ],
)
def test_only_what_changes_is_recorded(
    before: Source | None, after: Source, wanted: tuple[RecordKind, str] | None
) -> None:
    entry = changed(before, after)
    assert (None if entry is None else (entry.kind, entry.reason)) == wanted
    assert entry is None or entry.target == "MOR"


# In the store and the journal


class Bench:
    """A recorder over a store whose sources come and go as a test says."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.store = Store(clock=Clock())
        self.journal: Journal = journal(directory)
        for name in (AUTOSTORE, LOG):
            self.store.expect(name)

    def lose(self, name: SourceName, reason: str = "refused") -> None:
        self.store.source_is_lost(name, reason, self.store.clock())

    def answer(self, name: SourceName) -> None:
        self.store.source_answers(name, self.store.clock())


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with AsyncExitStack() as stack:
        one = Bench(tmp_path)
        stack.push_async_callback(one.journal.close)
        yield one


async def test_each_change_is_one_record_in_its_order(bench: Bench) -> None:
    recorder = CommRecorder(bench.store, bench.journal)
    for _ in range(3):
        for reason in ("refused", "no route"):
            bench.lose(AUTOSTORE, reason)
        for _ in range(5):
            bench.answer(AUTOSTORE)
            bench.answer(LOG)
        bench.store.distrust()
        bench.store.hear_alert(safe("NOC"), bench.store.clock())
    await recorder.close()
    assert (
        told(bench.directory)
        == [
            (LOST, "AutoStore", "refused"),
            (BACK, "AutoStore", "lost for 0.0 s"),
        ]
        * 3
    )


async def test_what_is_lost_when_it_begins_is_recorded_and_nothing_after_its_end(bench: Bench) -> None:
    bench.answer(AUTOSTORE)
    bench.lose(LOG)
    recorder = CommRecorder(bench.store, bench.journal)
    await recorder.close()
    bench.lose(AUTOSTORE)
    assert told(bench.directory) == [(LOST, "Log Publisher", "refused")]


async def test_a_journal_that_cannot_be_written_costs_the_record_alone(tmp_path: Path) -> None:
    nowhere = tmp_path / "state"
    nowhere.write_text("a file where the directory should be")
    bench = Bench(nowhere)
    recorder = CommRecorder(bench.store, bench.journal)
    bench.lose(AUTOSTORE)
    await recorder.close()
    assert bench.store.journal_failure is None, "whether commands are refused is not asked here"
    nowhere.unlink()
    again = CommRecorder(bench.store, bench.journal)
    await again.close()
    await bench.journal.close()
    assert told(nowhere) == [(LOST, "AutoStore", "refused")]


# Over real sockets


async def test_a_controller_that_goes_away_and_comes_back_is_two_records(tmp_path: Path) -> None:
    async with simulation() as servers, opened(servers, tmp_path) as one:
        await all_live(one)
        number = urlsplit(servers.autostore_url).port
        await servers.stop()
        await eventually(lambda: {what[1] for what in told(tmp_path)} == {"AutoStore", "MOR"})
        again = Simulation(servers.warehouse, servers.softswitch, autostore_port=number or 0, speed=20.0)
        async with again:
            await all_live(one)
            await eventually(lambda: len(told(tmp_path)) >= 3)
            controller = [what for what in told(tmp_path) if what[1] == "AutoStore"]
    assert [kind for kind, _, _ in controller] == [LOST, BACK]
    assert controller[0][2], "why it is lost"
    assert controller[1][2].startswith("lost for ")
    kinds = [record.entry.kind for record in read(tmp_path)]
    assert (kinds[0], kinds[-1]) == (RecordKind.START, RecordKind.STOP)


@pytest.mark.parametrize(
    ("more", "tells"),
    [
        ({"role": "technician"}, True),
        ({"role": "approver"}, True),
        ({"role": "viewer"}, False),
        ({"role": "supervisor", "read_only": True}, False),
    ],
)
def test_who_only_looks_tells_nobody_of_the_journal(more: dict[str, Any], tells: bool) -> None:
    copies = JournalCopies(heads_seconds=7.0)
    spec = SiteSpec(name="a", mode="LIVE", operator="t", state_dir=Path(), journal_copies=copies, **more)
    assert spec.told_elsewhere == (copies if tells else None)


async def test_who_may_not_command_records_none_and_tells_nobody(tmp_path: Path) -> None:
    with Listener("udp", tmp_path) as log:
        copies = JournalCopies(heads_to=log.address, copy_to=log.address)
        async with (
            simulation() as servers,
            opened(servers, tmp_path, journal_copies=copies, read_only=True) as one,
        ):
            await all_live(one)
            await servers.stop()
            await eventually(lambda: one.store.sources[AUTOSTORE].ok is False)
    assert [record.entry.kind.value for record in read(tmp_path)] == ["start", "stop"]
    assert log.lines == []


async def test_a_console_that_commands_sends_its_head_and_says_what_does_not_arrive(tmp_path: Path) -> None:
    with Listener("udp", tmp_path) as log:
        copies = JournalCopies(heads_to=log.address)
        async with simulation() as servers, opened(servers, tmp_path, journal_copies=copies) as one:
            await eventually(lambda: len(log.heads) == 1)
            assert one.journal_warnings() == one.journal.warnings == ()
        await eventually(lambda: len(log.heads) == 2)
    last = max(record.seq for record in read(tmp_path))
    assert [head.partition(":")[0] for head in log.heads] == ["1", str(last)]
    copies = JournalCopies(heads_to=log.address)
    async with simulation() as servers, opened(servers, tmp_path, journal_copies=copies) as one:
        await eventually(lambda: len(one.journal_warnings()) == 1)
        assert "cannot be sent" in one.journal_warnings()[0]


async def test_a_verb_that_reads_nothing_behind_records_no_source(tmp_path: Path) -> None:
    async with simulation() as servers:
        one = site(servers, tmp_path)
        await one.connect()
        one.store.source_is_lost(AUTOSTORE, "refused", one.store.clock())
        await one.close()
    assert told(tmp_path) == []


async def test_an_export_is_recorded_with_its_file(tmp_path: Path) -> None:
    async with simulation() as servers, opened(servers, tmp_path) as one:
        await one.note_export(Path("/home/tess/run.csv"))
    (record,) = read(tmp_path, kinds=(RecordKind.EXPORT,))
    assert (record.entry.reason, record.site) == ("into /home/tess/run.csv", "Hall 2")
