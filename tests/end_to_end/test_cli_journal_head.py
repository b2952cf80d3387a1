"""Heads of the chain, kept elsewhere: sent by whoever writes, and tried against the journal (rule 50)."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from operations.syslogs import Listener
from patience import eventually

from .programs import Ended, Simulator, portside
from .sites import write_site


def verify(home: Path, head: str, *more: str) -> Ended:
    return portside(home, "journal", "verify", "--head", head, *more)


async def close_a_port(home: Path, simulator: Simulator, log: Listener) -> tuple[str, str]:
    """Give a command from a site that tells `log` of its journal; return its first head, and the one told."""
    settings = write_site(home, autostore_url=simulator.autostore_url)
    settings.write_text(f'{settings.read_text()}[journal]\nheads_to = "{log.address}"\n')
    portside(home, "call", "closeport", "port_id=14", "--config", str(settings))
    heads = [
        f"{number}:{hashlib.sha256(line.encode()).hexdigest()}"
        for number, line in enumerate(portside(home, "journal", "export").out.splitlines(), start=1)
    ]
    await eventually(lambda: heads[-1] in log.heads)
    return heads[0], heads[-1]


@pytest.mark.parametrize("scheme", ["udp", "tcp"])
async def test_a_cut_tail_shows_by_a_head_that_another_host_kept(
    home: Path, shared_simulator: Simulator, scheme: str
) -> None:
    with Listener(scheme, home) as log:
        first, last = await close_a_port(home, shared_simulator, log)
    assert [verify(home, head).code for head in (first, last)] == [0, 0]

    with closing(sqlite3.connect(home / "state" / "journal.sqlite")) as connection, connection:
        number = int(last.partition(":")[0])
        connection.execute("DELETE FROM record WHERE seq >= ?", (number,))
    whole = portside(home, "journal", "verify")
    assert whole.code == 0, "the chain alone does not see it"
    shorter = whole.out.rpartition(" ")[2].strip()
    assert verify(home, shorter).code == 0, "what is printed is what is asked for"
    cut = verify(home, last)
    assert (cut.code, cut.out) == (1, "")
    words = f"it was cut: record {number} was written, and the last one is {number - 1}"
    assert cut.err.endswith(f"portside: the chain is broken: {words}\n")
    assert verify(home, last, "--json").json["problem"] == words
    assert verify(home, first).code == 0


async def test_a_chain_that_was_written_anew_shows(home: Path, shared_simulator: Simulator) -> None:
    with Listener("udp", home) as log:
        first, _ = await close_a_port(home, shared_simulator, log)
        for file in (home / "state").iterdir():
            file.unlink()
        await close_a_port(home, shared_simulator, log)
    assert portside(home, "journal", "verify").code == 0
    anew = verify(home, first)
    assert (anew.code, "it was rewritten: record 1 " in anew.err) == (1, True)


def test_a_syslog_where_nobody_listens_is_one_warning(home: Path, shared_simulator: Simulator) -> None:
    with Listener("tcp", home) as log:
        nobody = log.address
    settings = write_site(home, autostore_url=shared_simulator.autostore_url)
    settings.write_text(f'{settings.read_text()}[journal]\nheads_to = "{nobody}"\n')
    done = portside(home, "call", "closeport", "port_id=14", "--config", str(settings))
    assert done.err.count(f"the head of the journal cannot be sent to {nobody}: ") == 1
    assert portside(home, "journal", "verify").code == 0


def test_check_tries_what_the_journal_is_told_to(home: Path, shared_simulator: Simulator) -> None:
    with Listener("tcp", home) as log:
        nobody = log.address
    with Listener("udp", home) as log:
        settings = write_site(home, autostore_url=shared_simulator.autostore_url)
        more = f'[journal]\nheads_to = "{log.address}"\ncopy_to = "{nobody}"\n'
        settings.write_text(settings.read_text() + more)
        done = portside(home, "check", "--json", "--config", str(settings))
    assert done.code == 0
    results = {row["what"]: row["result"] for row in done.json}
    assert results[f"journal's head {log.address}"] == "ok"
    assert results[f"journal's copies {nobody}"] == "warning"


@pytest.mark.parametrize("line", ["verify --head 12", "verify --head 1:abc", f"list --head 1:{'a' * 64}"])
def test_a_head_that_cannot_be_one_is_a_wrong_usage(home: Path, line: str) -> None:
    done = portside(home, "journal", *line.split())
    assert (done.code, done.out) == (2, "")
