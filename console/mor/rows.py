"""One element of a list to one typed row; a row without its id is None, for it could not be named."""

from lxml import etree

from console.mor.replies import Device, DeviceRule, User
from console.secret import Secret
from console.text import SafeText, safe


def device(user_id: int, row: etree._Element) -> Device | None:
    """Read one device of devices_get."""
    device_id = _number(row, "device_id")
    if device_id is None:
        return None
    return Device(
        device_id=device_id,
        user_id=user_id,
        device_type=_text(row, "device_type"),
        username=_text(row, "username"),
        secret=Secret(row.findtext("secret", "").strip()),
        ipaddr=_text(row, "ipaddr"),
        port=_text(row, "port"),
        primary=row.findtext("primary_device", "").strip().lower() == "yes",
        devicegroup_id=_text(row, "devicegroup_id"),
        callerid=_text(row, "callerid"),
    )


def rule(row: etree._Element) -> DeviceRule | None:
    """Read one rule of device_rules_get."""
    rule_id, device_id = _number(row, "id"), _number(row, "device_id")
    if rule_id is None or device_id is None:
        return None
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


def user(row: etree._Element) -> User | None:
    """Read one user of users_get."""
    user_id = _number(row, "id")
    if user_id is None:
        return None
    return User(
        user_id=user_id,
        username=_text(row, "username"),
        first_name=_text(row, "first_name"),
        last_name=_text(row, "last_name"),
        blocked=_text(row, "blocked") in ("1", "yes", "true"),
        usertype=_text(row, "usertype"),
    )


def _text(row: etree._Element, name: str) -> SafeText:
    return safe((row.findtext(name) or "").strip())


def _number(row: etree._Element, name: str) -> int | None:
    text = (row.findtext(name) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
