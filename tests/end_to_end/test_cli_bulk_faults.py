"""With faults on both sides of the wire, what is told never contradicts what the controller really did."""

import os
import signal
from pathlib import Path

from .cli_bulk import Hall, classes, hall, shown_digest
from .programs import portside

TROUBLES = {
    2: "drop-after",
    3: "drop-before",
    4: "truncate",
    5: "html-500",
    6: "reset-before",
    7: "garbage",
    8: "fault code=1048",
    9: "empty",
}
"""What happens to the first command at a port; at all others nothing does."""

SETTLED_SOON = 2.5
"""Seconds that a call may take here: what is unknown is waited for no longer than at least."""

PATIENT = "stop_lost = 100, stop_failures = 100, stop_percent = 100, stop_most = 100, commands_per_second = 0"

DONE = {"confirmed", "applied"}
NOT_DONE = {"refused", "not_applied", "not_sent"}


def faults(method: str = "openport") -> list[str]:
    lines = (f"{trouble} method={method} port={port} count=1" for port, trouble in TROUBLES.items())
    return [word for line in lines for word in ("--fault", line)]


def test_a_run_and_the_controller_agree(home: Path) -> None:
    with hall(home, *faults(), safety=PATIENT, timeout=SETTLED_SOON) as site:
        done = site.run("port open 1-10 --yes --fan-out 16 --json")
        told = classes(done.json)
        executed = {
            f"port {row['arguments']['port_id']}"
            for row in site.simulator.executed()
            if row["result"] == "ok"
        }

        assert done.code == 6
        assert set(told.values()) <= DONE | NOT_DONE
        assert {target for target, cls in told.items() if cls in DONE} == executed
        assert sum(done.json["counts"].values()) == 10
        assert told["port 2"] == "applied"
        assert told["port 3"] == "not_applied"
        assert told["port 8"] == "refused"
        ports = [row["arguments"]["port_id"] for row in site.simulator.executed()]
        assert len(ports) == len(set(ports))

        retry = f"bulk retry {done.json['run']} --class not-applied"
        again = site.run(f"{retry} --yes --json")
        assert again.code == 0
        assert set(classes(again.json)) == {target for target, cls in told.items() if cls == "not_applied"}
        failed = site.run(f"bulk retry {done.json['run']} --yes --json")
        assert (failed.code, classes(failed.json)) == (0, {"port 8": "confirmed"})

        listed = portside(home, "journal", "list", "--outcome", "unknown", "--json").json
        assert {row["outcome"] for row in listed} == {"unknown"}
        unknown = {row["target"] for row in listed}
        assert {"port 2", "port 3"} <= unknown
        assert "port 8" not in unknown


def test_a_call_says_both_what_it_heard_and_what_came_of_it(home: Path) -> None:
    lines = ["--fault", "drop-after method=openport port=2", "--fault", "drop-before method=openport port=3"]
    with hall(home, *lines, timeout=SETTLED_SOON) as site:
        told = {port: site.run(f"call openport port_id={port} --settle") for port in (1, 2, 3)}

        assert {port: (one.json["outcome"], one.json["settled"], one.code) for port, one in told.items()} == {
            1: ("accepted", "confirmed", 0),
            2: ("unknown", "applied", 0),
            3: ("unknown", "not_applied", 6),
        }
        assert {row["arguments"]["port_id"] for row in site.simulator.executed()} == {1, 2}
        refused = site.run("call openport port_id=1 --settle")
        assert (refused.code, refused.json["settled"]) == (3, None)


SLOW = ("--fault", "latency method=openport seconds=1")
"""So slow that a run is in the middle whenever a test gets round to it."""


def test_a_detached_run_is_watched_paused_and_ended_from_elsewhere(home: Path) -> None:
    with hall(home, *SLOW, safety="typed_above = 100") as site:
        begun = site.run("port open 1-40 --yes --detach --fan-out 1 --json")
        run = begun.json["run"]
        assert begun.code == 0
        paused = site.run(f"runs pause {run}")
        listed = site.run("runs list --json").json[0]
        assert (paused.code, listed["run"], listed["state"]) == (0, run, "paused")
        assert site.run(f"runs resume {run}").code == 0
        assert site.run(f"runs abort {run}").code == 0
        ended = site.run(f"runs attach {run} --json")

        counts = ended.json["counts"]
        assert ended.code == 6
        assert sum(counts.values()) == 40
        assert counts["not_started"] > 0
        assert len(site.simulator.executed()) == counts.get("confirmed", 0)
        assert site.run(f"runs pause {run}").code == 2
        assert site.run("runs pause r-nowhere").code == 2


def test_a_detached_run_ends_by_itself(home: Path) -> None:
    with hall(home) as site:
        begun = site.run("port open 1-3 --yes --detach")
        assert begun.code == 0
        run = begun.out.split()[1]
        attached = site.run(f"runs attach {run}")
        assert attached.code == 0
        assert "3 targets: 3 confirmed" in attached.out
        assert site.run(f"bulk report {run} --json").json["reached"] is True


def test_a_run_that_was_killed_is_settled_and_its_rest_offered(home: Path) -> None:
    with hall(home, *SLOW, timeout=SETTLED_SOON) as site:
        begun = site.run("port open 1-8 --yes --detach --fan-out 2 --json").json
        os.kill(begun["pid"], signal.SIGKILL)
        (listed,) = site.run("runs list --json").json
        assert listed["state"] == "interrupted"

        shown = site.run(f"bulk resume {begun['run']} --json")
        done = site.run(f"bulk resume {begun['run']} --yes {shown_digest(shown)} --json")
        assert (shown.code, done.code) == (2, 0)
        assert done.json["parent"] == begun["run"]
        assert sent_once(site)


def test_whatever_was_killed_is_settled_at_once(home: Path) -> None:
    with hall(home, *SLOW, timeout=SETTLED_SOON) as site:
        begun = site.run("port open 1-8 --yes --detach --fan-out 2 --json").json
        os.kill(begun["pid"], signal.SIGKILL)
        found = site.run("runs recover --json")
        assert found.code == 0
        assert [row["target"] for row in found.json] == [f"port {number}" for number in range(1, 9)]
        assert {row["about"] for row in found.json} == {begun["run"]}
        assert not {row["outcome"] for row in found.json} & {"UNKNOWN", "sending", "accepted"}
        assert site.run("runs recover --json").json == []


def sent_once(site: Hall) -> bool:
    ports = [row["arguments"]["port_id"] for row in site.simulator.executed()]
    return len(ports) == len(set(ports))
