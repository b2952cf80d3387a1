"""The line under the identity line, there only when something needs a person; pure."""

from collections.abc import Sequence

from rich.cells import cell_len

from console.interface.drawing import Line, Tone, fit, fit_line
from console.interface.port_rows import coarse_age
from console.state.alarms import Alarm


def alarm_line(raised: Sequence[Alarm], now: float, width: int) -> Line:
    """Return the first alarm, since when, how many more there are, and the key that leads there."""
    if not raised:
        return ()
    first = raised[0]
    since = "" if first.since is None else f", {coarse_age(now - first.since)}"
    more = f"   and {len(raised) - 1} more" if len(raised) > 1 else ""
    key, words = "   g ", "go there"
    text = f" ! {first.text}{since}"
    room = width - cell_len(more + key + words)
    if cell_len(text) > room > 0:
        text = fit(text, room)
    return fit_line(((text + more, Tone.ALARM), (key, Tone.KEY), (words, Tone.DIM)), width)
