"""The MOR system a simulation starts with: seeded, and such that every printed example works in it."""

from collections.abc import Iterator
from random import Random

from console.simulator.calls.callflow import FORWARD
from console.simulator.softswitch import Softswitch
from console.simulator.switches import MorSwitches
from console.simulator.telephony import ADMIN, ADMIN_ID, RESELLER, Device, Step, User

API_USER = "admin"
API_SECRET = "456789"
"""The key of the example that devices_get prints."""

RESELLER_USER = "dockphones"
RESELLER_SECRET = "dock-4711"

EXAMPLE_USER = 100
"""Owns most devices, device 2 among them."""

_RESELLER_ID = 3
_OTHER_USERS = (101, 102, 200, 201)
_MOST_OTHER_DEVICES = 40


def build_softswitch(*, devices: int = 200, seed: int = 1, switches: MorSwitches | None = None) -> Softswitch:
    """Return a MOR system with devices 1 to `devices`, some with rules.

    Raises:
        ValueError: fewer than 0 devices.
    """
    if devices < 0:
        raise ValueError(f"{devices} devices: wanted 0 or more")
    random = Random(seed)
    world = Softswitch(_users(), _devices(devices, random), seed=seed, switches=switches)
    for device_id in range(1, devices + 1, 7):
        world.add_rule(device_id, "international", cut="00", minlen=14, maxlen=14)
        if random.random() < 0.5:
            world.add_rule(device_id, "national", add="39", minlen=10, maxlen=10)
    for device_id in range(10, devices + 1, 10):
        world.add_cli(world.devices[device_id], f"3706304{device_id:04}", description="mobile of the shift")
    for device_id in range(25, devices + 1, 25):
        to = Step(FORWARD, (str(device_id - 1), "local"), device_id - 1)
        world.set_step(world.devices[device_id], "No answer", to)
    return world


def _users() -> tuple[User, ...]:
    return (
        User(
            ADMIN_ID,
            API_USER,
            ADMIN,
            password="admin1",
            api_secret=API_SECRET,
            uniquehash="a1d0c6e83f",
            first_name="System",
            last_name="Admin",
        ),
        User(
            _RESELLER_ID,
            RESELLER_USER,
            RESELLER,
            password="reseller1",
            api_secret=RESELLER_SECRET,
            uniquehash="f1ab8ddc47",
            first_name="Dock",
            last_name="Phones",
        ),
        User(EXAMPLE_USER, "hall2", password="hall2pw", first_name="Hall", last_name="2", balance="128.4"),
        User(101, "office", password="officepw", first_name="Site", last_name="Office", balance="12.75"),
        User(102, "yard", password="yardpw", first_name="Yard", last_name="& Gate"),
        User(103, "spare", password="sparepw", first_name="Spare", last_name="Account", blocked=1),
        User(200, "carrier-north", owner_id=_RESELLER_ID, first_name="Carrier", last_name="North"),
        User(201, "carrier-south", owner_id=_RESELLER_ID, first_name="Carrier", last_name="South"),
    )


_PLACES = ("reception", "gate", "dock", "pick", "pack", "office", "crane", "battery")
_TYPES = ("SIP",) * 14 + ("IAX2", "IAX2", "H323", "FAX", "Virtual", "ZAP")
_WITHOUT_ADDRESS = frozenset({"FAX", "Virtual", "ZAP"})

_HOLDS = {
    0: (
        "Cannot delete device - it has calls. You can only hide device's user. "
        "Why is that and how to do that - please read in manual."
    ),
    7: "Device has Dial Plans - we cannot delete it",
    11: "One or more Location rules are using this Device",
    17: "Cannot delete device - it is assigned to Queue",
}
"""What keeps every twentieth device, from that one on, from being deleted; every third has calls besides."""

_PIN_STEP = 7919
"""Makes PINs that look drawn and are all different."""


def _devices(count: int, random: Random) -> Iterator[Device]:
    with_primary: set[int] = set()
    for device_id in range(1, count + 1):
        user_id = _owner(device_id)
        yield _device(device_id, user_id, random, primary=user_id not in with_primary)
        with_primary.add(user_id)


def _owner(device_id: int) -> int:
    turn, rest = divmod(device_id, 5)
    belongs_to_another = rest == 0 and turn <= _MOST_OTHER_DEVICES
    return _OTHER_USERS[turn % len(_OTHER_USERS)] if belongs_to_another else EXAMPLE_USER


def _device(device_id: int, user_id: int, random: Random, *, primary: bool) -> Device:
    device_type = random.choice(_TYPES)
    registered = device_type not in _WITHOUT_ADDRESS and random.random() < 0.8
    by_address = registered and random.random() < 0.1
    bits = random.getrandbits(64)
    return Device(
        device_id,
        user_id,
        device_type,
        devicegroup_id="" if device_type == "Virtual" else str(user_id),
        primary=primary,
        username=f"ipauth{bits & 0xFFFFFFFFFF:010x}" if by_address else f"{_PLACES[bits % 8]}-{device_id}",
        secret=f"{bits:016x}",
        ipaddr=f"10.{20 + bits % 4}.{bits >> 8 & 255}.{1 + (bits >> 16) % 254}" if registered else "0.0.0.0",
        port="5060" if registered else "0",
        hidden=random.random() < 0.02,
        by_address=by_address,
        description=f"{_PLACES[bits % 8]} phone",
        pin=f"{device_id * _PIN_STEP % 1_000_000:06}",
        extension=str(100 + device_id),
        held_by=_HOLDS.get(device_id % 20, _HOLDS[0] if device_id % 3 == 0 else ""),
    )
