"""The list of alarms: a heading, a row for each, and all that is known of one; pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from console.interface.drawing import Line, Tone, fit
from console.interface.port_rows import coarse_age
from console.state.alarm_book import FLOOD_ALARMS, AlarmBook, Listed
from console.state.alarm_life import Standing

_TONES: Mapping[Standing, tuple[str, Tone]] = {
    Standing.NEW: ("!", Tone.ALARM),
    Standing.ACKNOWLEDGED: ("!", Tone.WARN),
    Standing.CLEARED: ("-", Tone.PLAIN),
    Standing.SUPPRESSED: ("~", Tone.DIM),
    Standing.SHELVED: ("z", Tone.DIM),
    Standing.OUT_OF_SERVICE: ("o", Tone.DIM),
}
_MANY_STANDING = 5
"""As many alarms standing for a day as should never be (rule 38)."""

Clock = Callable[[], float]


def alarms_heading(book: AlarmBook) -> list[Line]:
    """Return how many there are of each standing, and whether they come faster than people can act."""
    listed = book.listed
    counts = {where: sum(one.standing is where for one in listed) for where in Standing}
    shown = tuple((f"{count} {where.value}   ", _TONES[where][1]) for where, count in counts.items() if count)
    flood, long = book.flood, book.standing_long
    flood_tone = Tone.ALARM if flood > FLOOD_ALARMS else Tone.DIM
    pace = [(f"{flood} in 10 min" + (": FLOOD" if flood > FLOOD_ALARMS else ""), flood_tone)]
    if long:
        pace.append((f"   {long} for more than a day", Tone.WARN if long >= _MANY_STANDING else Tone.DIM))
    return [shown or (("no alarm", Tone.DIM),), tuple(pace)]


def alarm_row(listed: Listed, now: float) -> Line:
    """Return an alarm as a row: standing, priority, age, how often, what."""
    mark, tone = _TONES[listed.standing]
    episode = listed.episode
    start = f" {mark} {fit(listed.standing.value, 14)} "
    if episode is None:
        return ((start, tone), (f"{'':15}{listed.name} (not so now)", Tone.DIM))
    times = f"x{episode.times}" if episode.times > 1 else ""
    facts = f"{fit(episode.priority.name.lower(), 6)} {coarse_age(now - episode.since):>5} {times:<3}"
    return ((start, tone), (f"{facts} {episode.alarm.text}", tone))


def alarm_words(listed: Listed) -> Sequence[Line]:
    """Return an alarm with what can be done about it, and why it is hidden."""
    episode, shelf = listed.episode, listed.shelf
    lines: list[Line] = []
    if episode is not None:
        chatters = f"   comes and goes: {episode.times} times" if episode.chatters else ""
        lines += [
            ((episode.alarm.text + chatters, Tone.TITLE),),
            ((episode.alarm.sort.guidance, Tone.PLAIN),),
        ]
    if listed.standing is Standing.SUPPRESSED:
        lines.append((("Another alarm explains it; it calls again when that is over.", Tone.DIM),))
    if shelf is not None and listed.standing in (Standing.SHELVED, Standing.OUT_OF_SERVICE):
        until = (
            "" if shelf.until is None else f" until {datetime.fromtimestamp(shelf.until).astimezone():%H:%M}"
        )
        lines.append(((f"{listed.standing.value}{until} by {shelf.by}: {shelf.reason}", Tone.WARN),))
    return lines
