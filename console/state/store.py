"""The shared store: tables of frozen beliefs, and one gathered notice per frame.

Plain Python on the event loop. Each kind of observation has one method; it stamps when the
belief was seen and notes the key when what people would see has changed. Listeners hear of
keys, at most once per frame, and read the tables themselves.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from msgspec.structs import replace

from console.autostore.replies import PortReading, SystemStatus
from console.mor.replies import Device, DeviceRule, User
from console.state.entities import (
    Command,
    DeviceList,
    Key,
    Kind,
    Port,
    RuleList,
    Source,
    SourceName,
    System,
    UserList,
)
from console.state.quality import Quality, judge, stale_limit
from console.text import SafeText, safe

Listener = Callable[[frozenset[Key]], None]
Schedule = Callable[[Callable[[], None]], object]
"""Runs a function once, at the next frame."""

COMMANDS_KEPT = 500


def awake_and_asleep() -> float:
    """Return seconds of a clock that never jumps and also counts while the machine sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Store:
    """All beliefs of one site.

    Args:
        port_ids: the configured ports; no other port is ever added.
        port_interval: seconds between two looks at a port, for its stale limit.
        list_interval: seconds between two reads of a device list.
        clock: seconds; injected so that ages can be tested.
        schedule: arranges the next notice; by default every write is told at once.
    """

    def __init__(
        self,
        port_ids: Iterable[int] = (),
        *,
        port_interval: float = 1.0,
        list_interval: float = 10.0,
        clock: Callable[[], float] = awake_and_asleep,
        schedule: Schedule | None = None,
    ) -> None:
        self.clock = clock
        self.ports: dict[int, Port] = {port_id: Port(port_id=port_id) for port_id in sorted(port_ids)}
        self.system = System()
        self.sources: dict[SourceName, Source] = {}
        self.users = UserList()
        self.device_lists: dict[int, DeviceList] = {}
        self.rule_lists: dict[int, RuleList] = {}
        self.commands: dict[str, Command] = {}
        self.journal_failure: SafeText | None = None
        self._port_limit = stale_limit(port_interval)
        self._list_limit = stale_limit(list_interval)
        self._trusted_from = float("-inf")
        self._schedule = schedule
        self._listeners: list[Listener] = []
        self._changed: set[Key] = set()
        self._port_quality: dict[int, Quality] = {}

    # Listening

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with the keys that changed; returns a function that ends it."""
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def flush(self) -> None:
        """Tell the listeners what has changed since the last time."""
        if not self._changed:
            return
        keys, self._changed = frozenset(self._changed), set()
        for listener in tuple(self._listeners):
            listener(keys)

    def _note(self, kind: Kind, of: int | str = 0) -> None:
        first = not self._changed
        self._changed.add(Key(kind, of))
        if self._schedule is None:
            self.flush()
        elif first:
            self._schedule(self.flush)

    # Trust

    def port_quality(self, port: Port) -> Quality:
        """Return what a port's belief is worth now."""
        return self._judge(port.seen_at, self._port_limit, failing=port.failure is not None)

    def list_quality(self, belief: UserList | DeviceList | RuleList) -> Quality:
        """Return what a list is worth now."""
        return self._judge(belief.seen_at, self._list_limit, failing=belief.failure is not None)

    def system_quality(self) -> Quality:
        """Return what the system mode is worth now."""
        return self._judge(self.system.seen_at, self._port_limit, failing=False)

    def _judge(self, seen_at: float | None, limit: float, *, failing: bool) -> Quality:
        now = self.clock()
        if seen_at is not None and seen_at < self._trusted_from:
            return Quality.UNREACHABLE if failing else Quality.STALE
        return judge(seen_at, now, limit, failing=failing)

    def distrust(self) -> None:
        """Make everything seen so far stale at once: the process was stopped or the machine slept."""
        self._trusted_from = self.clock()
        self.grow_old()
        for kind in (Kind.SYSTEM, Kind.USERS, Kind.SOURCE):
            self._note(kind)

    def grow_old(self) -> None:
        """Note the ports whose quality has changed by the mere passing of time; call once a second."""
        for port in self.ports.values():
            quality = self.port_quality(port)
            if self._port_quality.get(port.port_id, Quality.NEVER) is not quality:
                self._port_quality[port.port_id] = quality
                self._note(Kind.PORT, port.port_id)

    # Observations of the controller

    def see_port(self, reading: PortReading, at: float) -> None:
        """Take a look at a port that was begun at `at`; an older look than the last one is ignored."""
        port_id = reading.status.port_id
        before = self.ports.get(port_id)
        if before is None or (before.seen_at is not None and at < before.seen_at):
            return
        known = before.reading
        same_mode = known is not None and known.status.mode == reading.status.mode
        same_case = known is not None and known.case == reading.case
        self.ports[port_id] = Port(
            port_id=port_id,
            reading=reading,
            seen_at=at,
            mode_since=before.mode_since if same_mode else at,
            case_since=before.case_since if same_case else at,
        )
        fresh = self._port_quality.get(port_id) is not Quality.LIVE
        self._port_quality[port_id] = Quality.LIVE
        if known != reading or fresh or before.failure is not None:
            self._note(Kind.PORT, port_id)

    def miss_port(self, port_id: int, reason: str) -> None:
        """Take a failed look at a port: what was known keeps its age."""
        port = self.ports.get(port_id)
        if port is None or port.failure == safe(reason):
            return
        self.ports[port_id] = replace(port, failure=safe(reason))
        self._note(Kind.PORT, port_id)

    def see_system(self, status: SystemStatus, at: float) -> None:
        """Take the system's mode."""
        changed = self.system.status != status or self.system_quality() is not Quality.LIVE
        self.system = System(status=status, seen_at=at)
        if changed:
            self._note(Kind.SYSTEM)

    # Observations of the switch

    def see_users(self, users: tuple[User, ...], at: float) -> None:
        """Take the list of users."""
        self.users = UserList(users=users, seen_at=at)
        self._note(Kind.USERS)

    def miss_users(self, reason: str) -> None:
        """Take a failed read of the users."""
        self.users = replace(self.users, failure=safe(reason))
        self._note(Kind.USERS)

    def see_devices(self, user_id: int, devices: tuple[Device, ...], at: float) -> None:
        """Take the devices of a user."""
        before = self.device_lists.get(user_id)
        self.device_lists[user_id] = DeviceList(user_id=user_id, devices=devices, seen_at=at)
        if before is None or before.devices != devices or before.failure is not None:
            self._note(Kind.DEVICES, user_id)

    def miss_devices(self, user_id: int, reason: str) -> None:
        """Take a failed read of a user's devices."""
        before = self.device_lists.get(user_id) or DeviceList(user_id=user_id)
        self.device_lists[user_id] = replace(before, failure=safe(reason))
        self._note(Kind.DEVICES, user_id)

    def see_rules(self, device_id: int, rules: tuple[DeviceRule, ...], at: float) -> None:
        """Take the rules of a device."""
        before = self.rule_lists.get(device_id)
        self.rule_lists[device_id] = RuleList(device_id=device_id, rules=rules, seen_at=at)
        if before is None or before.rules != rules or before.failure is not None:
            self._note(Kind.RULES, device_id)

    def miss_rules(self, device_id: int, reason: str) -> None:
        """Take a failed read of a device's rules."""
        before = self.rule_lists.get(device_id) or RuleList(device_id=device_id)
        self.rule_lists[device_id] = replace(before, failure=safe(reason))
        self._note(Kind.RULES, device_id)

    # Sources, commands, journal

    def expect(self, name: SourceName) -> None:
        """Name a source that is configured, so that its silence shows."""
        self.sources.setdefault(name, Source(name=name))
        self._note(Kind.SOURCE, name)

    def source_answers(self, name: SourceName, at: float) -> None:
        """Note a good answer; a notice goes out only when the source was not known to be well."""
        before = self.sources.get(name)
        self.sources[name] = Source(name=name, ok=True, good_at=at)
        if before is None or not before.ok:
            self._note(Kind.SOURCE, name)

    def source_is_lost(self, name: SourceName, reason: str, at: float) -> None:
        """Note that a source does not answer: one change, however many of its ports are read."""
        before = self.sources.get(name) or Source(name=name)
        since = before.failing_since if before.ok is False else at
        after = replace(before, ok=False, failing_since=since, reason=safe(reason))
        if after != before:
            self.sources[name] = after
            self._note(Kind.SOURCE, name)

    def note_command(self, command: Command) -> None:
        """Keep a command's latest phase; the oldest are forgotten beyond a few hundred."""
        self.commands[command.op_id] = command
        while len(self.commands) > COMMANDS_KEPT:
            del self.commands[next(iter(self.commands))]
        self._note(Kind.COMMAND, command.op_id)

    def note_journal(self, failure: str | None) -> None:
        """Note whether the journal can be written; while it cannot, no command is accepted."""
        shown = safe(failure) if failure is not None else None
        if shown != self.journal_failure:
            self.journal_failure = shown
            self._note(Kind.JOURNAL)
