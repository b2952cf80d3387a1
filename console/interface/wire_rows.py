"""Calls that went over the wire, as rows, as text and as a `curl` command; pure."""

import re
import shlex
from collections.abc import Iterator
from datetime import datetime

from console.interface.drawing import Line, Tone, fit
from console.outcome import Outcome
from console.state.wire_log import Numbered
from console.tap import KEPT_BYTES, Body, Exchange
from console.text import safe

HEADER = f" time          ms  {fit('call', 22)} {fit('target', 14)} outcome"

_TONES = {
    Outcome.ACCEPTED: Tone.GOOD,
    Outcome.REFUSED: Tone.WARN,
    Outcome.NOT_SENT: Tone.WARN,
    Outcome.UNKNOWN: Tone.UNKNOWN,
}


def wire_row(exchange: Exchange, local: datetime) -> Line:
    """Return a call as a row; `local` is when it was sent."""
    request = exchange.request
    return (
        (f" {local:%H:%M:%S} {exchange.latency * 1000:7.0f}  ", Tone.DIM),
        (f"{fit(request.method, 22)} ", Tone.TITLE if request.command else Tone.PLAIN),
        (f"{fit(request.target, 14)} ", Tone.PLAIN),
        (outcome_words(exchange), outcome_tone(exchange)),
    )


def outcome_tone(exchange: Exchange) -> Tone:
    """Return the tone of a call's outcome; a read that went well needs nobody's eye."""
    if exchange.outcome is Outcome.ACCEPTED and not exchange.request.command:
        return Tone.DIM
    return _TONES[exchange.outcome]


def outcome_words(exchange: Exchange) -> str:
    """Return how a call ended: `ok` for a read, the class for a command, with the fault code."""
    good = "accepted" if exchange.request.command else "ok"
    words = good if exchange.outcome is Outcome.ACCEPTED else exchange.outcome.value.replace("_", " ")
    if exchange.outcome is Outcome.UNKNOWN:
        words = "UNKNOWN" if exchange.request.command else "no answer to use"
    return words + (f" {exchange.code}" if exchange.code is not None else "")


def matches(numbered: Numbered, words: str) -> bool:
    """Return whether every word stands in the call's name, target, outcome or reason.

    `commands` and `reads` keep one of the two kinds; a leading minus turns a word round.
    """
    exchange = numbered.exchange
    request = exchange.request
    kind = "commands" if request.command else "reads"
    text = " ".join(
        (request.system, request.method, request.target, outcome_words(exchange), exchange.reason, kind)
    ).lower()
    return all(
        (word[1:] not in text) if word.startswith("-") and len(word) > 1 else word in text
        for word in words.lower().split()
    )


def exchange_lines(exchange: Exchange) -> Iterator[Line]:
    """Return a call in full: what was sent, what came back, and what that was taken for."""
    request = exchange.request
    yield ((f"POST {safe(request.url)}", Tone.TITLE),)
    yield (("Content-Type  ", Tone.DIM), (safe(request.content_type), Tone.PLAIN))
    yield from body_lines(request.body)
    yield (("", Tone.PLAIN),)
    status = "no reply" if exchange.status is None else f"HTTP {exchange.status}"
    yield (
        (f"{status}  ", Tone.TITLE),
        (f"{exchange.latency * 1000:.1f} ms  ", Tone.DIM),
        (outcome_words(exchange), outcome_tone(exchange)),
    )
    if exchange.reason:
        yield ((safe(exchange.reason), Tone.WARN),)
    yield from body_lines(exchange.reply)


def body_lines(body: Body) -> Iterator[Line]:
    """Return a body as text, line by line; nothing in it is taken for markup or control."""
    *lines, last = re.split(r"\r?\n", body.text.decode("utf-8", errors="replace"))
    for line in (*lines, last) if last else lines:
        yield ((safe(line, KEPT_BYTES), Tone.PLAIN),)
    if body.cut:
        yield ((f"cut at {KEPT_BYTES} bytes", Tone.DIM),)


def as_curl(exchange: Exchange) -> str | None:
    """Return the command that sends the same request again from a shell; None when not all of it was kept.

    Secrets stay hidden in it, so that a call with secrets has to be completed by hand.
    """
    request = exchange.request
    if request.body.cut:
        return None
    body = request.body.text.decode()
    # Not --data, which would read a file where the body begins with an @.
    words = ["curl", "-sS", "-H", f"Content-Type: {request.content_type}", "--data-raw", body, request.url]
    return " ".join(shlex.quote(word) for word in words)
