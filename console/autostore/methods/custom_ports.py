"""The Port Interface: custom ports whose mechanics the site drives itself."""

from console.autostore.catalogue import Effect, Method, Repeat
from console.autostore.methods.parameters import (
    ALL_TYPES,
    BOTH,
    CONTENT_WITH_TYPE,
    PORT_ASSUMED,
    bin_id,
    bin_type,
    choice,
    content,
    flag,
    number,
    port_id,
)
from console.autostore.values import BinMode

_CELL = (
    number("x", 1, 1024, "cell column", required=True),
    number("y", 1, 1024, "cell row", required=True),
)

PORT_INTERFACE = (
    Method(
        name="portcellallocate",
        interfaces=BOTH,
        effect=Effect.SET_STATE,
        repeat=Repeat.HARMLESS,
        summary="Announces a cell of a custom port; replaces a pending allocation.",
        params=(port_id(), *_CELL, flag("getbin", "also fetch a bin from the cell")),
        assumed=PORT_ASSUMED,
    ),
    Method(
        name="portlocationready",
        interfaces=BOTH,
        effect=Effect.ACT,
        repeat=Repeat.UNSAFE,
        summary="Allows delivery to a cell of a custom port.",
        params=(port_id(), *_CELL, flag("getbin", "also fetch the bin standing there")),
        assumed=PORT_ASSUMED,
    ),
    Method(
        name="portbinready",
        interfaces=BOTH,
        effect=Effect.ACT,
        repeat=Repeat.UNSAFE,
        summary="Allows AutoStore to take a bin from a custom port.",
        params=(
            port_id(),
            *_CELL,
            bin_id("the bin"),
            content("its content code; needed with bin_type"),
            bin_type(ALL_TYPES, "needed for a bin that is not defined yet"),
        ),
        rules=(CONTENT_WITH_TYPE,),
        assumed=(*PORT_ASSUMED, 1006, 1010),
    ),
    Method(
        name="portbinmode",
        interfaces=BOTH,
        effect=Effect.SET_STATE,
        repeat=Repeat.HARMLESS,
        summary="Sets the mode of a bin at a custom port.",
        params=(
            port_id(),
            bin_id("the bin"),
            choice(
                "bin_mode",
                (BinMode.OPEN, BinMode.CLOSED, BinMode.OUTSIDE),
                "OUTSIDE only while the bin is TOGRID",
                required=True,
            ),
            content("its content code; unchanged when left out"),
        ),
        assumed=(*PORT_ASSUMED, 1006, 1010, 1011),
    ),
)
