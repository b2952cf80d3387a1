"""Every MOR call and every one of its error texts, from the client to the simulated switch and back."""

from collections.abc import Iterator

import pytest

from console.mor.calls import CALLS, GLOBAL_ERRORS, Call
from console.mor.client import MorClient
from console.mor.errors import ErrorClass, classify
from console.outcome import Refused
from console.simulator import calls, mor_api
from console.simulator.calls.params import Params
from console.simulator.faults import FaultRule, Trouble
from console.simulator.server import Simulation
from console.simulator.softswitch import Softswitch

from .valid import CALL_IDS, EDGES, valid

pytestmark = pytest.mark.asyncio(loop_scope="module")

ERRORS = [
    pytest.param(call, text, id=f"{call.name}-{text[:40]}")
    for call in CALLS
    for text in dict.fromkeys((*call.errors, *GLOBAL_ERRORS))
]


@pytest.fixture
def understood(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Params]]]:
    """What the switch was asked: names and parameters, the signature left out."""
    asked: list[tuple[str, Params]] = []

    def note(world: Softswitch, name: str, params: Params, *, by_get: bool = False) -> str:
        asked.append((name, {key: value for key, value in params.items() if key != "hash"}))
        return execute(world, name, params, by_get=by_get)

    execute = calls.execute
    monkeypatch.setattr(mor_api.calls, "execute", note)
    yield asked


@pytest.mark.parametrize("call", CALLS, ids=CALL_IDS)
@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES)
async def test_what_is_asked_arrives_and_the_answer_is_understood(
    phones: MorClient, understood: list[tuple[str, Params]], call: Call, edge: int
) -> None:
    values = valid(call, edge)
    try:
        await phones.call(call.name, values)
    except Refused as refusal:
        # Not in the call's own list, for one of them is lost; but the signature has to be right.
        assert classify(call, refusal.meaning) not in (ErrorClass.HASH, ErrorClass.OTHER)
    assert understood == [(call.name, {**values, "u": "admin", "p": "admin1"})]


@pytest.mark.parametrize(("call", "text"), ERRORS)
async def test_an_error_is_refused_in_its_own_words(
    simulation: Simulation, phones: MorClient, call: Call, text: str
) -> None:
    simulation.faults.add(FaultRule(kind=Trouble.FAULT, server="mor", method=call.name, text=text, count=1))
    if text in call.empty:
        assert await phones.call(call.name, valid(call)) == {call.listing: ()}
    else:
        with pytest.raises(Refused) as raised:
            await phones.call(call.name, valid(call))
        refusal = raised.value
        assert (refusal.method, refusal.code, refusal.meaning) == (call.name, None, text)
        assert classify(call, text) is not ErrorClass.OTHER
    assert not simulation.faults.rules
