"""The warehouse a simulation starts with: seeded, and such that every printed example works in it."""

from random import Random

from console.autostore.values import PortMode, PortType
from console.simulator.bins import Bin
from console.simulator.churn import Churn
from console.simulator.course import Delays
from console.simulator.crew import Crew
from console.simulator.orders import EXAMPLE_BIN, Orders
from console.simulator.ports import SCALE, Port
from console.simulator.switches import AutoStoreSwitches
from console.simulator.warehouse import Warehouse

PERSONS_PORTS = range(1, 9)
"""Ports that the crew leaves to the person at the console."""

MOST_PORTS = 2000

_BINS = 12_000
_HIGHEST_BIN = 400_000
_WAITING_GROUPS = 40
_EXAMPLE_PORT = 4


def build_warehouse(
    *,
    ports: int = 40,
    seed: int = 1,
    crew: bool = False,
    churn: float = 0.0,
    switches: AutoStoreSwitches | None = None,
    delays: Delays | None = None,
) -> Warehouse:
    """Return a site with ports 1 to `ports`, thousands of bins, and work that does not run out.

    With a `crew`, people work at ports from 9 on. With `churn`, such ports open and close so that
    this share of all ports, 0 to 1, changes each second.

    Raises:
        ValueError: fewer than 1 or more than 2000 ports, or a share that is none.
    """
    if not 0 <= churn <= 1:
        raise ValueError(f"churn {churn}: wanted a share, 0 to 1")
    if not 1 <= ports <= MOST_PORTS:
        raise ValueError(f"{ports} ports: wanted 1 to {MOST_PORTS}")
    world = Warehouse(
        (_port(port_id, ports) for port_id in range(1, ports + 1)),
        _stock(Random(seed)),
        seed=seed,
        switches=switches,
        delays=delays,
    )
    world.jams.add(EXAMPLE_BIN)
    Orders(world, waiting=max(_WAITING_GROUPS, ports), seed=seed).start()
    others = [port for port in world.ports.values() if _for_others(port)]
    if crew:
        Crew(world, others, seed=seed).start()
    if churn:
        Churn(world, others, per_second=churn * ports, seed=seed).start()
    return world


def _for_others(port: Port) -> bool:
    return port.port_id not in PERSONS_PORTS and port.mode is PortMode.CLOSED and not port.custom


_TYPES = (
    PortType.CONVEYOR,
    PortType.CAROUSEL,
    PortType.RELAY,
    PortType.SWING,
    PortType.FUSION,
    PortType.CONVEYOR_EXTENDED,
    PortType.PICK_UP,
)

_LAST = (
    (PortType.MULTI, PortMode.DISABLED),
    (PortType.MULTI, PortMode.MULTIPORT_PUPPET),
    (PortType.CUSTOM, PortMode.CLOSED),
)
"""Type and mode of the last ports of a site with many, from the last one back."""

_MANY = 20


def _port(port_id: int, ports: int) -> Port:
    """Port 4 and every sixth from 5 on (17 among them) are AutoCase; the last three of many are special.

    The last two never open, and the one before is a custom port.
    """
    if ports >= _MANY and port_id > ports - len(_LAST):
        port_type, mode = _LAST[ports - port_id]
        return Port(port_id, port_type, mode)
    weighs = port_id % (SCALE + 1)
    if port_id == _EXAMPLE_PORT or port_id % 6 == 5:
        return Port(port_id, PortType.AUTOCASE, weight_equipment=weighs)
    return Port(port_id, _TYPES[port_id % len(_TYPES)], weight_equipment=weighs)


def _stock(random: Random) -> list[Bin]:
    ids = {*random.sample(range(1, _HIGHEST_BIN), _BINS), EXAMPLE_BIN}
    bins = []
    for bin_id in sorted(ids):
        holds_case = bin_id == EXAMPLE_BIN or random.random() < 0.15
        empty = random.random() < 0.1
        bins.append(
            Bin(
                bin_id,
                bin_type=16 if holds_case else random.choice((1, 1, 2)),
                content=0 if empty else random.randint(1, 500),
            )
        )
    return bins
