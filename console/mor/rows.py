"""One row of a list, as texts by element name, to one typed value.

A row without an id in its range is None, for it could not be named.
"""

from collections.abc import Mapping

from console.documents import DocumentError
from console.fields import whole_number
from console.mor.calls import ID_LIMIT
from console.mor.replies import Device, DeviceRule, User
from console.secret import Secret
from console.text import SafeText, safe


def device(user_id: int, row: Mapping[str, str]) -> Device | None:
    """Read one device of devices_get."""
    device_id = _id(row, "device_id")
    if device_id is None:
        return None
    return Device(
        device_id=device_id,
        user_id=user_id,
        device_type=_text(row, "device_type"),
        username=_text(row, "username"),
        secret=Secret(row.get("secret", "")),
        ipaddr=_text(row, "ipaddr"),
        port=_text(row, "port"),
        primary=row.get("primary_device", "").lower() == "yes",
        devicegroup_id=_text(row, "devicegroup_id"),
        callerid=_text(row, "callerid"),
    )


def rule(device_id: int, row: Mapping[str, str]) -> DeviceRule | None:
    """Read one rule of device_rules_get.

    Raises:
        DocumentError: a rule of another device than `device_id`.
    """
    rule_id = _id(row, "id")
    if rule_id is None:
        return None
    if row.get("device_id", str(device_id)) != str(device_id):
        raise DocumentError(
            f"asked for the rules of device {device_id}, answered those of {_text(row, 'device_id')}"
        )
    return DeviceRule(
        rule_id=rule_id,
        device_id=device_id,
        name=_text(row, "name"),
        enabled=_text(row, "enabled") == "1",
        cut=_text(row, "cut"),
        add=_text(row, "add"),
        minlen=_number(row, "minlen"),
        maxlen=_number(row, "maxlen"),
        pr_type=_text(row, "pr_type"),
        change_callerid_name=_text(row, "change_callerid_name") == "1",
    )


def user(row: Mapping[str, str]) -> User | None:
    """Read one user of users_get."""
    user_id = _number(row, "id")
    if user_id is None or not 0 <= user_id <= ID_LIMIT:  # 0 is the administrator
        return None
    return User(
        user_id=user_id,
        username=_text(row, "username"),
        first_name=_text(row, "first_name"),
        last_name=_text(row, "last_name"),
        blocked=_text(row, "blocked") in ("1", "yes", "true"),
        usertype=_text(row, "usertype"),
    )


def _text(row: Mapping[str, str], name: str) -> SafeText:
    return safe(row.get(name, ""))


def _id(row: Mapping[str, str], name: str) -> int | None:
    number = _number(row, name)
    return number if number is not None and 1 <= number <= ID_LIMIT else None


def _number(row: Mapping[str, str], name: str) -> int | None:
    return whole_number(row.get(name, ""))
