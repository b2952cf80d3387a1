"""Anything into the signer and the decoders: a typed value or a typed error, never another exception."""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st

from console.documents import DocumentError
from console.fields import Field, Invalid, Kind
from console.mor import rows
from console.mor.calls import CALLS, Call, Profile
from console.mor.wire import Caller, ServerError, checked, decode, decode_rows, encode
from console.secret import Secret
from console.text import is_clean

from .mor_deliveries import DELIVERIES
from .mor_facts import DOCUMENTED

SUCCESSES = {facts.name: facts.success for facts in DOCUMENTED}
GIVEN = {facts.name: facts.given for facts in DOCUMENTED}
CANARY = "c4nary"


def values_for(field: Field) -> st.SearchStrategy[object]:
    """Return values of every kind, often ones that are nearly right."""
    near = [*field.choices, field.low, field.high, field.low - 1, field.high + 1, "1", "0042", "", " "]
    return st.sampled_from(near) | st.text(max_size=20) | st.integers() | st.none() | st.booleans()


@st.composite
def asked(draw: st.DrawFn) -> tuple[Call, dict[str, object]]:
    call = draw(st.sampled_from(CALLS))
    given: dict[str, object] = dict(GIVEN[call.name])
    for field in draw(st.lists(st.sampled_from(call.params), unique=True)) if call.params else []:
        given[field.name] = draw(values_for(field))
    return call, given


@given(asked(), st.sampled_from(Profile), st.text(max_size=12), st.none() | st.text(max_size=12))
def test_any_values_are_signed_as_they_arrive_or_refused(
    call_and_given: tuple[Call, dict[str, object]], profile: Profile, key: str, password: str | None
) -> None:
    call, given = call_and_given
    try:
        caller = Caller("admin", Secret(key), None if password is None else Secret(password), profile)
        arguments = checked(call, given, caller)
    except Invalid as invalid:
        assert is_clean(str(invalid))
        return
    body = encode(call, arguments, caller).decode("ascii")
    arrived = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
    values = {name: plain(value) for name, value in arguments.items()}
    assert values == {name: arrived[name] for name in values}
    assert set(arrived) - set(values) - {"u", "p", "hash"} == set()
    if call.signed:
        hashed = "".join(arrived.get(name, "") for name in call.recipe(profile))
        assert arrived["hash"] == hashlib.sha1((hashed + key).encode()).hexdigest()


def plain(value: Any) -> str:
    return value.reveal() if isinstance(value, Secret) else str(value)


TAGS = sorted(
    {
        *("page", "status", "success", "error", "Error", "message", "html", "codecs"),
        *(part for call in CALLS for path in (call.marker, call.record) if path for part in path.split("/")),
        *(field.name for call in CALLS for field in (*call.returns, *call.header)),
    }
)
WORDS = st.sampled_from(
    ["", " ", "1", "0", "-1", "2147483648", "yes", "SIP/101", "CLI successfully created", "é", "\x7f", "]]>"]
)


def element(tag: str, inside: list[str]) -> str:
    return f"<{tag}>{''.join(inside)}</{tag}>"


SECRETS = st.sampled_from(["secret", "pin", "password", "uniquehash"]).map(
    lambda tag: f"<{tag}>{CANARY}</{tag}>"
)
TREES = st.recursive(
    WORDS.map(escape) | SECRETS,
    lambda inside: st.builds(element, st.sampled_from(TAGS), st.lists(inside, max_size=5)),
    max_leaves=25,
)


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """Return a success with anything within and behind it, in any packing."""
    pieces = draw(st.sampled_from([*SUCCESSES.values()])).split("><")
    pieces.insert(draw(st.integers(1, len(pieces))), draw(TREES).removeprefix("<").removesuffix(">"))
    page = f"<page>{'><'.join(pieces)}</page>" if len(pieces) > 2 else f"<page>{draw(TREES)}</page>"
    return draw(st.sampled_from([*DELIVERIES.values()]))(page.encode())


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a page of which some bytes are others."""
    page = draw(pages())
    for position in draw(st.lists(st.integers(0, len(page) - 1), min_size=1, max_size=3)):
        page = page[:position] + draw(st.binary(max_size=3)) + page[position + 1 :]
    return page


def typed(call: Call) -> Callable[[bytes], object]:
    """Return how the client reads that call, of those it reads into types."""
    readers: Mapping[str, Callable[[Mapping[str, str]], object]] = {
        "devices_get": partial(rows.device, 100),
        "device_rules_get": partial(rows.rule, 2),
        "device_clis_get": rows.cli,
        "cli_info_get": rows.cli_owner,
        "users_get": rows.user,
    }
    if call.name in readers:
        return lambda body: decode_rows(call, body, readers[call.name])
    match call.name:
        case "device_details_get":
            return lambda body: rows.details(5, decode(call, body))
        case "device_callflow_get":
            return lambda body: rows.callflow(2, decode(call, body))
        case "system_version_get":
            return lambda body: rows.version(decode(call, body))
        case _:
            return lambda body: decode(call, body)


def read_by_all(body: bytes) -> list[object]:
    """Return what all calls make of a body that they do not refuse."""
    replies: list[object] = []
    for call in CALLS:
        for read in (partial(decode, call), typed(call)):
            try:
                replies.append(read(body))
            except ServerError as error:
                assert error.text
                assert is_clean(str(error))
            except DocumentError as error:
                assert CANARY not in str(error)
    return replies


@given(pages())
def test_any_page_is_read_or_refused_and_nothing_secret_shows(body: bytes) -> None:
    assert CANARY not in repr(read_by_all(body))


@given(damaged() | st.binary(max_size=200) | st.binary(max_size=100).map(gzip.compress))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    read_by_all(body)


@given(TREES.filter(lambda tree: "rror" not in tree))
def test_no_tree_without_its_element_is_a_success(tree: str) -> None:
    for call in CALLS:
        if call.mutating and f"<{call.marker.rpartition('/')[2]}>" not in tree:
            try:
                reply = decode(call, f"<page>{tree}</page>".encode())
            except DocumentError:
                continue
            raise AssertionError(f"{call.name} took {reply} for a success")


def test_secrets_are_of_the_kinds_that_are_hidden() -> None:
    fields = (field for call in CALLS for field in (*call.params, *call.returns) if field.kind is Kind.SECRET)
    assert {field.name for field in fields} == {"secret", "pin", "password", "uniquehash"}
