"""Kills a console with SIGKILL at random moments of a bulk run, and counts what must never happen.

    python tests/reliability/kills.py --kills N [--ports N] [--seed N] [--jobs N] [--json]

A simulator executes and records for a few dozen of them. Each console is a fork of this process: it opens
closed ports and closes open ones, and is killed at some moment between its first and its last record.
Another fork then settles what was left and reads the run's report; some of those are killed as well.
Jobs are processes with a simulator and a journal of their own, that many at a time.
"""

import argparse
import asyncio
import json
import math
import multiprocessing
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Container, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import httpcore  # noqa: F401 - or each fork would, at its first command

from console.autostore.client import AutoStoreClient
from console.cli.simulator_process import simulator
from console.operations.actor import whoami
from console.operations.authority import Authority
from console.operations.bulk.again import wishes_again
from console.operations.bulk.classes import Again, Class
from console.operations.bulk.desk import Bulk
from console.operations.bulk.launch import RunOptions
from console.operations.bulk.place import Place
from console.operations.bulk.plan import PlanRefused
from console.operations.bulk.wishes import Wish
from console.operations.dispatch import Dispatcher
from console.operations.journal import Entry, Journal, Record, RecordKind, read
from console.operations.journal.verifying import verify
from console.operations.journal.writer import Beside
from console.operations.ledger import Ledger
from console.operations.look import Looker
from console.settings.tables import Safety
from console.state.entities import SourceName
from console.state.store import Store

SITE = "Hall"
SPEED = 50
"""How much faster than the wall the simulated warehouse lives, and settling waits: nothing stays in flight
for long between two processes of one machine."""

SAFETY = Safety(
    commands_per_second=0, pause_after_first=False, stop_lost=100, stop_failures=1000, lease_seconds=5
)
RECORDS_EACH = 3
"""How many records a command has: a run is killed after some of all of them."""

BETWEEN_RECORDS = 0.01
"""Seconds at most from a record until the kill, so that it comes between any two steps."""

RECOVERIES_KILLED = 0.05
"""Share of the recoveries that are killed too."""

ON_ONE_JOURNAL = 25
"""Kills after which a job begins anew, with another simulator and journal."""


class Noted(Journal):
    """A journal that tells through a pipe what it has promised to be on the disk."""

    def __init__(self, directory: Path, pipe: int) -> None:
        super().__init__(directory, site=SITE, mode="SIMULATOR", actor=whoami("killed", "technician"))
        self._pipe = pipe

    async def write(self, *entries: Entry, beside: Beside | None = None) -> None:
        await super().write(*entries, beside=beside)
        told = "".join(f"{_line(one)}\n" for one in entries)
        os.write(self._pipe, told.encode())


class Figures(NamedTuple):
    """What was counted; the five after `kills` have to be 0."""

    kills: int = 0
    executed_without_intent: int = 0
    lost_records: int = 0
    sent_twice: int = 0
    not_resumable: int = 0
    wrong_verdicts: int = 0
    executed: int = 0
    settled_after: int = 0
    left_over: int = 0
    recoveries_killed: int = 0
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether nothing happened that must not."""
        return not any(self[1:6])


def kill_often(kills: int, *, ports: int = 24, seed: int = 1, jobs: int = 1) -> Figures:
    """Kill so many consoles, and return what was counted."""
    began = time.monotonic()
    shares = [min(ON_ONE_JOURNAL, kills - first) for first in range(0, kills, ON_ONE_JOURNAL)]
    work = [(share, ports, seed * 1000 + number) for number, share in enumerate(shares)]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        counted = pool.starmap(kill_on_one_journal, work, chunksize=1)
    total = Figures(*(sum(column) for column in zip(*counted, strict=True)))
    return total._replace(seconds=round(time.monotonic() - began, 1))


def kill_on_one_journal(kills: int, ports: int, seed: int) -> Figures:
    """Kill so many consoles that work with one simulator and one journal."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "executed.jsonl")
        options = ["--ports", str(ports), "--speed", str(SPEED), "--record", str(record), "--seed", str(seed)]
        with simulator(options) as running:
            url = running.where["autostore_url"]
            trial = Trial(url, Path(folder, "state"), record, ports, random.Random(seed))
            for _ in range(kills):
                trial.once()
            return trial.counted()


class Trial:
    """One simulator, one journal, and what happened to the consoles that used them."""

    def __init__(self, url: str, state: Path, record: Path, ports: int, rng: random.Random) -> None:
        self._url = url
        self._state = state
        self._record = record
        self._ports = range(1, ports + 1)
        self._rng = rng
        self._seq = self._place = 0
        self._figures: Counter[str] = Counter()

    def once(self) -> None:
        """Run, kill, settle, and compare what was executed with what was recorded."""
        promised: Counter[str] = Counter()
        console = Fork(self._run)
        records = self._rng.randrange(RECORDS_EACH * len(self._ports))
        console.wait_for("run_start", 60.0)
        console.wait_for("run_end", 60.0, records=records)
        time.sleep(self._rng.uniform(0, BETWEEN_RECORDS))
        promised.update(console.kill())
        self._figures["kills"] += 1
        while self._rng.random() < RECOVERIES_KILLED:
            recovery = Fork(self._recover)
            time.sleep(self._rng.uniform(0, 0.3))
            promised.update(recovery.kill())
            self._figures["recoveries_killed"] += 1
        recovery = Fork(self._recover)
        recovery.wait_for("end", 60.0)
        said = recovery.kill()
        self._figures["not_resumable"] += "end" not in said
        for line in said:
            if line.startswith("bad"):
                print(line, file=sys.stderr)
                self._figures["not_resumable"] += 1
        promised.update(said)
        self._compare(
            Counter({one: count for one, count in promised.items() if " " in one and one[:3] != "bad"})
        )

    def counted(self) -> Figures:
        """Return what was counted, the chain of the journal included."""
        if problem := verify(self._state).problem:
            print(problem, file=sys.stderr)
            self._figures["lost_records"] += 1
        return Figures(**self._figures)

    def _compare(self, promised: Counter[str]) -> None:
        """Count what must never be, for the run that was killed last."""
        records = list(read(self._state, after=self._seq))
        self._seq = records[-1].seq if records else self._seq
        recorded = Counter(_line(one.entry) for one in records)
        lines = self._record.read_text().splitlines()
        executed = [one for one in map(json.loads, lines[self._place :]) if one["who"] == "client"]
        self._place = len(lines)
        done = Counter(f"port {one['arguments']['port_id']}" for one in executed)
        meant = Counter(one.entry.target for one in records if one.entry.kind is RecordKind.INTENT)
        happened = {f"port {one['arguments']['port_id']}" for one in executed if one["result"] == "ok"}
        self._figures += Counter(
            executed=len(executed),
            lost_records=(promised - recorded).total(),
            executed_without_intent=sum(count for target, count in done.items() if target not in meant),
            sent_twice=sum(count - 1 for counts in (done, meant) for count in counts.values()),
            wrong_verdicts=sum(map(partial(_is_wrong, happened), self._last_endings(records))),
        )

    def _last_endings(self, records: list[Record]) -> Iterator[Entry]:
        """Return the last word on each command of the run."""
        last = {one.entry.op: one.entry for one in records if one.entry.op}
        for ending in last.values():
            self._figures["settled_after"] += ending.outcome in ("applied", "not_applied")
            self._figures["left_over"] += ending.outcome in ("unknown", "still_unknown", "other_state")
            yield ending

    async def _run(self, pipe: int) -> None:
        """Open what is closed and close what is open, all ports in one run."""
        bulk = self._bulk(pipe)
        store = bulk.place.store
        wishes = [Wish(action="port.open", target=port, values={"category": (1,)}) for port in self._ports]
        await bulk.survey(wishes)
        wishes = [
            wish
            if store.ports[wish.target].mode == "CLOSED"
            else Wish(action="port.close", target=wish.target)
            for wish in wishes
        ]
        plan = bulk.plan(wishes, bulk.known(wishes))
        await bulk.record(plan)
        run = await bulk.start(plan, RunOptions(fan_out=8))
        await run.wait()
        await asyncio.Event().wait()  # until it is killed

    async def _recover(self, pipe: int) -> None:
        """Settle what was left, and see that every run can be told of to the last target."""
        bulk = self._bulk(pipe)
        for told in bulk.interrupted():
            while True:
                try:
                    await bulk.recover(told.run)
                    break
                except PlanRefused:  # a recovery was killed: what it held ends soon
                    await asyncio.sleep(0.5)
        if bulk.interrupted():
            os.write(pipe, b"bad still interrupted\n")
        for told in bulk.runs(last=1):
            for fault in _faults(bulk, told.run):
                os.write(pipe, f"bad {fault}\n".encode())
        os.write(pipe, b"end\n")
        await asyncio.Event().wait()

    def _bulk(self, pipe: int) -> Bulk:
        store = Store(self._ports)
        journal = Noted(self._state, pipe)
        client = AutoStoreClient(self._url)
        look = Looker(store, client, None)
        commands = Dispatcher(
            store,
            journal,
            {SourceName.AUTOSTORE: client},
            look=look,
            safety=SAFETY,
            sleep=lambda seconds: asyncio.sleep(seconds / SPEED),
        )
        return Bulk(
            Place(
                store=store,
                ledger=Ledger(store, journal),
                commands=commands,
                look=look,
                authority=Authority(),
                safety=SAFETY,
                systems=frozenset({SourceName.AUTOSTORE}),
            )
        )


def _line(entry: Entry) -> str:
    return f"{entry.kind.value} {entry.op or entry.plan}"


_HAPPENED = frozenset({"confirmed", "applied", "accepted", "not_reached"})
_DID_NOT = frozenset({"not_applied", "not_sent", "skipped", "not_started"})


def _is_wrong(happened: Container[str], ending: Entry) -> bool:
    """Whether what is said of a command contradicts what was executed."""
    if ending.outcome in _HAPPENED:
        return ending.target not in happened
    return ending.outcome in _DID_NOT and ending.target in happened


def _faults(bulk: Bulk, run: str) -> Iterator[str]:
    """Say what is wrong with a run that was killed and settled."""
    report = bulk.report(run)
    story = bulk.place.archive.story(run)
    if (
        sum(report.counts.values()) != len(report.rows)
        or Counter(r.cls for r in report.rows) != report.counts
    ):
        yield "its classes do not add up"
    if story.lost or report.counts.get(Class.SENDING):
        yield f"{len(story.lost)} commands without an ending"
    if report.counts.get(Class.NOT_STARTED):
        wishes, link = wishes_again(story, Again.NOT_STARTED)
        named = [row.target for row in report.rows if row.cls is Class.NOT_STARTED]
        if [f"port {wish.target}" for wish in wishes] != named or link.run != run:
            yield "what is left of it is not offered"


class Fork:
    """A child of this process that does `work`, and what it wrote into its pipe."""

    def __init__(self, work: Callable[[int], Awaitable[None]]) -> None:
        self.told: list[str] = []
        self._rest = b""
        reading, writing = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(reading)
            code = 1
            try:
                asyncio.run(work(writing))  # type: ignore[arg-type]
                code = 0
            finally:
                os._exit(code)
        os.close(writing)
        self._pipe = reading

    def wait_for(self, word: str, seconds: float, *, records: float = math.inf) -> None:
        """Read what it tells until a line begins with `word`, there are so many, it ends, or time is over."""
        until = time.monotonic() + seconds
        while len(self.told) < records and not any(line.startswith(word) for line in self.told):
            if not self._read(max(until - time.monotonic(), 0.0)):
                return

    def kill(self) -> list[str]:
        """End it at once, and return all that it had told by then."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        while self._read(1.0):
            pass
        os.close(self._pipe)
        return self.told

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._pipe], [], [], seconds)
        data = os.read(self._pipe, 65536) if ready else b""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self.told += (line.decode() for line in lines)
        return bool(data)


def main() -> int:
    """Kill as often as asked, print what was counted, and return whether all is as it must be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200, metavar="N")
    parser.add_argument("--ports", type=int, default=24, metavar="N", help="targets of each run")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--jobs", type=int, default=2 * (os.cpu_count() or 1), metavar="N", help="at a time; they mostly wait"
    )
    parser.add_argument("--json", action="store_true", help="one object")
    options = parser.parse_args()
    figures = kill_often(options.kills, ports=options.ports, seed=options.seed, jobs=options.jobs)
    if options.json:
        print(json.dumps(figures._asdict()))
    else:
        print("\n".join(f"{name:<26}{value:>8}" for name, value in figures._asdict().items()))
    return 0 if figures.clean else 1


if __name__ == "__main__":
    sys.exit(main())
