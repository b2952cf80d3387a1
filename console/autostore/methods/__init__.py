"""The entries of the AutoStore catalogue, by subject, as the vendor's pages give them."""

from console.autostore.catalogue import Interface, Method
from console.autostore.methods.bin_queues import BIN_QUEUES
from console.autostore.methods.bins import AUTOCASE, BINS_AT_PORTS
from console.autostore.methods.custom_ports import PORT_INTERFACE
from console.autostore.methods.ports import PORTS
from console.autostore.methods.queries import QUERIES
from console.autostore.methods.tasks import SEQUENCES, TASKS

METHODS: tuple[Method, ...] = (
    *PORTS,
    *BINS_AT_PORTS,
    *AUTOCASE,
    *TASKS,
    *SEQUENCES,
    *QUERIES,
    *PORT_INTERFACE,
    *BIN_QUEUES,
)

_BY_NAME = {(interface, method.name): method for method in METHODS for interface in method.interfaces}


def find(name: str, interface: Interface = Interface.TASK) -> Method | None:
    """Return the method of that wire name on that interface, or None."""
    return _BY_NAME.get((interface, name))


def offered(interface: Interface) -> tuple[Method, ...]:
    """Return the methods a site on `interface` can call, in catalogue order."""
    return tuple(method for method in METHODS if interface in method.interfaces)
