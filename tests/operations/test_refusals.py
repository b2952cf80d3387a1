"""Each documented fault arrives as a refusal with its meaning for that very method."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from simulator.small import AUTOCASE, CASE_BIN, CASE_STEP, DISABLED, OTHER, PLAIN, UNTIL_OPEN

from console.autostore.client import AutoStoreClient
from console.autostore.methods import find
from console.autostore.wire import Encoding
from console.outcome import Refused

from .simulated import Scene, controller, scene, switch

Prepare = Callable[[Scene, AutoStoreClient], Awaitable[None]]

both_encodings = pytest.mark.parametrize("encoding", list(Encoding))


async def nothing(one: Scene, client: AutoStoreClient) -> None:
    pass


async def port_open(one: Scene, client: AutoStoreClient) -> None:
    await client.call("openport", {"port_id": AUTOCASE, "category": (1,)})


async def port_closing(one: Scene, client: AutoStoreClient) -> None:
    await port_open(one, client)
    await client.call("closeport", {"port_id": AUTOCASE})


async def stopped(one: Scene, client: AutoStoreClient) -> None:
    one.world.set_system(70)


async def bin_coming(one: Scene, client: AutoStoreClient) -> None:
    await port_open(one, client)
    await client.call("openbin", {"port_id": AUTOCASE})


async def bin_open(one: Scene, client: AutoStoreClient) -> None:
    await bin_coming(one, client)
    one.wait(UNTIL_OPEN + 0.01)


async def extracting(one: Scene, client: AutoStoreClient) -> None:
    await bin_open(one, client)
    await client.call("case_extract", {"port_id": AUTOCASE, "bin_id": CASE_BIN})


async def jammed(one: Scene, client: AutoStoreClient) -> None:
    one.world.jams.add(CASE_BIN)
    await extracting(one, client)
    one.wait(2 * CASE_STEP + 0.01)


async def extracted(one: Scene, client: AutoStoreClient) -> None:
    await extracting(one, client)
    one.wait(2 * CASE_STEP + 0.01)


async def inserting(one: Scene, client: AutoStoreClient) -> None:
    await client.call("openport", {"port_id": AUTOCASE})


def at(port_id: int, bin_id: int | None = CASE_BIN) -> dict[str, object]:
    return {"port_id": port_id} | ({} if bin_id is None else {"bin_id": bin_id})


@both_encodings
@pytest.mark.parametrize(
    ("prepare", "method", "arguments", "code"),
    [
        (nothing, "openport", at(1999, None), 1000),
        (nothing, "openport", at(DISABLED, None), 1000),
        (port_closing, "openport", at(AUTOCASE, None), 1001),
        (port_open, "openport", {**at(AUTOCASE, None), "category": (1,)}, 1002),
        (stopped, "openport", at(OTHER, None), 1048),
        (nothing, "case_extract", at(1999), 1000),
        (nothing, "case_extract", at(PLAIN), 1087),
        (nothing, "case_extract", at(AUTOCASE), 1099),
        (inserting, "case_extract", at(AUTOCASE), 1099),
        (extracting, "case_extract", at(AUTOCASE), 1148),
        (jammed, "case_extract", at(AUTOCASE), 1148),
        (port_open, "case_extract", at(AUTOCASE), 1149),
        (bin_coming, "case_extract", at(AUTOCASE), 1149),
        (bin_open, "case_extract", at(AUTOCASE, 7), 1149),
        (nothing, "case_cancel", at(1999), 1000),
        (nothing, "case_cancel", at(PLAIN), 1087),
        (nothing, "case_cancel", at(AUTOCASE), 1099),
        (bin_open, "case_cancel", at(AUTOCASE, 7), 1149),
        (bin_open, "case_cancel", at(AUTOCASE), 1152),
        (extracted, "case_cancel", at(AUTOCASE), 1152),
        (extracting, "case_cancel", at(AUTOCASE), 1153),
    ],
)
async def test_refusals_that_the_state_of_the_site_leads_to(
    prepare: Prepare, method: str, arguments: dict[str, Any], code: int, encoding: Encoding
) -> None:
    async with scene() as one, controller(one, encoding) as client:
        await prepare(one, client)
        before = one.world.snapshot()
        with pytest.raises(Refused) as refusal:
            await client.call(method, arguments)
        assert refusal.value.code == code
        assert refusal.value.meaning == MEANINGS[method][code]
        assert one.world.record.entries[-1].result == code
        assert one.world.snapshot() == before


PORT_MISSING = "The specified port does not exist."
NOT_SELECTED = (
    "The specified bin is not selected for the specified port, the requested operation is therefore invalid."
)
MEANINGS = {
    "openport": {
        1000: "The specified Port is not available.",
        1001: "The specified Port is closing.",
        1002: "The specified Port is already open.",
        1048: "System is not available.",
    },
    "case_extract": {
        1000: PORT_MISSING,
        1087: "The Port specified is not an AutoCase port.",
        1099: "Port is not in the appropriate mode (open).",
        1148: "New action cannot be started until the previous action has been completed.",
        1149: NOT_SELECTED,
    },
    "case_cancel": {
        1000: PORT_MISSING,
        1087: "The Port specified is not an AutoCase port.",
        1099: "Port is not in the appropriate mode (open).",
        1149: NOT_SELECTED,
        1152: "There is no active operation, so there is nothing to cancel.",
        1153: "AutoCase does not have an error. Cancellation is not valid.",
    },
}

ARGUMENTS = {"openport": at(OTHER, None), "case_extract": at(AUTOCASE), "case_cancel": at(AUTOCASE)}


@both_encodings
@pytest.mark.parametrize("method", ARGUMENTS)
async def test_every_documented_code_of_a_method_has_its_meaning(method: str, encoding: Encoding) -> None:
    entry = find(method)
    assert entry is not None
    assert MEANINGS[method].items() <= entry.faults.items()
    async with scene() as one, controller(one, encoding) as client:
        for code, meaning in entry.faults.items():
            one.simulation.faults.add(f"fault method={method} code={code} count=1")
            with pytest.raises(Refused) as refusal:
                await client.call(method, ARGUMENTS[method])
            assert (refusal.value.code, refusal.value.meaning) == (code, meaning)


async def test_a_code_nobody_knows_is_still_a_refusal() -> None:
    async with scene() as one, controller(one) as client:
        one.simulation.faults.add("fault method=openport code=1777")
        with pytest.raises(
            Refused, match=r"openport refused \(1777\): fault 1777, not documented for openport"
        ):
            await client.call("openport", ARGUMENTS["openport"])


async def test_the_switch_refuses_in_its_own_words() -> None:
    async with scene() as one, switch(one) as client:
        with pytest.raises(Refused) as refusal:
            await client.rules(4711)
        assert (refusal.value.code, refusal.value.meaning) == (None, "Device was not found")
