"""Short ways to make observations, and a store whose time stands still until it is told."""

from typing import Any

from console.autostore.replies import BinStatus, CaseStatus, PortReading, PortStatus
from console.mor.replies import Device, DeviceRule, User
from console.state.entities import Key
from console.state.store import Store
from console.text import SafeText, safe


class Clock:
    """Seconds that pass when someone sets them."""

    def __init__(self, now: float = 100.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Heard:
    """What a listener heard: one frozenset of keys for each notice."""

    def __init__(self, store: Store) -> None:
        self.notices: list[frozenset[Key]] = []
        self.stop = store.listen(self.notices.append)

    def take(self) -> list[Key]:
        """Return the keys heard since the last time, sorted, and forget them."""
        keys = sorted(key for notice in self.notices for key in notice)
        self.notices.clear()
        return keys


def text(words: str | None) -> SafeText | None:
    return None if words is None else safe(words)


def reading(
    port_id: int = 4,
    mode: str | None = "OPEN",
    *,
    port_type: str | None = "CO",
    bin_id: int | None = None,
    bin_mode: str | None = None,
    task_id: int | None = None,
    case: str | None = None,
    error: bool | None = None,
) -> PortReading:
    """One look at a port; `bin_mode` and `case` left out are unknown."""
    status = PortStatus(
        port_id=port_id, port_type=text(port_type), mode=text(mode), bin_id=bin_id, task_id=task_id
    )
    return PortReading(
        status=status,
        bin=None if bin_mode is None else BinStatus(bin_id=bin_id or 0, mode=text(bin_mode), port_id=port_id),
        case=None if case is None else CaseStatus(bin_id=bin_id, state=text(case), error=error),
    )


def user(user_id: int) -> User:
    words = safe(f"user{user_id}")
    return User(
        user_id=user_id, username=words, first_name=words, last_name=words, blocked=False, usertype=words
    )


def device(device_id: int, user_id: int = 100) -> Device:
    words = safe(f"phone{device_id}")
    return Device(
        device_id=device_id,
        user_id=user_id,
        device_type=safe("SIP"),
        username=words,
        ipaddr=safe("10.0.0.7"),
        port=safe("5060"),
        primary=False,
        devicegroup_id=safe("1"),
        callerid=safe(""),
    )


def rule(rule_id: int, device_id: int = 2, **more: Any) -> DeviceRule:
    values: dict[str, Any] = {
        "name": "myrule",
        "enabled": True,
        "cut": "353",
        "add": "0",
        "minlen": 1,
        "maxlen": 100,
        "pr_type": "dst",
        "change_callerid_name": False,
    }
    return DeviceRule(rule_id=rule_id, device_id=device_id, **{**values, **more})
