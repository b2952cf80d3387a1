"""What each target of a run has come to, as classes that always add up; pure (operations-safety rule 26)."""

from collections.abc import Mapping
from enum import StrEnum


class Class(StrEnum):
    """Where one target of a run stands; the values are the words that reports and records use.

    ALREADY_SO and LEFT_OUT were never to be commanded. SENDING is under way. SKIPPED was not sent, for
    a fresh look showed something else than the plan. UNVERIFIED was accepted, and nothing that can be
    read shows whether it happened: neither failed nor done.
    """

    NOT_STARTED = "not_started"
    SENDING = "sending"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    ALREADY_SO = "already_so"
    SKIPPED = "skipped"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    NOT_REACHED = "not_reached"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"
    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    OTHER_STATE = "other_state"
    STILL_UNKNOWN = "still_unknown"
    LEFT_OUT = "left_out"


REACHED = frozenset({Class.CONFIRMED, Class.APPLIED, Class.ALREADY_SO})
"""The goal was seen: all that a run wants (rule 31)."""

UNCERTAIN = frozenset({Class.UNKNOWN, Class.STILL_UNKNOWN})
"""Nobody can say yet; never counted as failed or as done (rule 6)."""

OPEN = frozenset({Class.SENDING, Class.ACCEPTED, Class.UNKNOWN})
"""More is to come by itself."""

FAILED = frozenset({Class.SKIPPED, Class.REFUSED, Class.NOT_SENT, Class.NOT_REACHED})
"""It did not happen, and a new plan may ask for it again."""


class Again(StrEnum):
    """The classes that a retry takes, one at a time (rule 27)."""

    FAILED = "failed"
    NOT_STARTED = "not_started"
    NOT_APPLIED = "not_applied"


MEMBERS: Mapping[Again, frozenset[Class]] = {
    Again.FAILED: FAILED,
    Again.NOT_STARTED: frozenset({Class.NOT_STARTED}),
    Again.NOT_APPLIED: frozenset({Class.NOT_APPLIED}),
}
