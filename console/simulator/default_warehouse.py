"""The warehouse a simulation starts with: seeded, and such that every printed example works in it."""

from random import Random

from console.autostore.values import PortMode, PortType
from console.simulator.bins import Bin
from console.simulator.crew import Crew
from console.simulator.orders import EXAMPLE_BIN, Orders
from console.simulator.switches import AutoStoreSwitches
from console.simulator.warehouse import Delays, Port, Warehouse

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
    switches: AutoStoreSwitches | None = None,
    delays: Delays | None = None,
) -> Warehouse:
    """Return a site with ports 1 to `ports`, thousands of bins, and work that does not run out.

    Raises:
        ValueError: fewer than 1 or more than 2000 ports.
    """
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
    if crew:
        staffed = (
            port
            for port in world.ports.values()
            if port.port_id not in PERSONS_PORTS and port.mode is PortMode.CLOSED
        )
        Crew(world, staffed, seed=seed).start()
    return world


_TYPES = (
    PortType.CONVEYOR,
    PortType.CAROUSEL,
    PortType.RELAY,
    PortType.SWING,
    PortType.FUSION,
    PortType.CONVEYOR_EXTENDED,
    PortType.PICK_UP,
)


def _port(port_id: int, ports: int) -> Port:
    """Port 4 and every sixth from 5 on (17 among them) are AutoCase; the last two of many never open."""
    if ports >= 20 and port_id >= ports - 1:
        mode = PortMode.DISABLED if port_id == ports else PortMode.MULTIPORT_PUPPET
        return Port(port_id, PortType.MULTI, mode)
    if port_id == _EXAMPLE_PORT or port_id % 6 == 5:
        return Port(port_id, PortType.AUTOCASE)
    return Port(port_id, _TYPES[port_id % len(_TYPES)])


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
