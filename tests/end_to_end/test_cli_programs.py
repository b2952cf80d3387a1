"""The verbs that run until told otherwise, and what every start of the program costs."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from console.cli.main import main

from .programs import PORTSIDE, Simulator, environment, journal, portside

HEAVY = {"textual", "httpx", "httpx_aiohttp", "aiohttp", "lxml", "asyncio"}

LOADED_BY = """
import sys
from console.cli.main import main
code = main(sys.argv[1:])
print(code, *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""
"""Runs a command line and then prints its exit code and what was imported."""

VERBS = [
    *("demo", "simulate", "check", "discover", "ports", "devices", "port", "bin", "case", "rule"),
    *("bulk", "runs", "call", "journal", "config"),
]


@pytest.mark.parametrize("line", [["--help"], ["--version"]], ids=" ".join)
def test_help_and_version_answer_at_once(home: Path, line: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", LOADED_BY, *line],
        env=environment(home),
        capture_output=True,
        text=True,
        check=True,
    )

    code, *modules = done.stderr.split()
    assert code == "0"
    assert HEAVY.isdisjoint(modules)
    assert done.stdout.startswith("portside")


def test_help_names_every_verb_and_every_exit_code(home: Path) -> None:
    out = portside(home, "--help").out

    assert [verb for verb in VERBS if not re.search(rf"^  {verb}\s+\S", out, re.MULTILINE)] == []
    assert re.findall(r"^  (\d)\s+\S", out, re.MULTILINE) == ["0", "1", "2", "3", "4", "5", "6"]


def test_the_version_is_a_version(home: Path) -> None:
    done = portside(home, "--version")

    assert done.code == 0
    assert re.fullmatch(r"portside \d+\.\d+\.\d+\S*\n", done.out)


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: portside {verb}")


def test_simulate_says_where_it_listens_and_ends_when_told(home: Path) -> None:
    simulator = Simulator(home, "--ports", "4", "--devices", "2")

    assert list(simulator.announced) == ["autostore_url", "mor_url", "mor_user", "mor_secret"]
    assert portside(home, "ports", "--ports", "4", "--autostore-url", simulator.autostore_url).code == 0
    assert simulator.stop() == 0
    assert simulator.said_more == ""


def test_simulate_says_when_an_address_is_taken(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = portside(home, "simulate", "--autostore-port", port)

    assert (done.code, done.out) == (2, "")
    assert port in done.err
    assert "Traceback" not in done.err


SMALL_DEMO = ("demo", "--headless", "--ports", "8", "--devices", "4")


def test_demo_without_a_terminal_ends_after_its_seconds(home: Path) -> None:
    done = portside(home, *SMALL_DEMO, "--seconds", "2")

    assert (done.code, done.err) == (0, "")
    seen = [json.loads(line) for line in done.out.splitlines()]
    assert [(one["site"], one["mode"], one["ports"]) for one in seen] == [("Demo", "SIMULATOR", 8)] * 2


def test_demo_without_a_terminal_tells_what_it_sees_until_told_to_stop(home: Path) -> None:
    sources = {"AutoStore": "ok", "Log Publisher": "ok", "MOR": "ok"}
    live = {"sources": sources, "system": "RUNNING", "port_quality": {"live": 8}}
    with subprocess.Popen(
        [*PORTSIDE, *SMALL_DEMO, "--seconds", "60"], env=environment(home), stdout=subprocess.PIPE
    ) as demo:
        assert demo.stdout is not None
        assert any(live.items() <= json.loads(line).items() for line in demo.stdout)
        demo.terminate()
        demo.stdout.read()

    assert demo.returncode == 0
    assert [row["kind"] for row in journal(home)] == ["start", "stop"]
