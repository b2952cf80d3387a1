"""Plans without a site: what is known of ports and phones, and the ground they are made on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from state.small import reading

from console.operations.beliefs import Belief, DeviceState, UserDevices
from console.operations.bulk.plan import Moment, Plan
from console.operations.bulk.planning import Ground, Known, Seen, plan_of
from console.operations.bulk.wishes import Wish
from console.settings.tables import Safety
from console.state.entities import Key, Kind, Port, RuleList, SourceName

NOW = Moment(utc=datetime(2026, 11, 22, 6, tzinfo=UTC), clock=5000.0, boot_id="boot-1")


def port(port_id: int, mode: str | None = "CLOSED", **more: Any) -> Port:
    return Port(port_id=port_id, reading=reading(port_id, mode, **more), seen_at=1.0)


def hall(modes: Mapping[int, str]) -> dict[int, Port]:
    return {port_id: port(port_id, mode) for port_id, mode in modes.items()}


def ground(ports: Iterable[Port] = (), **more: Any) -> Ground:
    values: dict[str, Any] = {
        "site": "Hall",
        "mode": "SIMULATOR",
        "operator": "tess",
        "host": "console-1",
        "now": NOW,
        "safety": Safety(),
        "systems": frozenset(SourceName),
        "ports": {one.port_id: one for one in ports},
    }
    return Ground(**{**values, **more})


def known(*beliefs: Belief, age: float = 0.5) -> Known:
    return {_key(belief): Seen(belief=belief, age=age) for belief in beliefs}


def _key(belief: Belief) -> Key:
    match belief:
        case Port():
            return Key(Kind.PORT, belief.port_id)
        case RuleList():
            return Key(Kind.RULES, belief.device_id)
        case DeviceState():
            return Key(Kind.DEVICE, belief.device_id)
        case UserDevices():
            return Key(Kind.DEVICES, belief.user_id)
        case _:
            raise TypeError(belief)


def plan(wishes: Sequence[Wish], *beliefs: Belief, **more: Any) -> Plan:
    """The plan of wishes on what is known."""
    ports = [belief for belief in beliefs if isinstance(belief, Port)]
    return plan_of(wishes, known(*beliefs), ground(ports, **more))
