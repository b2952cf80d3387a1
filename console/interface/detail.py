"""What the detail pane says about the thing under the cursor, and what can be done with it; pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from console.autostore.values import CASE_STATE_NAMES, PORT_TYPE_NAMES, CaseState
from console.interface.command_rows import phase_tone, phase_words
from console.interface.drawing import Line, Tone, fit
from console.interface.port_rows import coarse_age
from console.mor.replies import Device, DeviceRule
from console.operations.commands import TITLES, Danger, PortCommand
from console.state.entities import Command, DeviceList, Port, RuleList
from console.state.history import Seen
from console.state.quality import Quality, age_text
from console.state.store import Store

_LABEL = 7

HANG = _LABEL + 1
"""Cells in which the rest of a line starts that has to be broken."""

CHANGES_SHOWN = 5
"""Changes of a port that are looked back on."""

_NOT_FRESH = {
    Quality.NEVER: "not seen yet: wait for the first look",
    Quality.STALE: "seen too long ago: wait for a look",
    Quality.UNREACHABLE: "no answer: wait for a fresh look",
}


def port_lines(store: Store, port: Port) -> list[Line]:
    """Return what is known of a port, with the age of it.

    The last line is blank while the last look went well, so that what stands below stays where it is.
    """
    now, quality = store.clock(), store.port_quality(port)
    tone = Tone.PLAIN if quality is Quality.LIVE else Tone.STALE
    mode = (port.mode or "not known", Tone.TITLE if quality is Quality.LIVE else Tone.STALE)
    lines = [
        _line("Mode", mode, *_since(port.mode_since, now)),
        _line("Bin", *_bin(port, tone)),
    ]
    if port.autocase:
        lines.append(_line("Case", *_case(port, now, tone)))
    failure = "" if port.failure is None else f"last try: {port.failure}"
    return [*lines, _line("Seen", *_seen(port, quality, now)), _line("", (failure, Tone.WARN))]


def history_lines(seen: Sequence[Seen], now: float) -> list[Line]:
    """Return the last changes that were seen of a port, the latest first: when, and what it was then."""
    changes = [_change(after, before, now) for before, after in pairwise(seen[-CHANGES_SHOWN - 1 :])]
    return [((" Last changes", Tone.DIM),), *reversed(changes)] if changes else []


def _change(seen: Seen, before: Seen, now: float) -> Line:
    """Return one change: what is another than before stands out."""
    texts = (
        (seen.mode or "?", seen.mode != before.mode),
        ("no bin" if seen.bin_id is None else str(seen.bin_id), seen.bin_id != before.bin_id),
        (seen.bin_mode or "", seen.bin_mode != before.bin_mode),
        (seen.case_state or "", seen.case_state != before.case_state),
        ("! in error" if seen.case_error else "", seen.case_error != before.case_error),
    )
    words = (((text + " ", Tone.PLAIN if changed else Tone.DIM)) for text, changed in texts if text)
    return ((f" {coarse_age(now - seen.at):>7} ago  ", Tone.DIM), *words)


def port_title(port: Port) -> str:
    """Return the heading of the detail pane for a port."""
    names = {str(code): name for code, name in PORT_TYPE_NAMES.items()}
    return f"Port {port.port_id}  {names.get(port.port_type or '', port.port_type or '')}".rstrip()


def action_lines(commands: Iterable[PortCommand], port: Port, quality: Quality) -> list[Line]:
    """Return each command with its key: what it will do, or why it cannot be used now."""
    lines: list[Line] = []
    for command in commands:
        reason = why_not(command, port, quality)
        key, title = f" {command.key} ", fit(command.title, 13)
        if reason is not None:
            lines.append(((key, Tone.DIM), (title, Tone.DIM), (f"- {reason}", Tone.DIM)))
            continue
        asks = "   asks first" if command.danger is Danger.DISRUPTIVE else ""
        text = command.consequence(port)
        lines.append(((key, Tone.KEY), (title, Tone.PLAIN), (text, Tone.DIM), (asks, Tone.WARN)))
    return lines


def why_not(command: PortCommand, port: Port, quality: Quality) -> str | None:
    """Return why a command cannot be used on a port now; nothing is commanded on old knowledge."""
    if port.seen_at is None and port.failure is not None:
        return f"cannot be looked at: {port.failure}"
    return _NOT_FRESH.get(quality) or command.why_not(port)


def device_lines(device: Device, listed: DeviceList, store: Store) -> list[Line]:
    """Return what is known of a device; its password is never among it."""
    quality = store.list_quality(listed)
    tone = Tone.PLAIN if quality is Quality.LIVE else Tone.STALE
    address = f"{device.ipaddr}:{device.port}" if device.registered else "not registered"
    seen = "never" if listed.seen_at is None else f"{age_text(store.clock() - listed.seen_at)} ago"
    lines = [
        _line("Name", (device.username or "-", Tone.TITLE)),
        _line("At", (address, tone if device.registered else Tone.WARN)),
        _line("Caller", (device.callerid or "-", tone), ("   primary" if device.primary else "", Tone.DIM)),
        _line("Secret", ("••••••••", Tone.DIM)),
        _line("Seen", (seen, Tone.DIM if quality is Quality.LIVE else Tone.STALE)),
    ]
    if listed.failure is not None:
        lines.append(_line("", (f"last try: {listed.failure}", Tone.WARN)))
    return lines


def device_title(device: Device) -> str:
    """Return the heading of the detail pane for a device."""
    return f"Device {device.device_id}  {device.device_type}  user {device.user_id}"


def rule_lines(listed: RuleList | None) -> list[Line]:
    """Return the rules of a device: what each cuts and adds, and for which numbers."""
    if listed is None or (listed.seen_at is None and listed.failure is None):
        return [((" reading the rules ...", Tone.STALE),)]
    if listed.seen_at is None:
        return [((f" {listed.failure}", Tone.WARN),)]
    if not listed.rules:
        return [((" no rules", Tone.DIM),)]
    return [_rule_header(), *(_rule_line(rule) for rule in listed.rules)]


def _rule_header() -> Line:
    return ((" name             cut       add       length   number", Tone.DIM),)


def _rule_line(rule: DeviceRule) -> Line:
    lengths = f"{_or_dash(rule.minlen)}-{_or_dash(rule.maxlen)}"
    return (
        (f" {fit(rule.name, 16)} ", Tone.PLAIN if rule.enabled else Tone.DIM),
        (f"{fit(rule.cut, 9)} {fit(rule.add, 9)} ", Tone.PLAIN),
        (f"{fit(lengths, 8)} {fit(rule.pr_type, 4)}", Tone.DIM),
        ("" if rule.enabled else " off", Tone.WARN),
    )


def command_title(command: Command) -> str:
    """Return the heading of the detail pane for a command."""
    return f"{TITLES.get(command.method, command.method).capitalize()}  {command.target}"


def command_lines(command: Command, now: float, local: datetime) -> list[Line]:
    """Return all that is known of a command: its row in the activity pane has no room for every reason."""
    ago = f"  {age_text(now - command.asked_at)} ago"
    return [
        _line("Asked", (f"{local:%Y-%m-%d %H:%M:%S}", Tone.PLAIN), (ago, Tone.DIM)),
        _line("With", (command.detail or "nothing beyond the target", Tone.PLAIN)),
        _line("Now", (phase_words(command, now), phase_tone(command.phase))),
        _line("Record", (command.op_id, Tone.DIM)),
    ]


def _or_dash(number: int | None) -> str:
    return "-" if number is None else str(number)


def _line(label: str, *pieces: tuple[str, Tone]) -> Line:
    return ((f" {label:<{_LABEL}}", Tone.DIM), *pieces)


def _since(at: float | None, now: float) -> Sequence[tuple[str, Tone]]:
    return () if at is None else ((f"  for {age_text(now - at)}", Tone.DIM),)


def _bin(port: Port, tone: Tone) -> Sequence[tuple[str, Tone]]:
    status = port.reading.status if port.reading else None
    if status is None:
        return (("not known", Tone.STALE),)
    if port.bin_id is None:
        return (("none reported", Tone.DIM),)
    work = [
        f"{name} {value}"
        for name, value in (
            ("task", status.task_id),
            ("group", status.taskgroup_id),
        )
        if value is not None
    ]
    return ((f"{port.bin_id} {port.bin_mode or 'mode not known'}", tone), ("   " + "  ".join(work), Tone.DIM))


def _case(port: Port, now: float, tone: Tone) -> Sequence[tuple[str, Tone]]:
    if port.case_state is None:
        return (("not known", Tone.STALE),)
    name = CASE_STATE_NAMES.get(CaseState(port.case_state)) if port.case_state in set(CaseState) else ""
    words = f"{port.case_state} {name}".strip()
    if port.case_error:
        since = "" if port.case_since is None else f" {age_text(now - port.case_since)}"
        return ((f"! IN ERROR{since}  ", Tone.ALARM), (words, tone))
    return ((words, tone), *(_since(port.case_since, now) if port.case_active else ()))


def _seen(port: Port, quality: Quality, now: float) -> Sequence[tuple[str, Tone]]:
    if port.seen_at is None:
        return ((quality.value, Tone.STALE),)
    age = f"{age_text(now - port.seen_at)} ago"
    told = [at for at in (port.bin_told_at, port.case_told_at, port.hatch_told_at) if at is not None]
    age += f", event {age_text(now - max(told))} ago" if told else ""
    if quality is Quality.LIVE:
        return ((age, Tone.DIM),)
    return ((f"{age}: {quality.value.upper()}", Tone.STALE),)
