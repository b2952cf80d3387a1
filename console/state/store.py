"""The shared store: tables of frozen beliefs, and one gathered notice per frame.

Plain Python on the event loop. Each kind of observation has one method; it stamps when the
belief was seen and notes the key when what people would see has changed. Listeners hear of
keys, at most once per frame, and read the tables themselves.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TypeAlias

from msgspec.structs import replace

from console.autostore.replies import PortReading, SystemStatus
from console.mor.replies import Device, DeviceRule, User
from console.state.clock import awake_and_asleep
from console.state.entities import (
    UNSETTLED,
    Command,
    DeviceList,
    Key,
    Kind,
    Phase,
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

Belief: TypeAlias = Port | System | UserList | DeviceList | RuleList
"""What is read again and again, and grows old in between."""

COMMANDS_KEPT = 500
RULE_LISTS_KEPT = 500
"""The cursor of a person can pass over a hundred thousand devices; so many rules stay in mind."""


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
        self._told: dict[Key, Quality] = {}

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

    def _note(self, key: Key) -> None:
        first = not self._changed
        self._changed.add(key)
        if self._schedule is None:
            self.flush()
        elif first:
            self._schedule(self.flush)

    # Trust

    def port_quality(self, port: Port) -> Quality:
        """Return what a port's belief is worth now."""
        return self._quality(port, self._port_limit)

    def list_quality(self, belief: UserList | DeviceList | RuleList) -> Quality:
        """Return what a list is worth now."""
        return self._quality(belief, self._list_limit)

    def system_quality(self) -> Quality:
        """Return what the system mode is worth now."""
        return self._quality(self.system, self._port_limit)

    def _quality(self, belief: Belief, limit: float) -> Quality:
        failing = belief.failure is not None
        if belief.seen_at is not None and belief.seen_at <= self._trusted_from:
            return Quality.UNREACHABLE if failing else Quality.STALE
        return judge(belief.seen_at, self.clock(), limit, failing=failing)

    def distrust(self) -> None:
        """Make everything seen so far stale at once: the process was stopped or the machine slept."""
        self._trusted_from = self.clock()
        self.grow_old()
        for name in self.sources:
            self._note(Key(Kind.SOURCE, name))

    def grow_old(self) -> None:
        """Note the beliefs whose quality has changed by the mere passing of time; call once a second."""
        for key, belief, limit in self._beliefs():
            quality = self._quality(belief, limit)
            if self._told.get(key, Quality.NEVER) is not quality:
                self._told[key] = quality
                self._note(key)

    def _beliefs(self) -> Iterator[tuple[Key, Belief, float]]:
        for port in self.ports.values():
            yield Key(Kind.PORT, port.port_id), port, self._port_limit
        yield Key(Kind.SYSTEM), self.system, self._port_limit
        yield Key(Kind.USERS), self.users, self._list_limit
        for devices in self.device_lists.values():
            yield Key(Kind.DEVICES, devices.user_id), devices, self._list_limit
        for rules in self.rule_lists.values():
            yield Key(Kind.RULES, rules.device_id), rules, self._list_limit

    def _note_if_seen(self, key: Key, before: Belief, after: Belief, limit: float) -> None:
        """Note `key` when people would see a difference: in what is known, or in what it is worth.

        What a pane drew since the last notice may be older than what was told, so both count.
        """
        quality = self._quality(after, limit)
        worth = {self._quality(before, limit), self._told.get(key, Quality.NEVER)}
        self._told[key] = quality
        if worth != {quality} or replace(before, seen_at=after.seen_at) != after:
            self._note(key)

    # Observations of the controller

    def see_port(self, reading: PortReading, at: float) -> None:
        """Take a look at a port that was begun at `at`; an older look than the last one is ignored."""
        port_id = reading.status.port_id
        before = self.ports.get(port_id)
        if before is None or _is_newer(before, at):
            return
        known = before.reading
        same_mode = known is not None and known.status.mode == reading.status.mode
        same_case = known is not None and known.case == reading.case
        after = Port(
            port_id=port_id,
            reading=reading,
            seen_at=at,
            mode_since=before.mode_since if same_mode else at,
            case_since=before.case_since if same_case else at,
        )
        self.ports[port_id] = after
        self._note_if_seen(Key(Kind.PORT, port_id), before, after, self._port_limit)

    def miss_port(self, port_id: int, reason: str) -> None:
        """Take a failed look at a port: what was known keeps its age."""
        before = self.ports.get(port_id)
        if before is None:
            return
        self.ports[port_id] = after = replace(before, failure=safe(reason))
        self._note_if_seen(Key(Kind.PORT, port_id), before, after, self._port_limit)

    def see_system(self, status: SystemStatus, at: float) -> None:
        """Take the system's mode, as read from `at` on; an older one is ignored."""
        before = self.system
        if not _is_newer(before, at):
            self.system = System(status=status, seen_at=at)
            self._note_if_seen(Key(Kind.SYSTEM), before, self.system, self._port_limit)

    def miss_system(self, reason: str) -> None:
        """Take a failed read of the system's mode."""
        before, self.system = self.system, replace(self.system, failure=safe(reason))
        self._note_if_seen(Key(Kind.SYSTEM), before, self.system, self._port_limit)

    # Observations of the switch

    def see_users(self, users: tuple[User, ...], at: float) -> None:
        """Take the list of users, as read from `at` on; an older one is ignored."""
        if not _is_newer(self.users, at):
            self._take_users(UserList(users=users, seen_at=at))

    def miss_users(self, reason: str) -> None:
        """Take a failed read of the users."""
        self._take_users(replace(self.users, failure=safe(reason)))

    def _take_users(self, after: UserList) -> None:
        before, self.users = self.users, after
        self._note_if_seen(Key(Kind.USERS), before, after, self._list_limit)

    def see_devices(self, user_id: int, devices: tuple[Device, ...], at: float) -> None:
        """Take the devices of a user, as read from `at` on; an older list is ignored."""
        if not _is_newer(self._devices(user_id), at):
            self._take_devices(DeviceList(user_id=user_id, devices=devices, seen_at=at))

    def miss_devices(self, user_id: int, reason: str) -> None:
        """Take a failed read of a user's devices."""
        self._take_devices(replace(self._devices(user_id), failure=safe(reason)))

    def _devices(self, user_id: int) -> DeviceList:
        return self.device_lists.get(user_id) or DeviceList(user_id=user_id)

    def _take_devices(self, after: DeviceList) -> None:
        before = self._devices(after.user_id)
        self.device_lists[after.user_id] = after
        self._note_if_seen(Key(Kind.DEVICES, after.user_id), before, after, self._list_limit)

    def see_rules(self, device_id: int, rules: tuple[DeviceRule, ...], at: float) -> None:
        """Take the rules of a device, as read from `at` on; an older list is ignored."""
        if not _is_newer(self._rules(device_id), at):
            self._take_rules(RuleList(device_id=device_id, rules=rules, seen_at=at))

    def miss_rules(self, device_id: int, reason: str) -> None:
        """Take a failed read of a device's rules."""
        self._take_rules(replace(self._rules(device_id), failure=safe(reason)))

    def _rules(self, device_id: int) -> RuleList:
        return self.rule_lists.get(device_id) or RuleList(device_id=device_id)

    def _take_rules(self, after: RuleList) -> None:
        before = self._rules(after.device_id)
        self.rule_lists.pop(after.device_id, None)
        self.rule_lists[after.device_id] = after
        self._note_if_seen(Key(Kind.RULES, after.device_id), before, after, self._list_limit)
        while len(self.rule_lists) > RULE_LISTS_KEPT:
            forgotten = next(iter(self.rule_lists))
            del self.rule_lists[forgotten]
            self._told.pop(Key(Kind.RULES, forgotten), None)

    # Sources, commands, journal

    def expect(self, name: SourceName) -> None:
        """Name a source that is configured, so that its silence shows."""
        if name not in self.sources:
            self.sources[name] = Source(name=name)
            self._note(Key(Kind.SOURCE, name))

    def source_answers(self, name: SourceName, at: float) -> None:
        """Note a good answer; a notice goes out only when the source was not known to be well."""
        before = self.sources.get(name)
        self.sources[name] = Source(name=name, ok=True, good_at=at)
        if before is None or not before.ok:
            self._note(Key(Kind.SOURCE, name))

    def source_is_lost(self, name: SourceName, reason: str, at: float) -> None:
        """Note that a source does not answer: one change, however many of its ports are read."""
        before = self.sources.get(name) or Source(name=name)
        since = before.failing_since if before.ok is False else at
        after = replace(before, ok=False, failing_since=since, reason=safe(reason))
        if after != before:
            self.sources[name] = after
            self._note(Key(Kind.SOURCE, name))

    def note_command(self, command: Command) -> None:
        """Keep a command's latest phase.

        Beyond a few hundred the oldest is forgotten, and one that nobody waits for before one that
        is under way or that a person must look at.
        """
        self.commands[command.op_id] = command
        while len(self.commands) > COMMANDS_KEPT:
            done = (op_id for op_id, one in self.commands.items() if one.phase not in _REMEMBERED)
            del self.commands[next(done, next(iter(self.commands)))]
        self._note(Key(Kind.COMMAND, command.op_id))

    def note_journal(self, failure: str | None) -> None:
        """Note whether the journal can be written; while it cannot, no command is accepted."""
        shown = safe(failure) if failure is not None else None
        if shown != self.journal_failure:
            self.journal_failure = shown
            self._note(Key(Kind.JOURNAL))


_REMEMBERED = UNSETTLED | {Phase.STILL_UNKNOWN}


def _is_newer(belief: Belief, at: float) -> bool:
    """Whether `belief` was seen later than `at`."""
    return belief.seen_at is not None and belief.seen_at > at
