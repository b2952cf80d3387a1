"""How far a belief can be trusted, from its age alone; pure."""

from enum import StrEnum

STALE_AFTER_INTERVALS = 3
STALE_LEAST = 2.0
STALE_MOST = 30.0
"""Bounds of the stale limit in seconds (operations-safety rule 32)."""


class Quality(StrEnum):
    """What a value is worth; only LIVE may look live (rule 33)."""

    LIVE = "live"
    STALE = "stale"
    NEVER = "never seen"
    UNREACHABLE = "unreachable"


def stale_limit(interval: float) -> float:
    """Return the age in seconds at which a value that is read every `interval` seconds is stale."""
    return min(max(STALE_AFTER_INTERVALS * interval, STALE_LEAST), STALE_MOST)


def judge(seen_at: float | None, now: float, limit: float, *, failing: bool = False) -> Quality:
    """Return the quality of a value last seen at `seen_at` (monotonic seconds).

    `failing` says that the latest attempt to read it did not succeed. A value stays live until its
    limit even then: one lost reply is not a lost port.
    """
    if seen_at is None:
        return Quality.UNREACHABLE if failing else Quality.NEVER
    if now - seen_at <= limit:
        return Quality.LIVE
    return Quality.UNREACHABLE if failing else Quality.STALE


def age_text(seconds: float) -> str:
    """Return an age as people say it: `0.4 s`, `31 s`, `4 min`, `2 h 05`; never negative."""
    seconds = max(0.0, seconds)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = int(seconds // 60)
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d}"
