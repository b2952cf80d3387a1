"""Sites for the verbs that command in bulk: settings, and a simulator that records what it did."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from patience import PATIENCE

from .programs import Ended, Simulator, portside
from .sites import write_site


class Hall:
    """One person's settings of a simulated site; several halls can share one simulator.

    `timeout` is the longest time that a call may take, in seconds.
    """

    def __init__(
        self,
        home: Path,
        simulator: Simulator,
        *,
        ports: str = "1-40",
        safety: str = "",
        timeout: float = PATIENCE,
    ) -> None:
        self.home = home
        self.simulator = simulator
        self.settings = write_site(
            home,
            autostore_url=simulator.autostore_url,
            mor_url=simulator.mor_url,
            key=simulator.secret,
            ports=ports,
            autostore=f"timeout = {timeout}",
            mor=f"timeout = {timeout}",
            more=f"simulator = true\nsafety = {{ {safety} }}",
        )

    def run(self, *arguments: str, **more: str) -> Ended:
        """Run a verb at this site; a single text is taken apart at blanks."""
        words = arguments[0].split() if len(arguments) == 1 else arguments
        return portside(self.home, *words, "--config", str(self.settings), **more)

    def sent(self, **arguments: object) -> list[dict[str, Any]]:
        """Return the commands that the simulator was given with these arguments."""
        wanted = arguments.items()
        return [row for row in self.simulator.executed() if wanted <= row["arguments"].items()]

    def sent_to(self, *ports: int) -> list[tuple[str, int]]:
        """Return method and port of the commands that these ports were given, in order."""
        rows = self.simulator.executed()
        found = [(row["method"], row["arguments"].get("port_id")) for row in rows]
        return [one for one in found if one[1] in ports]


@contextmanager
def hall(home: Path, *world: str, **more: Any) -> Iterator[Hall]:
    """Open a hall with a simulator of its own."""
    with Simulator(home, "--ports", "40", "--devices", "20", *world) as simulator:
        yield Hall(home, simulator, **more)


def shown_digest(done: Ended) -> str:
    """Return the plan that a verb has shown and not begun, as it says it."""
    return done.err.partition("--yes ")[2].split()[0].rstrip("`")


def classes(report: dict[str, Any]) -> dict[str, str]:
    """Return the class of each target of a report."""
    return {row["target"]: row["class"] for row in report["rows"]}
