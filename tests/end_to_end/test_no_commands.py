"""Where nothing may be commanded, looking goes on, the screen says why, and nothing is sent."""

from pathlib import Path

from .at_the_console import happened, port_row
from .conftest import OpenConsole
from .programs import Simulator, journal
from .terminal import without


def test_without_a_journal(open_console: OpenConsole, hall2: Path, simulator: Simulator, home: Path) -> None:
    (home / "state").write_text("a file where the folder should be")
    console = open_console("--config", str(hall2))
    console.wait_until_live()
    console.wait_for("NO JOURNAL: commands refused")

    console.filter_ports("2", shown=1)
    console.open_port()
    console.wait_for(port_row(2, "CLOSED"), "no command without")
    console.wait_for(happened("- open port", "port 2", "not started"))
    assert simulator.executed() == []

    (home / "state").unlink()
    console.open_port()
    console.wait_for(
        port_row(2, "INSERT"), happened(r"\+ open port", "port 2", "confirmed"), without("NO JOURNAL")
    )
    assert console.quit() == 0
    assert [row["kind"] for row in journal(home)] == ["gap", "intent", "outcome", "settled", "stop"]
    assert [row["method"] for row in simulator.executed()] == ["openport"]


def test_read_only(open_console: OpenConsole, hall2: Path, simulator: Simulator, home: Path) -> None:
    console = open_console("--config", str(hall2), "--read-only")
    console.wait_until_live()
    console.wait_for("READ-ONLY")

    console.filter_ports("2", shown=1)
    console.open_port()
    console.wait_for("this console is read-only here", port_row(2, "CLOSED"))
    assert console.quit() == 0
    assert [row["kind"] for row in journal(home)] == ["start", "stop"]
    assert simulator.executed() == []
