"""What a run looks like in one line, and how far it is while it goes on."""

from collections.abc import Mapping

from console.cli.progress import Gauge
from console.operations.bulk.classes import OPEN, UNCERTAIN, Class
from console.operations.bulk.progress import Progress, RunState
from console.state.quality import age_text

UNSETTLED = UNCERTAIN | OPEN
"""Classes of which nobody can say yet what became of the target."""


def class_words(cls: Class) -> str:
    """Return a class in words; what is unknown stands out without colour (rule 6)."""
    words = cls.value.replace("_", " ")
    return words.upper() if cls in UNCERTAIN else words


def counted(count: int, word: str) -> str:
    """Return how many there are of something, as `1 target` or `3 targets`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def count_words(counts: Mapping[Class, int]) -> str:
    """Return how many targets are of each class, as `38 confirmed, 2 already so`."""
    return ", ".join(f"{count} {class_words(cls)}" for cls in Class if (count := counts.get(cls)))


def progress_words(progress: Progress) -> str:
    """Return how far a run is; what cannot be told yet is a dash (rule 30)."""
    parts = [
        f"{progress.done} of {progress.total}",
        f"wave {progress.wave} of {progress.waves}",
        count_words(progress.counts),
    ]
    if progress.state is not RunState.RUNNING:
        return ", ".join([state_words(progress.state, progress.reason), *parts])
    rate = "-" if progress.rate is None else f"{progress.rate:.1f}"
    left = "-" if progress.eta is None else age_text(progress.eta)
    return ", ".join([*parts, f"{rate}/s", f"{left} left"])


def state_words(state: RunState, reason: str) -> str:
    """Return what a run is doing, and why."""
    return f"{state.value} ({reason})" if reason else state.value


class RunLine:
    """The line of a run that goes on, on standard error."""

    def __init__(self, total: int) -> None:
        self._gauge = Gauge(total)
        self._state: RunState | None = None

    def show(self, progress: Progress) -> None:
        """Show how far it is; what it does now is shown as soon as that changes."""
        changed = progress.state is not self._state
        self._state = progress.state
        self._gauge.show(progress.done, progress_words(progress), at_once=changed)

    def end(self) -> None:
        """Take the line away."""
        self._gauge.end()
