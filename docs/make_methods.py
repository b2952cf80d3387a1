"""Writes docs/methods.md: every documented method and call, and how much of it portside has.

All of it comes from the catalogues and from running the code: `python docs/make_methods.py`. With
`--check` nothing is written, and the exit code is 1 when the page is not up to date.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

# Found by the line above.
from protocol.valid import EDGES, Entry, valid  # noqa: E402

from console.autostore.catalogue import FAULTS, Interface, Method  # noqa: E402
from console.autostore.methods import METHODS, offered  # noqa: E402
from console.autostore.wire import Encoding, encode  # noqa: E402
from console.fields import Field, Kind  # noqa: E402
from console.interface.actions import ACTIONS, BY_ID  # noqa: E402
from console.interface.screens.form import typed_values  # noqa: E402
from console.mor.calls import CALLS, DEVICE_RULE_CREATE, GLOBAL_ERRORS, Call, Profile  # noqa: E402
from console.mor.errors import classify  # noqa: E402
from console.simulator import parameters  # noqa: E402
from console.simulator.calls import SERVED  # noqa: E402
from console.simulator.methods import HANDLERS  # noqa: E402
from console.simulator.requests import read_json, read_xml  # noqa: E402
from console.simulator.switches import AutoStoreSwitches  # noqa: E402

PAGE = ROOT / "docs" / "methods.md"

INTRODUCTION = """# Methods and calls

Made by `python docs/make_methods.py` from the catalogues of the program; changes by hand are lost.

Every one of them is checked against its ranges and can be called: `portside call NAME name=value ...`.

In the tables, *XML* and *JSON* say whether the simulated controller reads from a request what was meant,
at both ends of every range; *form* whether what a person types into its form (press `:` and type its name)
makes the same call; *simulated* whether `portside simulate` carries it out. *Flow* says what uses it besides:
a key, whose command is read back until it is seen to have happened, or the reading in the background.

*Repeat* is what a second, equal call may do: none is ever sent twice by itself. *Evidence* is how much of
the vendor's page was readable. *Documented* faults and errors stand on that very page; *assumed* ones exist
and would fit."""

READ_IN_THE_BACKGROUND = (
    *("getportstatus", "getbinstate", "case_getstate", "getsystemmode", "getsystemstate"),
    *("users_get", "devices_get", "device_rules_get"),
)

_READERS = {Encoding.XML: read_xml, Encoding.JSON: read_json}


def main() -> int:
    """Write the page, or only compare it."""
    parser = argparse.ArgumentParser(description="writes docs/methods.md")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it would change")
    page = "\n".join(lines()) + "\n"
    if not parser.parse_args().check:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page:
        print("docs/methods.md is not up to date: run python docs/make_methods.py", file=sys.stderr)
        return 1
    return 0


def lines() -> Iterator[str]:
    """Return the page line by line."""
    yield INTRODUCTION
    yield from ("", "## AutoStore: what there is", "")
    yield from _table(
        "method | interface | effect | XML | JSON | form | simulated | flow", map(_coverage, METHODS)
    )
    yield from ("", "## MOR: what there is", "")
    yield from _table("call | effect | form | simulated | flow", map(_call_coverage, CALLS))
    yield from ("", "## AutoStore: each method")
    for method in METHODS:
        yield from _method(method)
    yield from ("", "## AutoStore: fault codes", "", "A method's own words stand with it and win.", "")
    yield from _table("code | meaning", ((str(code), meaning) for code, meaning in FAULTS.items()))
    yield from ("", "## MOR: each call", "")
    yield "Any call may also be answered with: " + ", ".join(f"`{text}`" for text in GLOBAL_ERRORS) + "."
    for call in CALLS:
        yield from _call(call)


# Coverage


def _coverage(method: Method) -> Sequence[str]:
    simulated = all((interface, method.name) in HANDLERS for interface in method.interfaces)
    on_offer = all(method in offered(interface) for interface in method.interfaces)
    return (
        _link(method.name, _title(method)),
        _interfaces(method),
        method.effect,
        _yes(_is_understood(method, Encoding.XML)),
        _yes(_is_understood(method, Encoding.JSON)),
        _yes(on_offer and _can_be_typed(method)),
        _yes(simulated),
        _flow(method) if Interface.TASK in method.interfaces else "",
    )


def _is_understood(method: Method, encoding: Encoding) -> bool:
    for edge in EDGES.values():
        arguments = method.check(valid(method, edge))
        request = _READERS[encoding](encode(method, arguments, encoding))
        if parameters.read(method, request.params, AutoStoreSwitches()) != arguments:
            return False
    return True


def _call_coverage(call: Call) -> Sequence[str]:
    return (
        _link(call.name, call.name),
        _effect(call),
        _yes(_can_be_typed(call)),
        _yes(call.name in SERVED),
        _flow(call),
    )


def _can_be_typed(entry: Entry) -> bool:
    for edge in EDGES.values():
        values = valid(entry, edge)
        typed = {name: one if isinstance(one, str) else " ".join(one) for name, one in values.items()}
        if entry.check(typed_values(entry.params, typed)) != entry.check(values):
            return False
    return True


def _flow(entry: Entry) -> str:
    if entry.name in READ_IN_THE_BACKGROUND:
        return "read in the background"
    if entry is DEVICE_RULE_CREATE:
        return f"key `{BY_ID['rule.add'].shown}`, read back"
    keys = [action.shown for action in ACTIONS if action.command and action.command.method == entry.name]
    return f"key {' or '.join(f'`{key}`' for key in keys)}, read back" if keys else ""


# Details


def _method(method: Method) -> Iterator[str]:
    yield from ("", f"### {_title(method)}", "", method.summary)
    facts = [
        ("effect", method.effect),
        ("repeat", method.repeat),
        ("evidence", method.evidence),
        ("since", method.since),
        ("needs", "AS Router" if method.router else ""),
    ]
    yield from _facts(facts)
    yield from _parameters(method.params)
    yield from _bullets("Wanted", (rule.words for rule in method.rules))
    yield from _values("Returns", method.returns)
    if method.faults:
        yield from ("", "Documented faults:", "")
        yield from _table("code | meaning", ((str(code), text) for code, text in method.faults.items()))
    if method.assumed:
        yield from ("", "Assumed faults: " + ", ".join(map(str, sorted(method.assumed))) + ".")


def _call(call: Call) -> Iterator[str]:
    yield from ("", f"### {call.name}", "", call.summary)
    facts = [
        ("effect", _effect(call)),
        ("repeat", call.repeat),
        ("evidence", call.evidence),
        ("since", call.since),
        ("older name", f"`{call.old_name}`" if call.old_name else ""),
        ("needs", "the caller's password" if call.needs_password else ""),
    ]
    yield from _facts(facts)
    yield from _parameters(call.params)
    yield from _bullets("Wanted", [" or ".join(call.one_of)] if call.one_of else ())
    yield from ("", "Hash: " + _recipes(call) + ".", "", "Success: " + _success(call) + ".")
    yield from _values("Fields beside the rows", call.header)
    yield from _values("Fields of a row" if call.listing else "Returns", call.returns)
    if call.errors:
        yield from ("", "Documented errors:", "")
        yield from _table("text | class", ((f"`{text}`", classify(call, text)) for text in call.errors))


def _recipes(call: Call) -> str:
    if not call.signed:
        return "none"
    recipes = {profile: _recipe(call.recipe(profile)) for profile in Profile}
    usual = _recipe(call.hashed)
    others = [f"{recipe} (profile {profile})" for profile, recipe in recipes.items() if recipe != usual]
    return "; ".join([usual, *others])


def _recipe(names: Sequence[str]) -> str:
    return "SHA-1 of " + " + ".join((*(f"`{name}`" for name in names), "the API secret key"))


def _success(call: Call) -> str:
    words = f"`page/{call.marker}`"
    if any(field.name == call.marker and field.kind is Kind.INTEGER for field in call.returns):
        words += ", a number"
    elif call.texts:
        words += " saying " + " or ".join(f"`{text}`" for text in call.texts)
    if call.record:
        words += f", with a row in each `page/{call.record}`"
    if call.row_start:
        words += f", with a row from each `{call.row_start}` to the next"
    empty = [f"the error `{text}`" for text in call.empty] + ["an empty page"] * call.empty_page
    return words + (f"; {' or '.join(empty)} is an empty list" if empty else "")


def _parameters(fields: Sequence[Field]) -> Iterator[str]:
    if not fields:
        yield from ("", "No parameters.")
        return
    yield from ("", "| parameter | needed | type and range | default | meaning |", "|---|---|---|---|---|")
    for field, name in _unfolded(fields):
        needed = "yes" if field.required else f"not beside `{field.excludes}`" if field.excludes else ""
        yield _row((f"`{name}`", needed, _type(field), field.default, field.meaning))


def _values(title: str, fields: Sequence[Field]) -> Iterator[str]:
    if fields:
        names = (f"`{name}` ({_short_type(field)})" for field, name in _unfolded(fields))
        yield from ("", f"{title}: " + ", ".join(names) + ".")


def _unfolded(fields: Sequence[Field], place: str = "") -> Iterator[tuple[Field, str]]:
    """Return each field with its path on the wire, and after a record the fields in it."""
    for field in fields:
        name = place + (f"{field.container}/" if field.container else "") + field.name
        yield field, name
        yield from _unfolded(field.fields, f"{name}/")


def _type(field: Field) -> str:
    match field.kind:
        case Kind.SECRET:
            words = f"secret {field.wanted}"
        case Kind.RECORD:
            words = "the fields below"
        case Kind.ENTRY:
            words = "one of the fields below"
        case _:
            words = field.wanted
    most = f", at most {field.most}" if field.most else ""
    return f"several{most}, each {words}" if field.repeated else words


def _short_type(field: Field) -> str:
    return ("several, each " if field.repeated else "") + field.kind


# Words and tables


def _title(method: Method) -> str:
    return f"{method.name} ({_interfaces(method)})"


def _interfaces(method: Method) -> str:
    return ", ".join(method.interfaces)


def _effect(call: Call) -> str:
    return "destructive" if call.destructive else "changes" if call.mutating else "read"


def _link(text: str, heading: str) -> str:
    kept = "".join(char for char in heading.lower() if char.isalnum() or char in " _-")
    return f"[{text}](#{kept.replace(' ', '-')})"


def _yes(holds: bool) -> str:
    return "yes" if holds else "**no**"


def _facts(facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from ("", "; ".join(f"{name}: {value}" for name, value in facts if value) + ".")


def _bullets(title: str, words: Iterable[str]) -> Iterator[str]:
    for one in words:
        yield from ("", f"{title}: {one}.")


def _table(head: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    names = head.split(" | ")
    yield _row(names)
    yield "|" + "---|" * len(names)
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
