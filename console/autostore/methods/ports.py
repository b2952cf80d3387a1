"""Opening, closing and asking about ports."""

from console.autostore.catalogue import Effect, Evidence, Method, Repeat, Rule
from console.autostore.methods.parameters import (
    BIN,
    BOTH,
    PORT_ASSUMED,
    TASK,
    choice,
    flag,
    number,
    port_id,
    reply,
    reply_id,
    time,
)
from console.autostore.values import (
    BIN_ID_RANGE,
    NEEDS_SELECT,
    OPENABLE,
    PORT_ID_RANGE,
    SELECT_LIMIT,
    PortMode,
)
from console.fields import Arguments, Kind


def _select_missing(arguments: Arguments) -> str | None:
    selected = "category" in arguments or "content" in arguments
    return "port_mode" if arguments.get("port_mode") in NEEDS_SELECT and not selected else None


PORTS = (
    Method(
        name="openport",
        interfaces=TASK,
        effect=Effect.SET_STATE,
        repeat=Repeat.REFUSED,
        summary="Opens a port.",
        params=(
            port_id(),
            number(
                "category",
                1,
                10_000_000,
                "categories the port may serve",
                repeated=True,
                container="select",
                most=SELECT_LIMIT,
                excludes="content",
            ),
            number(
                "content",
                0,
                10_000_000,
                "bin content codes the port may serve",
                repeated=True,
                container="select",
                most=SELECT_LIMIT,
                excludes="category",
            ),
            time("req_time", "only task groups whose req_time is not later"),
            choice(
                "port_mode",
                OPENABLE,
                "a special mode; SEQUENCE needs AS Router",
                default="OPEN with a category or content, INSERT without",
            ),
        ),
        rules=(Rule("a category or content, which OPEN and SWAP need", _select_missing),),
        faults={
            1000: "The specified Port is not available.",
            1001: "The specified Port is closing.",
            1002: "The specified Port is already open.",
            1003: "Mandatory parameter port_id is missing.",
            1004: "Parameter port_id is not valid (invalid format or out of range).",
            1006: "Parameter content is not valid (invalid format or out of range).",
            1007: "Parameter category is not valid (invalid format or out of range).",
            1008: "Parameter req_time is not valid (invalid format or out of range).",
            1048: "System is not available.",
            1050: "Too many categories or content codes.",
            1051: "Conflicting category and content codes.",
        },
        evidence=Evidence.FULL,
        since="Software Release October 2022",
    ),
    Method(
        name="closeport",
        interfaces=TASK,
        effect=Effect.SET_STATE,
        repeat=Repeat.REFUSED,
        summary="Closes a port; its selected bin goes back to the grid.",
        params=(port_id(), flag("suspend_taskgroup", "suspend the unfinished task group")),
        assumed=(*PORT_ASSUMED, 1001, 1009),
    ),
    Method(
        name="openport",
        interfaces=BIN,
        effect=Effect.SET_STATE,
        repeat=Repeat.REFUSED,
        summary="Opens a port.",
        params=(
            port_id(),
            choice(
                "port_mode",
                (PortMode.OPEN, PortMode.INSERT, PortMode.SWAP, PortMode.AUTO),
                "a special mode",
                default="OPEN",
            ),
        ),
        assumed=(*PORT_ASSUMED, 1001, 1002),
    ),
    Method(
        name="closeport",
        interfaces=BIN,
        effect=Effect.SET_STATE,
        repeat=Repeat.REFUSED,
        summary="Closes a port.",
        params=(port_id(),),
        assumed=(*PORT_ASSUMED, 1001, 1009),
        evidence=Evidence.SAMPLE,
    ),
    Method(
        name="getportstatus",
        interfaces=TASK,
        effect=Effect.READ,
        repeat=Repeat.FREE,
        summary="Tells a port's type and mode, and on some systems what it has selected.",
        params=(port_id(),),
        returns=(
            reply_id("port_id", *PORT_ID_RANGE),
            reply("port_type", Kind.TEXT),
            reply("mode", Kind.TEXT),
            reply_id("selected_bin", *BIN_ID_RANGE),
            reply_id("selected_task"),
            reply_id("selected_taskgroup"),
            reply("is_ready", Kind.BOOLEAN),
        ),
        assumed=PORT_ASSUMED,
    ),
    Method(
        name="getportconfig",
        interfaces=TASK,
        effect=Effect.READ,
        repeat=Repeat.FREE,
        summary="Tells a port's configuration: weighing equipment and more.",
        params=(port_id(),),
        returns=(reply("weight_equipment"),),
        assumed=PORT_ASSUMED,
    ),
    Method(
        name="getportweight",
        interfaces=BOTH,
        effect=Effect.READ,
        repeat=Repeat.FREE,
        summary="Reads the scale of a port.",
        params=(
            port_id(),
            choice("timeout_mode", ("L", "H"), "wait for a low (L) or a stable (H) reading"),
            number("timeout_value", 1, 1024, "how long to wait", unit="ms", default="0"),
        ),
        assumed=PORT_ASSUMED,
    ),
)
