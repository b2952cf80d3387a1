"""Questions about bins and the system, and forecasts."""

from console.autostore.catalogue import Effect, Evidence, Interface, Method, Repeat, Rule
from console.autostore.methods.parameters import BOTH, TASK, bin_id, number, reply, reply_id
from console.autostore.values import BIN_ID_RANGE, PORT_ID_RANGE
from console.fields import Arguments, Field, Kind

_BIN_SPAN = (
    bin_id("one bin", required=False),
    number("min_bin_id", *BIN_ID_RANGE, "lowest bin, inclusive"),
    number("max_bin_id", *BIN_ID_RANGE, "highest bin, inclusive"),
)


def _span_backwards(arguments: Arguments) -> str | None:
    low, high = arguments.get("min_bin_id"), arguments.get("max_bin_id")
    return "max_bin_id" if isinstance(low, int) and isinstance(high, int) and high < low else None


_SPAN_ORDER = Rule("a max_bin_id that is not below min_bin_id", _span_backwards)


def _forecast(name: str, summary: str, most: int) -> Method:
    def span_too_wide(arguments: Arguments) -> str | None:
        low, high = arguments.get("min_bin_id"), arguments.get("max_bin_id")
        if isinstance(low, int) and isinstance(high, int) and high - low >= most:
            return "max_bin_id"
        return None

    def nothing_named(arguments: Arguments) -> str | None:
        spanned = "min_bin_id" in arguments and "max_bin_id" in arguments
        return None if "bin_id" in arguments or spanned else "bin_id"

    one, low, high = _BIN_SPAN
    return Method(
        name=name,
        interfaces=TASK,
        effect=Effect.SET_STATE,
        repeat=Repeat.HARMLESS,
        summary=summary,
        params=(number("bin_id", one.low, one.high, "a bin", repeated=True, most=most), low, high),
        rules=(
            _SPAN_ORDER,
            Rule(f"a span of at most {most} bins", span_too_wide),
            Rule("bin_id, or both min_bin_id and max_bin_id", nothing_named),
        ),
        assumed=(1010, 1011, 1048),
    )


def _bin_query(name: str, summary: str, *fields: Field, interfaces: tuple[Interface, ...] = BOTH) -> Method:
    record = Field(
        name="bin",
        kind=Kind.RECORD,
        repeated=True,
        container="bins",
        fields=(reply_id("bin_id", *BIN_ID_RANGE), *fields),
    )
    return Method(
        name=name,
        interfaces=interfaces,
        effect=Effect.READ,
        repeat=Repeat.FREE,
        summary=summary,
        params=_BIN_SPAN,
        rules=(_SPAN_ORDER,),
        returns=(record,),
        assumed=(1010, 1011, 1048),
    )


QUERIES = (
    _bin_query("getbininfo", "Tells bins' content codes.", reply("content"), reply("target_grid")),
    _bin_query(
        "getbinstate",
        "Tells bins' modes and ports.",
        *(reply("bin_mode", Kind.TEXT), reply_id("port_id", *PORT_ID_RANGE)),
    ),
    _bin_query(
        "getbinloc",
        "Tells where bins are in the grid.",
        *(reply("xpos"), reply("ypos"), reply("depth")),
        interfaces=TASK,
    ),
    Method(
        name="getsystemmode",
        interfaces=TASK,
        effect=Effect.READ,
        repeat=Repeat.FREE,
        summary="Tells the system's mode.",
        returns=(reply("mode"), reply("stopcode")),
        assumed=(1048,),
    ),
    Method(
        name="getsystemstate",
        interfaces=BOTH,
        effect=Effect.READ,
        repeat=Repeat.FREE,
        summary="Tells the system's mode and the share of robots that charge.",
        returns=(reply("mode"), reply("stopcode"), reply("chargepercent")),
        assumed=(1048,),
    ),
    Method(
        name="get_simulation_speed",
        interfaces=TASK,
        effect=Effect.READ,
        repeat=Repeat.FREE,
        summary="Tells the simulation speed factor.",
        evidence=Evidence.SAMPLE,
    ),
    _forecast("forecastbin", "Announces bins that will be needed.", 10_000),
    _forecast("cancelforecastbin", "Withdraws announced bins.", 1_000),
)
