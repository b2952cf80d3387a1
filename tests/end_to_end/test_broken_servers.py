"""When servers vanish or talk nonsense the console says so, stays usable, and recovers with them."""

import re
import time
from pathlib import Path

import pytest

from .at_the_console import Console, port_row
from .conftest import OpenConsole
from .programs import Simulator
from .servers import Answer, Asked, Behaviour, controller, serving, switch
from .sites import write_site
from .terminal import without

HTML = b"<!DOCTYPE html><html><body><h1>It works!</h1></body></html>"


def says_nothing(asked: Asked) -> None:
    """Keep the caller waiting for longer than it waits."""
    time.sleep(3)


NONSENSE: dict[str, Behaviour] = {
    "html": lambda asked: Answer(HTML, "text/html"),
    "500": lambda asked: Answer(HTML, "text/html", 500),
    "garbage": lambda asked: Answer(bytes(range(256)), status=None),
    "cut": lambda asked: Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<page><us", status=None),
    "closed": lambda asked: None,
    "slow": says_nothing,
}

HEALTHY_CONTROLLER = controller(lambda port_id: {"port_type": "CO", "mode": "CLOSED"})
HEALTHY_SWITCH = switch(
    users_get="<status><users><user><id>100</id></user></users></status>", devices_get="<devices/>"
)


def assert_usable(console: Console) -> None:
    """Keys answer: rows are sorted, the cursor moves, help opens and closes."""
    console.press("s", "home")
    console.wait_for("Port 1 ")
    console.press("down")
    console.wait_for("Port 2 ")
    console.look_at_help()


def stale_row(port_id: int) -> re.Pattern[str]:
    """Return the pattern of a row that says how old it is, with or without the reason."""
    return re.compile(rf"{port_id:04d} .*~ .*\d s")


def test_a_controller_that_vanishes_and_returns(
    open_console: OpenConsole, hall2: Path, simulator: Simulator, home: Path
) -> None:
    console = open_console("--config", str(hall2))
    console.wait_until_live()

    simulator.kill()
    console.wait_for("AutoStore LOST", "MOR LOST", "AutoStore does not answer")
    assert_usable(console)
    console.wait_for("was RUNNING", *(stale_row(port_id) for port_id in range(1, 13)))
    console.wait_for(re.compile(r"o open port +- (no answer|seen too long ago)"))
    console.press("o")
    console.wait_for(re.compile(r"open port: (no answer|seen too long ago)"), without("call  openport"))

    with Simulator(home, "--ports", "12", "--devices", "4", *simulator.ports):
        console.wait_until_live()
        console.open_port()
        console.wait_for(port_row(2, "INSERT"))
        assert console.quit() == 0


@pytest.mark.parametrize(
    ("autostore_does", "mor_does"), [("html", "500"), ("garbage", "closed"), ("slow", "cut")]
)
def test_nonsense_is_no_answer(
    open_console: OpenConsole, home: Path, autostore_does: str, mor_does: str
) -> None:
    with serving(NONSENSE[autostore_does]) as autostore, serving(NONSENSE[mor_does]) as mor:
        settings = write_site(
            home,
            autostore_url=autostore.url,
            autostore='encoding = "json"\ntimeout = 1',
            mor_url=mor.url,
            mor="timeout = 1",
        )
        console = open_console("--config", str(settings))
        console.wait_for("AutoStore LOST", "MOR LOST", "AutoStore does not answer", "and 1 more")
        assert_usable(console)

        autostore.behave, mor.behave = HEALTHY_CONTROLLER, HEALTHY_SWITCH
        console.wait_until_live()
        console.wait_for(port_row(12, "CO", "CLOSED"), without("LOST"), without("does not answer"))
        assert console.quit() == 0
