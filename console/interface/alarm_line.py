"""The line under the identity line, there only when something needs a person, or is hidden; pure."""

from collections.abc import Sequence

from rich.cells import cell_len

from console.interface.drawing import Line, Tone, fit, fit_line
from console.interface.port_rows import coarse_age
from console.state.alarm_book import Listed, calling, hidden
from console.state.alarm_life import Standing


def alarm_line(listed: Sequence[Listed], now: float, width: int) -> Line:
    """Return the first alarm, since when, what else there is, and the keys that lead there."""
    calls = calling(listed)
    if not calls:
        return _quiet_line(listed, width)
    text = f" ! {_words(calls[0], now)}"
    more = f"   and {len(calls) - 1} more" if len(calls) > 1 else ""
    aside = f"   {words}" if (words := _aside(listed)) else ""
    keys = (("   g ", Tone.KEY), ("go there", Tone.DIM), ("  a ", Tone.KEY), ("all", Tone.DIM))
    room = width - cell_len(more + aside) - sum(cell_len(piece) for piece, _ in keys)
    if cell_len(text) > room > 0:
        text = fit(text, room)
    new = any(one.standing is Standing.NEW for one in calls)
    return fit_line(((text + more, Tone.ALARM if new else Tone.WARN), (aside, Tone.DIM), *keys), width)


def _words(listed: Listed, now: float) -> str:
    episode = listed.episode
    assert episode is not None
    alarm = episode.alarm
    since = "" if alarm.since is None else f", {coarse_age(now - alarm.since)}"
    times = f", {episode.times} times" if episode.chatters else ""
    known = ", acknowledged" if listed.standing is Standing.ACKNOWLEDGED else ""
    return f"{alarm.text}{since}{times}{known}"


def _quiet_line(listed: Sequence[Listed], width: int) -> Line:
    words = _aside(listed)
    return (
        fit_line(((f"   alarms: {words}", Tone.DIM), ("   a ", Tone.KEY), ("all", Tone.DIM)), width)
        if words
        else ()
    )


def _aside(listed: Sequence[Listed]) -> str:
    """Say what calls nobody: what came and went, and what is hidden (rule 39)."""
    cleared = sum(one.standing is Standing.CLEARED for one in listed)
    away = hidden(listed)
    return ", ".join(
        words for count, words in ((cleared, f"{cleared} came and went"), (away, f"{away} hidden")) if count
    )
