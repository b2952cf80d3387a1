"""The Bin interface: preparation and port queues."""

from console.autostore.catalogue import Effect, Method, Repeat
from console.autostore.methods.parameters import BIN, PORT_ASSUMED, bin_id, content, flag, number, port_id
from console.autostore.values import BIN_ID_RANGE
from console.fields import Field, Kind

_QUEUE_ENTRY = Field(
    name="entry",
    kind=Kind.ENTRY,
    meaning="the queue, in order: bins, content codes and group marks",
    repeated=True,
    container="bins",
    fields=(
        bin_id("a bin", required=False),
        content("any bin with this code"),
        flag("begingroup", "start of a group", default=""),
        flag("endgroup", "end of a group", default=""),
    ),
)


def _bins(*, required: bool) -> Field:
    return number(
        "bin_id", *BIN_ID_RANGE, "a bin", repeated=True, container="bins", most=60_000, required=required
    )


def _queue(name: str, summary: str, effect: Effect, repeat: Repeat) -> Method:
    return Method(
        name=name,
        interfaces=BIN,
        effect=effect,
        repeat=repeat,
        summary=summary,
        params=(port_id(), _QUEUE_ENTRY),
        assumed=(*PORT_ASSUMED, 1006, 1010, 1011),
    )


BIN_QUEUES = (
    Method(
        name="preparebin",
        interfaces=BIN,
        effect=Effect.ACT,
        repeat=Repeat.UNSAFE,
        summary="Queues bins for preparation.",
        params=(_bins(required=True),),
        assumed=(1010, 1011, 1048),
    ),
    Method(
        name="insertpreparebin",
        interfaces=BIN,
        effect=Effect.ACT,
        repeat=Repeat.UNSAFE,
        summary="Inserts bins into the preparation queue.",
        params=(number("index", 1, 1024, "place in the queue", required=True), _bins(required=True)),
        assumed=(1010, 1011, 1048),
    ),
    Method(
        name="cancelpreparebin",
        interfaces=BIN,
        effect=Effect.ACT,
        repeat=Repeat.UNSAFE,
        summary="Takes bins out of the preparation queue, the rearmost entry of each.",
        params=(flag("all", "empties the queue", default=""), _bins(required=False)),
        assumed=(1010, 1048),
    ),
    _queue("setportqueue", "Replaces a port's queue.", Effect.SET_STATE, Repeat.HARMLESS),
    _queue("appendportqueue", "Extends a port's queue.", Effect.ACT, Repeat.UNSAFE),
)
