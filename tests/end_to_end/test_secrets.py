"""Keys, passwords and signatures come out nowhere: not in print, not on the screen, not in a file."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from .at_the_console import DEVICES, happened
from .conftest import OpenConsole
from .programs import portside
from .servers import Server, serving, switch
from .sites import KEY, write_site

PASSWORD = "canary-9e07d2b6a1c84f35"
PHONE = "canary-1b7f60d94e2a83c5"
UNIQUE = "canary-c4a5508e7f3d9126"

PHONES = switch(
    users_get=(
        f"<status><users><user><id>100</id><username>hall</username><password>{PASSWORD}</password>"
        "</user></users></status>"
    ),
    devices_get=(
        "<devices><device><device_id>2</device_id><username>gate</username>"
        f"<secret>{PHONE}</secret><pin>{PHONE}</pin></device></devices>"
    ),
    device_rules_get="<error>Device has no rules</error>",
    device_rule_create="<status><success>Rule added</success></status>",
)
"""A switch that answers passwords in clear text, as real ones do."""

WITH_SETTINGS = (
    "check",
    "devices",
    "devices --json",
    "call devices_get user_id=100",
    "call users_get uniquehash=@{home}/unique.txt",
    "call device_rule_create device_id=2 name=n cut=1 add=2",
    "config show",
)


@pytest.fixture
def phones() -> Iterator[Server]:
    with serving(PHONES) as server:
        yield server


@pytest.fixture
def settings(home: Path, phones: Server) -> Path:
    """A site with a key in a file and a password in the environment."""
    return write_site(home, mor_url=phones.url, mor='password_env = "MOR_PASSWORD"')


def secrets(phones: Server) -> list[str]:
    """Return what must not be found; a signature, for a while, is as good as the key."""
    sent = [parse_qs(asked.body.decode()) for asked in phones.asked]
    assert sent
    return [KEY, PASSWORD, PHONE, UNIQUE, *(one["hash"][0] for one in sent)]


def kept(home: Path) -> bytes:
    """Return all that was written to disk, but for the files that hold secrets for us."""
    ours = ("mor.key", "unique.txt")
    files = [path for path in home.rglob("*") if path.is_file() and path.name not in ours]
    assert "journal.sqlite" in [path.name for path in files]
    return b"".join(path.read_bytes() for path in files)


def test_what_verbs_print_and_keep(home: Path, phones: Server, settings: Path) -> None:
    (home / "unique.txt").write_text(UNIQUE)
    (home / "unique.txt").chmod(0o600)
    ended = [
        portside(home, *line.format(home=home).split(), "--config", str(settings), MOR_PASSWORD=PASSWORD)
        for line in WITH_SETTINGS
    ]
    ended.append(portside(home, "journal", "--json"))

    assert [one.code for one in ended] == [0] * len(ended)
    told = "".join(one.out + one.err for one in ended) + kept(home).decode(errors="replace")
    assert [secret for secret in secrets(phones) if secret in told] == []


def test_what_the_console_shows_and_keeps(
    open_console: OpenConsole, home: Path, phones: Server, settings: Path
) -> None:
    console = open_console("--config", str(settings), MOR_PASSWORD=PASSWORD)
    console.wait_for("MOR ok", "gate")
    console.press(DEVICES)
    console.wait_for("Secret •", "no rules")
    console.press("r")
    console.wait_for_dialog("call  device_rule_create")
    console.press("n", "tab", "1", "tab", "2")
    console.wait_for("name=n cut=1 add=2")
    console.press("enter", "enter")
    console.wait_for(happened("new rule", "device 2", "(accepted|not reached)"))
    assert console.quit() == 0

    told = console.received + kept(home)
    assert [secret for secret in secrets(phones) if secret.encode() in told] == []
