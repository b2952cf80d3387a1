"""What went over the wire, for people to look at: one record a call, with its secrets hidden.

A client tells its tap of every exchange. What it tells holds no secret: the client hides them
before it tells (operations-safety rule 60).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeAlias

from msgspec import Struct

from console.outcome import CallFailed, Outcome, Refused, Unsupported

KEPT_BYTES = 16 * 1024
"""Bytes kept of a request and of a reply."""


class Body(Struct, frozen=True):
    """What is kept of a body: the first part of it, with its secrets hidden, and whether there is more."""

    text: bytes = b""
    cut: bool = False


def kept(body: bytes) -> Body:
    """Return what is kept of a body that holds no secret, or none any more."""
    return Body(body[:KEPT_BYTES], cut=len(body) > KEPT_BYTES)


class Request(Struct, frozen=True, kw_only=True):
    """A call as it is sent."""

    system: str
    method: str
    command: bool
    target: str
    url: str
    content_type: str
    body: Body


class Exchange(Struct, frozen=True, kw_only=True):
    """A request and what came back: `latency` in seconds, `status` None when nothing came.

    `unsupported` says that the server seems not to know the call.
    """

    request: Request
    at_utc: datetime
    latency: float
    outcome: Outcome
    status: int | None = None
    reply: Body = Body()
    reason: str = ""
    code: int | None = None
    unsupported: bool = False


Tap: TypeAlias = Callable[[Exchange], None]
Hide: TypeAlias = Callable[[bytes], Body]
"""Returns what is kept of a reply."""

BROKEN_OFF = "this console stopped waiting"
"""The reason of a call that did not end by itself: what made it was cancelled, or met a fault of ours."""


class Told:
    """What came back, as far as anything did."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.reply = b""


@contextmanager
def telling(tap: Tap | None, request: Request, hide: Hide = kept) -> Iterator[Told]:
    """Tell `tap` of the call made inside, however it ends; what came back is noted in what is yielded."""
    told, at_utc, begun = Told(), datetime.now(UTC), time.monotonic()
    outcome, reason, failed = Outcome.UNKNOWN, BROKEN_OFF, None
    try:
        yield told
        outcome, reason = Outcome.ACCEPTED, ""
    except CallFailed as failure:
        outcome, reason, failed = failure.outcome, failure.reason, failure
        raise
    finally:
        if tap is not None:
            exchange = Exchange(
                request=request,
                at_utc=at_utc,
                latency=time.monotonic() - begun,
                outcome=outcome,
                status=told.status,
                reply=hide(told.reply),
                reason=reason,
                code=failed.code if isinstance(failed, Refused) else None,
                unsupported=isinstance(failed, Unsupported),
            )
            tap(exchange)
