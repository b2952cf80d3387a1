"""One row of a list, as texts by element name, or one whole reply, to one typed value.

A row without an id in its range is None, for it could not be named.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from console.documents import DocumentError
from console.fields import whole_number
from console.mor.calls import ID_LIMIT
from console.mor.replies import (
    Callflow,
    CallflowStep,
    Cli,
    CliOwner,
    Device,
    DeviceDetails,
    DeviceRule,
    Reply,
    User,
)
from console.secret import Secret
from console.text import SafeText, safe

_shared = lru_cache(maxsize=4096)(safe)
"""Makes a text safe that many rows have in common, and keeps it once."""


@lru_cache(maxsize=16)
def _says_yes(text: str) -> bool:
    return text.lower() == "yes"


def device(user_id: int, row: Mapping[str, str]) -> Device | None:
    """Read one device of devices_get."""
    device_id = _id(row, "device_id")
    if device_id is None:
        return None
    text = row.get
    return Device(
        device_id=device_id,
        user_id=user_id,
        device_type=_shared(text("device_type", "")),
        username=safe(text("username", "")),
        ipaddr=_shared(text("ipaddr", "")),
        port=_shared(text("port", "")),
        primary=_says_yes(text("primary_device", "")),
        devicegroup_id=_shared(text("devicegroup_id", "")),
        callerid=safe(text("callerid", "")),
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


def cli(row: Mapping[str, str]) -> Cli | None:
    """Read one CLI of device_clis_get."""
    cli_id = _id(row, "cli_id")
    if cli_id is None:
        return None
    return Cli(
        cli_id=cli_id,
        number=_text(row, "cli_cli"),
        domain=_text(row, "cli_domain"),
        device=_text(row, "cli_device"),
        description=_text(row, "cli_description"),
        comment=_text(row, "cli_comment"),
        added_at=_text(row, "cli_added_at"),
        updated_at=_text(row, "cli_updated_at"),
        email_callback=_text(row, "cli_email_callback") == "1",
        banned=_text(row, "cli_banned") == "1",
    )


def cli_owner(row: Mapping[str, str]) -> CliOwner | None:
    """Read one device of cli_info_get."""
    device_id = _id(row, "device_id")
    return None if device_id is None else CliOwner(device_id=device_id, user_id=_user_id(row, "user_id"))


def user(row: Mapping[str, str]) -> User | None:
    """Read one user of users_get."""
    user_id = _user_id(row, "id")
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


def details(device_id: int, reply: Reply) -> DeviceDetails:
    """Read the device of device_details_get.

    Raises:
        DocumentError: another device than `device_id`.
    """
    row = {name: value for name, value in reply.items() if isinstance(value, str)}
    if _id(row, "id") not in (None, device_id):
        raise DocumentError(f"asked for device {device_id}, answered {_text(row, 'id')}")
    return DeviceDetails(
        device_id=device_id,
        user_id=_user_id(row, "user_id"),
        name=_text(row, "name"),
        device_type=_text(row, "device_type"),
        description=_text(row, "description"),
        username=_text(row, "username"),
        secret=_secret(reply, "secret"),
        pin=_secret(reply, "pin"),
        host=_text(row, "host"),
        ipaddr=_text(row, "ipaddr"),
        port=_text(row, "port"),
        regseconds=_number(row, "regseconds"),
        extension=_text(row, "extension"),
        callerid=_text(row, "callerid"),
        devicegroup_id=_text(row, "devicegroup_id"),
        trunk=_text(row, "istrunk"),
        codecs=_texts_within(reply.get("codecs", "")),
        everything=reply,
    )


def callflow(device_id: int, reply: Reply) -> Callflow:
    """Read the answer of device_callflow_get, steps in the order in which they came."""
    return Callflow(
        device_id=device_id,
        user=safe(" ".join(_texts_within(reply.get("user", "")))),
        device=safe(" ".join(_texts_within(reply.get("device", "")))),
        steps=tuple(map(_step, reply["callflow"])),
    )


def version(reply: Reply) -> SafeText:
    """Read the answer of system_version_get."""
    return safe(" ".join(_texts_within(reply.get("version", ""))))


def _step(reply: Reply) -> CallflowStep:
    row = {name: value for name, value in reply.items() if isinstance(value, str)}
    priority = reply.get("priority")
    # The name of the first data element is lost in the stored page: whatever begins so is read.
    data = (value for name, value in reply.items() if name.startswith("data"))
    return CallflowStep(
        state=_text(row, "state"),
        priority=priority if isinstance(priority, int) else None,
        action=_text(row, "action"),
        data=tuple(text for value in data for text in _texts_within(value)),
    )


def _texts_within(value: Any) -> tuple[SafeText, ...]:
    """Return the texts in a value of a reply, at any depth, without blank ones and secrets."""
    match value:
        case str():
            return (safe(value),) if value else ()
        case tuple():
            return tuple(text for one in value for text in _texts_within(one))
        case Mapping():
            return tuple(text for one in value.values() for text in _texts_within(one))
        case _:
            return ()


def _secret(reply: Reply, name: str) -> Secret:
    value = reply.get(name)
    return value if isinstance(value, Secret) else Secret("")


def _text(row: Mapping[str, str], name: str) -> SafeText:
    return safe(row.get(name, ""))


def _id(row: Mapping[str, str], name: str) -> int | None:
    number = _number(row, name)
    return number if number is not None and 1 <= number <= ID_LIMIT else None


def _user_id(row: Mapping[str, str], name: str) -> int | None:
    number = _number(row, name)
    return number if number is not None and 0 <= number <= ID_LIMIT else None  # 0 is the administrator


def _number(row: Mapping[str, str], name: str) -> int | None:
    return whole_number(row.get(name, ""))
