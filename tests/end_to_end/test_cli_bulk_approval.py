"""A critical plan over processes of two people: made by one, approved by another, then begun (rule 17).

Who somebody is, is the kernel's word: each process here begins as a login of its own does.
"""

import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .cli_bulk import Hall, classes
from .programs import Ended, Simulator, journal, portside

TESS, OLGA, VERA = 20_001, 20_002, 20_003
"""Login uids."""


def can_log_in() -> bool:
    """Whether a login uid can be set here: not by somebody who has logged in already, that is its point."""
    line = f"echo {TESS} > /proc/self/loginuid"
    return subprocess.run(["sh", "-c", line], stderr=subprocess.DEVNULL, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not can_log_in(), reason="the login uid is set for good, or unknown here")


class Desk:
    """Settings that everybody shares but for who they are and what their role is."""

    def __init__(self, home: Path, simulator: Simulator, **safety: str) -> None:
        rules = ", ".join(
            [*(f"{name} = {value}" for name, value in safety.items()), 'critical = ["port.open"]']
        )
        self.hall = Hall(home, simulator, ports="1-20", safety=rules)

    def says(self, uid: int, words: str, *, role: str = "technician", name: str = "tess") -> Ended:
        """Run a verb as somebody who logged in with that uid."""
        settings = self.hall.home / f"{name}-{role}.toml"
        shared = self.hall.settings.read_text()
        settings.write_text(shared.replace('operator = "tess"', f'operator = "{name}"\nrole = "{role}"'))
        return portside(self.hall.home, *words.split(), "--config", str(settings), login_uid=uid)

    def plan(self, ports: str) -> str:
        """Let Tess make a plan, and return its digest."""
        made = self.says(TESS, f"bulk plan port.open {ports} --json")
        assert (made.code, made.json["needs_approval"]) == (0, True), made.err
        return str(made.json["digest"])

    def approves(self, digest: str, uid: int = OLGA, role: str = "supervisor", name: str = "olga") -> Ended:
        return self.says(uid, f"bulk approve {digest[:8]} --json", role=role, name=name)

    def begins(self, digest: str, uid: int = TESS, **who: str) -> Ended:
        return self.says(uid, f"bulk run {digest} --yes {digest} --json", **who)


def test_what_somebody_else_has_approved_runs_and_both_are_recorded(
    home: Path, shared_simulator: Simulator
) -> None:
    desk = Desk(home, shared_simulator)
    digest = desk.plan("8,9")
    early = desk.begins(digest)
    approved = desk.approves(digest, role="approver")
    by_the_approver = desk.begins(digest, OLGA, name="olga")
    done = desk.begins(digest)

    assert (early.code, approved.code, by_the_approver.code, done.code) == (2, 0, 2, 0)
    assert "a second person has to approve" in early.err
    assert "was approved by you only" in by_the_approver.err
    assert classes(done.json) == {"port 8": "confirmed", "port 9": "confirmed"}
    assert (done.json["operator"], done.json["login_uid"], done.json["approver"]) == ("tess", TESS, "olga")
    told = [(row["kind"], row["operator"], row["login_uid"]) for row in journal(home)]
    assert [one for one in told if one[0] in ("plan", "approval", "run_start")] == [
        ("plan", "tess", TESS),
        ("approval", "olga", OLGA),
        ("run_start", "tess", TESS),
    ]


def test_nobody_approves_their_own_under_whatever_name_and_role(
    home: Path, shared_simulator: Simulator
) -> None:
    desk = Desk(home, shared_simulator)
    digest = desk.plan("10")
    own = desk.approves(digest, TESS, name="somebody-else")
    too_low = desk.approves(digest, VERA, role="technician", name="vera")
    looks_on = desk.approves(digest, VERA, role="viewer", name="vera")

    assert (own.code, too_low.code, looks_on.code) == (2, 2, 2)
    assert "of their own" in own.err
    assert "the role technician approves nothing" in too_low.err
    assert "the role viewer approves nothing" in looks_on.err
    assert desk.begins(digest).code == 2
    assert "approval" not in {row["kind"] for row in journal(home)}
    assert desk.hall.sent_to(10) == []


def test_an_approval_that_has_expired_is_none(home: Path, shared_simulator: Simulator) -> None:
    desk = Desk(home, shared_simulator)
    digest = desk.plan("12")
    assert desk.approves(digest).code == 0
    (approval,) = (row for row in journal(home) if row["kind"] == "approval")
    until = datetime.fromisoformat(approval["utc"]) + timedelta(seconds=10)
    while datetime.now(UTC) <= until:
        time.sleep(0.1)
    expired = Desk(home, shared_simulator, approval_seconds="10").begins(digest)
    desk = Desk(home, shared_simulator)
    again = desk.approves(digest, VERA, name="vera")
    done = desk.begins(digest)

    assert (expired.code, again.code, done.code) == (2, 0, 0)
    assert "its approval has expired" in expired.err
    assert done.json["approver"] == "vera"
    assert desk.hall.sent_to(12) == [("openport", 12)]
