"""What can happen to a MOR system that nobody asked for through its API.

Said by name, as the incidents of a warehouse are: a mistake is a ValueError in words, and nothing
has changed then.
"""

from typing import Literal

from console.mor.calls import Profile
from console.simulator.filling import DeviceId, Text
from console.simulator.softswitch import Softswitch
from console.simulator.switches import Delivery, ErrorPlace
from console.simulator.telephony import Device


def change_secret(world: Softswitch, *, user: Text, secret: Text) -> None:
    """Give a caller another API secret key; what is signed with the old one has an incorrect hash.

    Raises:
        ValueError: nobody of that name has a key.
    """
    found = world.named(user)
    if found is None or not found.owns_users:
        raise ValueError("user is not one who has a key: wanted an admin or a reseller")
    found.api_secret = secret


def switch_api_off(world: Softswitch) -> None:
    """Refuse every call: `API Requests are disabled`."""
    world.switch(enabled=False)


def switch_api_on(world: Softswitch) -> None:
    """Serve calls again."""
    world.switch(enabled=True)


def change_profile(world: Softswitch, *, profile: Profile) -> None:
    """Let the server be of another age: device_rule_create has another recipe then (mor.md 3.8)."""
    world.switch(profile=profile)


def change_delivery(
    world: Softswitch, *, delivery: Delivery = Delivery.DOCUMENTED, error_place: ErrorPlace = ErrorPlace.PAGE
) -> None:
    """Let answers travel, and errors stand in them, another way (mor.md 1.4 and 1.5)."""
    world.switch(delivery=delivery, error_place=error_place)


def block_registration(world: Softswitch) -> None:
    """Refuse device_delete: `Registration over API is disabled`."""
    world.switch(registration_allowed=False)


def give_rule(
    world: Softswitch,
    *,
    device_id: DeviceId,
    name: Text,
    cut: str = "",
    add: str = "",
    pr_type: Literal["dst", "src"] = "dst",
) -> None:
    """Let somebody else give a device a rule.

    Raises:
        ValueError: no such device.
    """
    device = _device(world, device_id)
    world.add_rule(device.device_id, name, cut=cut, add=add, pr_type=pr_type)


def take_rules(world: Softswitch, *, device_id: DeviceId) -> None:
    """Let somebody else take all rules away from a device.

    Raises:
        ValueError: no such device.
    """
    for rule in list(world.rules_of(_device(world, device_id).device_id)):
        world.remove_rule(rule)


def hide_device(world: Softswitch, *, device_id: DeviceId) -> None:
    """Let somebody else block and hide a device.

    Raises:
        ValueError: no such device.
    """
    _device(world, device_id).hidden = True


def unregister_device(world: Softswitch, *, device_id: DeviceId) -> None:
    """Let a device be registered no longer.

    Raises:
        ValueError: no such device.
    """
    device = _device(world, device_id)
    device.ipaddr, device.port = "0.0.0.0", "0"


MOR_INCIDENTS = (
    change_secret,
    switch_api_off,
    switch_api_on,
    change_profile,
    change_delivery,
    block_registration,
    give_rule,
    take_rules,
    hide_device,
    unregister_device,
)


def _device(world: Softswitch, device_id: int) -> Device:
    if device_id not in world.devices:
        raise ValueError(f"no device {device_id}")
    return world.devices[device_id]
