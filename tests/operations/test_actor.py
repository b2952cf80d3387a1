"""Who commands: the kernel's word apart from what is only claimed (rule 45)."""

import os
from pathlib import Path

import msgspec
import pytest

from console.operations import actor
from console.operations.actor import Actor, whoami


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A directory that stands for /proc/self."""
    monkeypatch.setattr(actor, "Path", lambda *parts: tmp_path.joinpath(parts[-1]))
    return tmp_path


@pytest.mark.parametrize(
    ("text", "number"), [("1000\n", 1000), ("0", 0), ("4294967295", None), ("", None), ("x", None)]
)
def test_the_login_as_the_kernel_knows_it(kernel: Path, text: str, number: int | None) -> None:
    (kernel / "loginuid").write_text(text)
    (kernel / "sessionid").write_text(text)
    who = whoami("tech1", "technician")
    assert (who.login_uid, who.login_session) == (number, number)


def test_a_kernel_that_keeps_no_logins(kernel: Path) -> None:
    who = whoami("tech1", "technician")
    assert (who.login_uid, who.login_session) == (None, None)


def test_who_says_so_and_who_it_is() -> None:
    who = whoami("tech1", "supervisor")
    assert (who.operator, who.role, who.uid) == ("tech1", "supervisor", os.getuid())


def test_claims_are_kept_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "anna")
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.9 50000 10.0.0.1 22")
    monkeypatch.setenv("USER", "root")
    monkeypatch.setenv("PORTSIDE_MOR_SECRET", "c4nary")
    claims = whoami("tech1", "technician").claims
    assert {name: claims[name] for name in claims if name != "tty"} == {
        "SUDO_USER": "anna",
        "SSH_CONNECTION": "10.0.0.9 50000 10.0.0.1 22",
        "USER": "root",
    }


def test_claims_of_any_bytes_can_be_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "USER", "\udcffbad\x1b[2J")
    who = whoami("tech1", "technician")
    assert who.claims["USER"] == "\\udcffbad\\x1b[2J"
    assert msgspec.json.decode(msgspec.json.encode(who), type=Actor) == who


def test_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    def ttyname(_descriptor: int) -> str:
        raise OSError("not a tty")

    monkeypatch.setattr(os, "ttyname", ttyname)
    assert "tty" not in whoami("tech1", "technician").claims
    monkeypatch.setattr(os, "ttyname", lambda descriptor: "/dev/pts/3")
    assert whoami("tech1", "technician").claims["tty"] == "/dev/pts/3"
