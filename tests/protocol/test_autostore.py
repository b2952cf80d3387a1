"""Every AutoStore method and every fault of it, from the client to the simulated controller and back."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from console.autostore.catalogue import Interface, Method
from console.autostore.wire import Encoding
from console.outcome import Refused
from console.simulator import autostore_api, methods
from console.simulator.faults import FaultRule, Trouble
from console.simulator.methods.values import Values
from console.simulator.server import Simulation
from console.simulator.switches import AutoStoreSwitches
from console.simulator.warehouse import Warehouse

from .conftest import Controllers
from .valid import EDGES, METHOD_IDS, METHODS, valid

pytestmark = pytest.mark.asyncio(loop_scope="module")

each_method = pytest.mark.parametrize(("interface", "method"), METHODS, ids=METHOD_IDS)
each_encoding = pytest.mark.parametrize("encoding", Encoding)

FAULTS = [
    pytest.param(interface, method, code, id=f"{interface}-{method.name}-{code}{kind}")
    for interface, method in METHODS
    for kind, codes in (("", method.faults), ("-assumed", method.assumed))
    for code in codes
]


@pytest.fixture
def understood(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Mapping[str, Any]]]]:
    """What the controller was asked: names and arguments of the calls that it went on to carry out."""
    calls: list[tuple[str, Mapping[str, Any]]] = []

    def note(world: Warehouse, method: Method, arguments: Mapping[str, Any]) -> Values:
        calls.append((method.name, arguments))
        return execute(world, method, arguments)

    execute = methods.execute
    monkeypatch.setattr(autostore_api.methods, "execute", note)
    yield calls


@each_method
@each_encoding
@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES)
async def test_what_is_asked_arrives_and_the_answer_is_understood(
    controllers: Controllers,
    understood: list[tuple[str, Mapping[str, Any]]],
    interface: Interface,
    method: Method,
    encoding: Encoding,
    edge: int,
) -> None:
    client = controllers[interface, encoding]
    values = valid(method, edge)
    try:
        await client.call(method.name, values)
    except Refused as refusal:
        assert refusal.code in {*method.faults, *method.assumed, AutoStoreSwitches().unfitting_fault}
        assert refusal.meaning == method.meaning(refusal.code)
    assert understood == [(method.name, client.check(method.name, values))]


@pytest.mark.parametrize(("interface", "method", "code"), FAULTS)
async def test_a_fault_is_refused_with_its_meaning(
    simulation: Simulation, controllers: Controllers, interface: Interface, method: Method, code: int
) -> None:
    rule = FaultRule(kind=Trouble.FAULT, server="autostore", method=method.name, code=code, count=1)
    for encoding in Encoding:
        simulation.faults.add(rule)
        with pytest.raises(Refused) as raised:
            await controllers[interface, encoding].call(method.name, valid(method))
        refusal = raised.value
        assert (refusal.method, refusal.code) == (method.name, code)
        assert refusal.meaning == method.meaning(code)
        assert "not documented" not in refusal.meaning
    assert not simulation.faults.rules


@each_encoding
async def test_a_code_that_no_page_lists_says_so(
    simulation: Simulation, controllers: Controllers, encoding: Encoding
) -> None:
    simulation.faults.add("fault method=openport code=1777 count=1")
    with pytest.raises(Refused, match="not documented for openport"):
        await controllers[Interface.TASK, encoding].call("openport", {"port_id": 1})
