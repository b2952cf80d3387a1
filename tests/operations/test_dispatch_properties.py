"""Whatever the server, the looks, the journal and the caller do: nothing unrecorded, nothing twice."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from console.operations.dispatch import NotAllowed
from console.operations.journal import read
from console.outcome import NotSent, Refused, Unknown
from console.state.entities import UNSETTLED, Phase

from .small import Bench, goal, order, port

behaviours = st.sampled_from(
    ["accepted", "refused", "not sent", "lost before", "lost after", "bug", "cancelled", "caller leaves"]
)
looks = st.sampled_from(["closed", "open", "refused", "lost", "bug"])
SEEN = {"closed": port("CLOSED"), "open": port("OPEN")}
FAILED = {"refused": Refused("x", "y", 1000), "lost": Unknown("no answer"), "bug": KeyError("a bug")}


class Story:
    """One run: a batch, then single orders; what reached the server, with what stood in the journal then."""

    def __init__(self, directory: Path, calls: list[str], seen: list[str], broken_from: int | None) -> None:
        self.executed: list[object] = []
        self.unrecorded: list[object] = []
        self.sending: asyncio.Task[Any]
        script = [SEEN.get(one) or FAILED[one] for one in seen] or [port("CLOSED")]
        self.bench = Bench(directory, *(self._turn(name) for name in calls or ["accepted"]), looks=script)
        self.bench.journal.broken_from = broken_from

    def _turn(self, behaviour: str) -> Any:
        async def turn() -> Any:
            arguments = self.bench.client.calls[-1]
            assert isinstance(arguments, dict)
            number = arguments["number"]
            intents = [r.entry.arguments for r in read(self.bench.directory) if r.entry.kind == "intent"]
            if arguments not in intents:
                self.unrecorded.append(number)
            if behaviour not in ("not sent", "lost before"):
                self.executed.append(number)
            match behaviour:
                case "refused":
                    raise Refused("openport", "Already open.", 1002)
                case "not sent":
                    raise NotSent("cannot connect")
                case "lost before" | "lost after":
                    raise Unknown("no answer")
                case "bug":
                    raise KeyError("a bug")
                case "cancelled":
                    raise asyncio.CancelledError
                case "caller leaves":
                    self.sending.cancel()
                    await asyncio.Event().wait()
            return {}

        return turn

    async def run(self, count: int, *, close_early: bool) -> None:
        orders = [
            order(
                arguments={"number": number},
                goal=goal(hindrance=lambda belief: "open" if belief == SEEN["open"] else None),
            )
            for number in range(count)
        ]
        for part in (orders[:-1], orders[-1:]):
            self.sending = asyncio.create_task(self.bench.commands.send_each(part))
            try:
                self.results = await self.sending
                assert len(self.results) == len(part)
            except (asyncio.CancelledError, NotAllowed):
                self.results = []
        if close_early:
            await self.bench.commands.close()
        await self.bench.commands.settled()


@settings(max_examples=80, deadline=None)
@given(
    st.lists(behaviours, max_size=6),
    st.lists(looks, max_size=8),
    st.none() | st.integers(1, 12),
    st.integers(1, 5),
    st.booleans(),
)
def test_invariants(
    calls: list[str], seen: list[str], broken_from: int | None, count: int, close_early: bool
) -> None:
    async def work(directory: Path) -> None:
        story = Story(directory, calls, seen, broken_from)
        tasks = asyncio.all_tasks()
        try:
            await story.run(count, close_early=close_early)
            check(story, close_early=close_early)
        finally:
            await story.bench.close()
        assert asyncio.all_tasks() == tasks

    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(work(Path(directory)))


def check(story: Story, *, close_early: bool) -> None:
    bench = story.bench
    records = [record.entry for record in bench.records()]
    intents = {entry.op: entry.arguments["number"] for entry in records if entry.kind == "intent"}
    sent = [call["number"] for call in bench.client.calls]

    assert story.unrecorded == []
    assert set(story.executed) <= set(intents.values())
    assert len(sent) == len(set(sent))
    assert len(intents) == len(set(intents.values()))

    for result in story.results:
        assert result.outcome is None or result.phase.name == result.outcome.name
        assert (result.outcome is None) == (result.phase is Phase.NOT_STARTED)
    for op in intents:
        endings = [entry for entry in records if entry.op == op and entry.kind in ("outcome", "not_started")]
        assert len(endings) == 1 or (bench.journal.broken_from is not None and not endings)
    for command in bench.store.commands.values():
        assert close_early or command.phase not in UNSETTLED
        assert command.phase is not Phase.SENT
