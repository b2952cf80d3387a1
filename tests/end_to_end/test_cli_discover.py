"""`portside discover`: finds the ports, writes them down, and can be stopped and gone on with."""

import io
import json
import re
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from patience import PATIENCE

from console.cli.main import main
from console.cli.progress import Progress, bar

from .programs import PORTSIDE, Ended, Simulator, environment, portside
from .servers import Answer, Asked, Behaviour, Server, controller, serving
from .sites import write_site

FAST = ("--rate", "40", "--encoding", "json")


def discover(home: Path, *arguments: str) -> Ended:
    return portside(home, "discover", "--config", str(home / "settings.toml"), *arguments)


def with_ports(last: int) -> Behaviour:
    """A controller that has the ports 1 to `last`."""

    def status(port_id: int) -> Mapping[str, object] | None:
        known = {"port_id": port_id, "port_type": "CO", "mode": "CLOSED"}
        return known if port_id <= last else None

    return controller(status)  # type: ignore[arg-type]


def port_asked(asked: Asked) -> int:
    params: Mapping[str, int] = json.loads(asked.body).get("params", {})
    return params.get("port_id", 0)


def deaf_from(first: int, last: int) -> Callable[[Asked], Answer | None]:
    """The same, but whoever asks about a port from `first` on is cut off."""
    behave = with_ports(last)
    return lambda asked: None if port_asked(asked) >= first else behave(asked)


def ports_asked(server: Server) -> list[int]:
    return sorted(filter(None, map(port_asked, server.asked)))


def site_file(home: Path) -> Path:
    return home / "sites.d" / "127-0-0-1.toml"


def test_what_is_found_is_a_site_of_its_own(home: Path, shared_simulator: Simulator) -> None:
    url = shared_simulator.autostore_url
    done = discover(
        home, "--autostore-url", url, "--from", "15", "--to", "24", "--rate", "40", "--name", "hall 7"
    )

    assert done.code == 0
    header, *lines = done.out.splitlines()
    assert header.split() == ["port_id", "answer", "type", "mode", "reason"]
    assert [line.split()[0] for line in lines] == [str(number) for number in range(15, 21)]
    path = home / "sites.d" / "hall 7.toml"
    assert f"portside: wrote {path}: site hall 7\n" in done.err
    assert "portside config init begins one" in done.err
    assert re.match(
        rf"# Written by `portside discover` on \d{{4}}-\d\d-\d\d at \d\d:\d\d UTC, which asked\n"
        rf"# {re.escape(url)} about ports 15 to 24\.\n\n",
        path.read_text(),
    )

    home.joinpath("settings.toml").write_text("")
    listed = portside(home, "ports", "--config", str(home / "settings.toml"), "--json")
    assert [row["port_id"] for row in listed.json] == [*range(15, 21)]


def test_a_pipe_gets_lines_and_json_gets_an_object(home: Path) -> None:
    with serving(with_ports(12)) as server:
        done = discover(home, "--autostore-url", server.url, "--to", "20", "--json", *FAST)

        assert done.code == 0
        progress = [line for line in done.err.splitlines() if " of " in line]
        assert [line.split(",")[0] for line in progress] == [f"portside: {n} of 20" for n in range(2, 21, 2)]
        assert "\r" not in done.err
        found = done.json
        assert [port["port_id"] for port in found["ports"]] == [*range(1, 13)]
        assert found["ports"][0] == {"port_id": 1, "type": "CO", "mode": "CLOSED"}
        assert (found["no_port"], found["refused"], found["no_answer"]) == ("13-20", {}, {})
        assert (found["stopped"], found["go_on_from"]) == (None, None)
        assert (found["file"], found["site"]) == (str(site_file(home)), "127-0-0-1")
        assert ports_asked(server) == [*range(1, 21)]


def test_a_file_that_is_there_stays_unless_forced(home: Path) -> None:
    with serving(with_ports(3)) as server:
        assert discover(home, "--autostore-url", server.url, "--to", "2", *FAST).code == 0
        before = site_file(home).read_text()
        server.asked.clear()

        refused = discover(home, "--autostore-url", server.url, "--to", "4", *FAST)
        assert refused.code == 2
        assert refused.err == (
            f"portside: {site_file(home)}: is there already, and was left as it is: "
            "--force writes it anew, --name another\n"
        )
        assert server.asked == []
        assert site_file(home).read_text() == before

        server.behave = with_ports(5)
        again = ("--autostore-url", server.url, "--from", "4", "--to", "7", "--force", *FAST)
        assert discover(home, *again).code == 0
        assert 'ports = "1-2,4-5"' in site_file(home).read_text()


def test_a_second_survey_takes_away_only_what_is_not_there_any_more(home: Path) -> None:
    with serving(with_ports(5)) as server:
        options = ("--autostore-url", server.url, "--to", "8", *FAST)
        assert discover(home, *options).code == 0
        server.behave = deaf_from(4, last=2)
        assert discover(home, *options, "--force").code == 6

    assert 'ports = "1-2,4-5"' in site_file(home).read_text()


def test_what_cannot_be_written_is_printed_all_the_same(home: Path) -> None:
    (home / "sites.d").write_text("not a folder")
    with serving(with_ports(2)) as server:
        done = discover(home, "--autostore-url", server.url, "--to", "3", "--json", *FAST)

    assert done.code == 1
    assert "cannot be written" in done.err
    assert (done.json["file"], len(done.json["ports"])) == (None, 2)


def test_lost_connections_end_it_and_it_can_be_gone_on_with(home: Path) -> None:
    with serving(deaf_from(6, last=10)) as server:
        done = discover(home, "--autostore-url", server.url, "--to", "30", "--json", *FAST)

        assert done.code == 6
        assert done.json["go_on_from"] == 6
        assert "the connection was lost" in done.json["stopped"]
        assert "go on with --from 6 --force" in done.err
        assert max(ports_asked(server)) < 15
        text = site_file(home).read_text()
        assert 'ports = "1-5"' in text
        assert "# It did not get to the end: the connection was lost" in text

        server.behave = with_ports(10)
        server.asked.clear()
        more = ("--autostore-url", server.url, "--from", "6", "--to", "30", "--force", *FAST)
        assert discover(home, *more).code == 0
        assert ports_asked(server) == [*range(6, 31)]
        text = site_file(home).read_text()
        assert 'ports = "1-10"' in text
        assert "It did not get to the end" not in text


def test_a_port_that_does_not_answer_is_named(home: Path) -> None:
    behave = with_ports(10)
    with serving(lambda asked: None if port_asked(asked) == 4 else behave(asked)) as server:
        done = discover(home, "--autostore-url", server.url, "--to", "6", *FAST)
        asked = ports_asked(server)

    assert done.code == 6
    assert asked == [*range(1, 7)]
    assert re.search(r"^4 +no answer +- +- +the connection was lost", done.out, re.MULTILINE)
    text = site_file(home).read_text()
    assert "# No answer: 4.\n" in text
    assert 'ports = "1-3,5-6"' in text


def test_a_controller_without_ports_leaves_no_file(home: Path) -> None:
    with serving(with_ports(0)) as server:
        done = discover(home, "--autostore-url", server.url, "--to", "5", *FAST)

    assert done.code == 3
    assert done.out.split() == ["port_id", "answer", "type", "mode", "reason"]
    assert not (home / "sites.d").exists()


def test_nobody_there(home: Path) -> None:
    done = discover(home, "--autostore-url", "http://127.0.0.1:9")

    assert done.code == 5
    assert done.err == "portside: cannot connect: Connection refused\n"
    assert not (home / "sites.d").exists()


def test_a_site_of_a_file_that_a_person_wrote_is_only_shown(home: Path) -> None:
    with serving(with_ports(3)) as server:
        settings = write_site(home, autostore_url=server.url, ports="1", autostore='encoding = "json"')
        before = settings.read_text()
        done = discover(home, "--to", "5", "--rate", "40", "--json")
        also = discover(home, "--to", "2", "--rate", "40", "--json", "--name", "hall2")
        other = discover(home, "--to", "5", "--rate", "40", "--json", "--name", "hall3")

    assert done.code == 0
    assert (done.json["file"], len(done.json["ports"])) == (None, 3)
    assert "site hall2 is in the settings already" in done.err and "nothing will be written" in done.err
    assert also.code == 2 and "give another --name" in also.err
    assert other.code == 0
    assert settings.read_text() == before
    assert 'encoding = "json"\n' in (home / "sites.d" / "hall3.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--interface", "bin"), "the bin interface has no call that tells of a port"),
        (("--from", "9", "--to", "8"), "--from 9 is beyond --to 8"),
        (("--from", "0"), "wanted 1 to 2000"),
        (("--to", "2001"), "wanted 1 to 2000"),
        (("--to", "x"), "wanted 1 to 2000"),
        (("--rate", "41"), "wanted 1 to 40"),
        (("--rate", "nan"), "wanted 1 to 40"),
        (("--name", "../x"), "is not a site's name"),
    ],
)
def test_what_cannot_be_asked_for(
    home: Path,
    arguments: tuple[str, ...],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PORTSIDE_STATE_DIR", str(home / "state"))
    with serving(with_ports(3)) as server:
        line = [
            "discover",
            "--config",
            str(home / "settings.toml"),
            "--autostore-url",
            server.url,
            *arguments,
        ]
        try:
            code = main(line)
        except SystemExit as left:
            assert isinstance(left.code, int)
            code = left.code

    assert code == 2
    assert words in capsys.readouterr().err
    assert server.asked == []
    assert not (home / "sites.d").exists()


def test_an_interruption_keeps_what_was_found(home: Path) -> None:
    with serving(with_ports(2000)) as server:
        arguments = (
            "--config",
            str(home / "settings.toml"),
            "--autostore-url",
            server.url,
            "--to",
            "100",
            *FAST,
        )
        with subprocess.Popen(
            [*PORTSIDE, "discover", *arguments],
            env=environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("portside: 10 of 100")
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 6
    (last,) = re.findall(r"stopped, since it was interrupted: go on with --from (\d+) --force", err)
    assert f'ports = "1-{int(last) - 1}"' in site_file(home).read_text()
    assert ports_asked(server) == [*range(1, int(last))]


class Terminal(io.StringIO):
    """Where a bar is drawn."""

    def isatty(self) -> bool:
        return True


def shown(out: io.StringIO, total: int, seconds: float) -> str:
    """Return what is shown of a run in which each step takes `seconds`."""
    now = 0.0
    progress = Progress(total, out, clock=lambda: now)
    for number in range(1, total + 1):
        now += seconds
        progress.step(f"{number // 2} ports")
    progress.end()
    return out.getvalue()


def test_a_terminal_gets_a_bar_that_goes_away() -> None:
    first, *_, last, wiped, rest = shown(Terminal(), 10, 0.5).removeprefix("\r").split("\r")
    assert first == "[##......................] 1 of 10, 0 ports, 4 s left"
    assert last.rstrip() == "[########################] 10 of 10, 5 ports, 0 s left"
    assert wiped == " " * len(last.rstrip())
    assert rest == ""


def test_a_bar_is_not_redrawn_at_every_step() -> None:
    assert shown(Terminal(), 2000, 0.01).count("\r") < 220


def test_a_pipe_gets_ten_lines() -> None:
    lines = shown(io.StringIO(), 2000, 0.05).splitlines()
    assert len(lines) == 10
    assert lines[0] == "portside: 200 of 2000, 100 ports, 90 s left"


@pytest.mark.parametrize(("done", "full"), [(0, 0), (1, 0), (1000, 12), (1999, 23), (2000, 24)])
def test_a_bar_is_full_only_at_the_end(done: int, full: int) -> None:
    assert bar(done, 2000) == "[" + "#" * full + "." * (24 - full) + "]"
