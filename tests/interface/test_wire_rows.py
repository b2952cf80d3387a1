"""Calls as rows, as text, and as a command for a shell; and the words that keep or drop them."""

import shlex
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from console.interface.drawing import Tone, plain
from console.interface.wire_rows import (
    HEADER,
    as_curl,
    body_lines,
    exchange_lines,
    matches,
    outcome_tone,
    outcome_words,
    wire_row,
)
from console.outcome import Outcome
from console.state.wire_log import Numbered
from console.tap import KEPT_BYTES, Body, Exchange, Request, kept
from console.text import is_clean

LOCAL = datetime(2026, 3, 5, 14, 2, 11, tzinfo=UTC)
ACCEPTED, REFUSED, NOT_SENT, UNKNOWN = Outcome.ACCEPTED, Outcome.REFUSED, Outcome.NOT_SENT, Outcome.UNKNOWN

REQUEST = Request(
    system="autostore",
    method="openport",
    command=True,
    target="port 4",
    url="http://10.0.0.5:44000/api/v2/task",
    content_type="application/xml",
    body=Body(b"<methodcall/>"),
)
READ = replace(REQUEST, method="getportstatus", command=False)
PHONES = replace(
    REQUEST, system="mor", method="device_update", target="device 2", body=Body(b"device=2&hash=***")
)


def exchange(request: Request = REQUEST, **more: Any) -> Exchange:
    values = {"at_utc": LOCAL, "latency": 0.0123, "outcome": ACCEPTED, **more}
    return Exchange(request=request, **values)


OUTCOMES = [
    (exchange(), "accepted", Tone.GOOD),
    (exchange(READ), "ok", Tone.DIM),
    (exchange(outcome=REFUSED, code=1002), "refused 1002", Tone.WARN),
    (exchange(PHONES, outcome=REFUSED), "refused", Tone.WARN),
    (exchange(READ, outcome=REFUSED, code=1000), "refused 1000", Tone.WARN),
    (exchange(outcome=NOT_SENT), "not sent", Tone.WARN),
    (exchange(outcome=UNKNOWN), "UNKNOWN", Tone.UNKNOWN),
    (exchange(READ, outcome=UNKNOWN), "no answer to use", Tone.UNKNOWN),
]


@pytest.mark.parametrize(("one", "words", "tone"), OUTCOMES)
def test_how_a_call_ended(one: Exchange, words: str, tone: Tone) -> None:
    assert (outcome_words(one), outcome_tone(one)) == (words, tone)


def test_a_row_stands_under_its_header() -> None:
    row = plain(wire_row(exchange(), LOCAL))
    assert row == " 14:02:11      12  openport               port 4         accepted"
    for word, place in (("call", "openport"), ("target", "port 4"), ("outcome", "accepted")):
        assert HEADER.index(word) == row.index(place)


def test_a_command_stands_out_among_reads() -> None:
    assert wire_row(exchange(), LOCAL)[1][1] is Tone.TITLE
    assert wire_row(exchange(READ), LOCAL)[1][1] is Tone.PLAIN


LOST = exchange(PHONES, outcome=UNKNOWN, reason="no complete answer within 5 s")


@pytest.mark.parametrize(
    ("words", "kept_ones"),
    [
        ("", "refused read lost"),
        ("   ", "refused read lost"),
        ("port", "refused read"),
        ("OPENPORT", "refused"),
        ("port 4", "refused read"),
        ("1002", "refused"),
        ("already", "refused"),
        ("within 5", "lost"),
        ("unknown", "lost"),
        ("mor", "lost"),
        ("autostore", "refused read"),
        ("commands", "refused lost"),
        ("reads", "read"),
        ("-reads", "refused lost"),
        ("commands -mor", "refused"),
        ("-getportstatus", "refused lost"),
        ("-", ""),
        ("nothing like that", ""),
    ],
)
def test_words_that_keep_calls(words: str, kept_ones: str) -> None:
    calls = {
        "refused": exchange(outcome=REFUSED, code=1002, reason="openport refused (1002): already open"),
        "read": exchange(READ),
        "lost": LOST,
    }
    found = [name for name, one in calls.items() if matches(Numbered(1, one), words)]
    assert found == kept_ones.split()


def test_a_call_in_full() -> None:
    one = exchange(
        outcome=REFUSED,
        code=1002,
        status=200,
        reply=Body(b"<response>\r\n  <fault/>\r\n</response>\n"),
        reason="openport refused (1002): already open",
    )
    assert [plain(line) for line in exchange_lines(one)] == [
        "POST http://10.0.0.5:44000/api/v2/task",
        "Content-Type  application/xml",
        "<methodcall/>",
        "",
        "HTTP 200  12.3 ms  refused 1002",
        "openport refused (1002): already open",
        "<response>",
        "  <fault/>",
        "</response>",
    ]


def test_a_call_without_a_reply_says_so() -> None:
    lines = [plain(line) for line in exchange_lines(LOST)]
    assert lines[-2:] == ["no reply  12.3 ms  UNKNOWN", "no complete answer within 5 s"]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (Body(), []),
        (Body(b"\n"), [""]),
        (Body(b"a\n\nb"), ["a", "", "b"]),
        (Body(b"a\rb\r\n"), ["a\\x0db"]),
        (Body(b"a\x0bb\x1cc\xc2\x85d\xe2\x80\xa8e"), ["a\\x0bb\\x1cc\\x85d\\u2028e"]),
        (Body(b"\x1b]0;x\x07[red]\xff"), ["\\x1b]0;x\\x07[red]\ufffd"]),
        (Body(b"cut", cut=True), ["cut", f"cut at {KEPT_BYTES} bytes"]),
    ],
)
def test_a_body_line_by_line(body: Body, lines: list[str]) -> None:
    assert [plain(line) for line in body_lines(body)] == lines


@given(st.binary(max_size=200))
def test_any_bytes_are_shown_safely(raw: bytes) -> None:
    assert all(is_clean(plain(line)) for line in body_lines(kept(raw)))


def test_a_whole_long_line_is_shown() -> None:
    (line,) = body_lines(kept(b"x" * KEPT_BYTES))
    assert len(plain(line)) == KEPT_BYTES


BODIES = [
    b"<methodcall><name>openport</name></methodcall>",
    b"""<a b='1' c="2">$HOME `id` \\ !x * ~ # %s\n\ttwo</a>""",
    b"@/etc/passwd",
    b"device=2&name=a+b%26c&hash=***",
    '{"name": "Süd 港"}'.encode(),
    b"",
]


def sent_by(words: list[str]) -> tuple[str, str, str]:
    """Return content type, body and address of a curl command, as curl reads it."""
    assert words[:3] == ["curl", "-sS", "-H"]
    assert words[4] == "--data-raw"
    return words[3], words[5], words[6]


@pytest.mark.parametrize("body", BODIES)
def test_a_shell_passes_exactly_the_bytes_that_were_sent(body: bytes) -> None:
    command = as_curl(exchange(replace(REQUEST, body=Body(body))))
    assert command is not None
    script = command.replace("curl", "printf '%s\\0'", 1)
    said = subprocess.run(["sh", "-c", script], capture_output=True, check=True, timeout=30).stdout
    words = ["curl", *(word.decode() for word in said.split(b"\0"))]
    assert words[:-1] == shlex.split(command)
    assert sent_by(words) == ("Content-Type: application/xml", body.decode(), REQUEST.url)


@settings(max_examples=50)
@given(st.text(), st.text(st.characters(categories=["L", "P", "S"])))
def test_any_request_is_one_command_of_seven_words(body: str, url: str) -> None:
    request = replace(REQUEST, body=Body(body.encode("utf-8", "ignore")), url=url, content_type="a/b; c='d'")
    command = as_curl(exchange(request))
    assert command is not None
    assert sent_by(shlex.split(command)) == (
        "Content-Type: a/b; c='d'",
        body.encode("utf-8", "ignore").decode(),
        url,
    )


def test_a_request_that_was_not_kept_whole_cannot_be_sent_again() -> None:
    assert as_curl(exchange(replace(REQUEST, body=Body(b"<methodcall", cut=True)))) is None
