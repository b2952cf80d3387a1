"""The tables of a phone switch: its users, the devices of some, the rules of those looked at."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec.structs import replace

from console.mor.replies import Device, DeviceRule, User
from console.state.beliefs import Beliefs
from console.state.entities import DeviceList, Key, Kind, RuleList, UserList
from console.state.quality import Quality, stale_limit
from console.text import safe

Listed: TypeAlias = UserList | DeviceList | RuleList

RULE_LISTS_KEPT = 500
"""The cursor of a person can pass over a hundred thousand devices; so many rules stay in mind."""


class PhoneBeliefs(Beliefs):
    """Users, devices and rules of one switch.

    Args:
        list_interval: seconds between two reads of a list.
    """

    def __init__(self, *, list_interval: float, **common: Any) -> None:
        super().__init__(**common)
        self.users = UserList()
        self.device_lists: dict[int, DeviceList] = {}
        self.rule_lists: dict[int, RuleList] = {}
        self._list_limit = stale_limit(list_interval)

    def list_quality(self, belief: Listed) -> Quality:
        """Return what a list is worth now."""
        return self._judge(belief.seen_at, self._list_limit, belief.failure)

    def _qualities(self) -> Iterator[tuple[Key, Quality]]:
        yield from super()._qualities()
        beliefs: list[Listed] = [self.users, *self.device_lists.values(), *self.rule_lists.values()]
        for belief in beliefs:
            yield _key(belief), self.list_quality(belief)

    def see_users(self, users: tuple[User, ...], at: float) -> None:
        """Take the list of users, as read from `at` on; an older one is ignored."""
        self._take_users(UserList(users=users, seen_at=at))

    def miss_users(self, reason: str) -> None:
        """Take a failed read of the users."""
        self._take_users(replace(self.users, failure=safe(reason)))

    def see_devices(self, user_id: int, devices: tuple[Device, ...], at: float) -> None:
        """Take the devices of a user, as read from `at` on; an older list is ignored."""
        self._take_devices(DeviceList(user_id=user_id, devices=devices, seen_at=at))

    def miss_devices(self, user_id: int, reason: str) -> None:
        """Take a failed read of a user's devices."""
        self._take_devices(replace(self._devices(user_id), failure=safe(reason)))

    def see_rules(self, device_id: int, rules: tuple[DeviceRule, ...], at: float) -> None:
        """Take the rules of a device, as read from `at` on; an older list is ignored."""
        self._take_rules(RuleList(device_id=device_id, rules=rules, seen_at=at))

    def miss_rules(self, device_id: int, reason: str) -> None:
        """Take a failed read of a device's rules."""
        self._take_rules(replace(self._rules(device_id), failure=safe(reason)))

    def _devices(self, user_id: int) -> DeviceList:
        return self.device_lists.get(user_id) or DeviceList(user_id=user_id)

    def _rules(self, device_id: int) -> RuleList:
        return self.rule_lists.get(device_id) or RuleList(device_id=device_id)

    def _take_users(self, after: UserList) -> None:
        before = self.users
        if not _is_older(after, before):
            self.users = after
            self._note_list(before, after)

    def _take_devices(self, after: DeviceList) -> None:
        before = self._devices(after.user_id)
        if not _is_older(after, before):
            self.device_lists[after.user_id] = after
            self._note_list(before, after)

    def _take_rules(self, after: RuleList) -> None:
        before = self._rules(after.device_id)
        if _is_older(after, before):
            return
        self.rule_lists.pop(after.device_id, None)
        self.rule_lists[after.device_id] = after
        self._note_list(before, after)
        while len(self.rule_lists) > RULE_LISTS_KEPT:
            forgotten = next(iter(self.rule_lists))
            self._told.pop(_key(self.rule_lists.pop(forgotten)), None)

    def _note_list(self, before: Listed, after: Listed) -> None:
        changed = replace(before, seen_at=after.seen_at) != after
        self._note_if_seen(_key(after), self.list_quality(before), self.list_quality(after), changed=changed)


def _key(belief: Listed) -> Key:
    match belief:
        case DeviceList():
            return Key(Kind.DEVICES, belief.user_id)
        case RuleList():
            return Key(Kind.RULES, belief.device_id)
        case _:
            return Key(Kind.USERS)


def _is_older(one: Listed, other: Listed) -> bool:
    return one.seen_at is not None and other.seen_at is not None and one.seen_at < other.seen_at
