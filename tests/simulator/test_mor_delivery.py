"""How an answer travels: deliveries, error places, where parameters may stand."""

import gzip
from typing import Any

import pytest

from console.simulator.mor_api import FORM, PREFIX, MorApi
from console.simulator.softswitch import Softswitch
from console.simulator.wire import Received, Reply

from .phones import KEY, ask, error, phones, signed

QUERY = f"u=admin&user_id=100&hash={signed(KEY, '100')}"
PAGE = ask(phones(), "devices_get", QUERY).body
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def delivered(call: str = "devices_get", accept_encoding: str = "", **switches: Any) -> Reply:
    return ask(phones(**switches), call, QUERY, accept_encoding=accept_encoding)


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("", False),
        ("identity", False),
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, deflate", False),
    ],
)
def test_devices_get_is_gzipped_for_clients_that_decode_it(accepted: str, packed: bool) -> None:
    reply = delivered(accept_encoding=accepted)
    assert (reply.headers.get("Content-Encoding") == "gzip") == packed
    assert (gzip.decompress(reply.body) if packed else reply.body) == PAGE


def test_other_calls_are_not_gzipped_unless_all_are() -> None:
    assert not delivered("device_rules_get", "gzip").headers
    assert delivered("device_rules_get", delivery="gzip").headers == {"Content-Encoding": "gzip"}


def test_forced_deliveries() -> None:
    assert delivered(accept_encoding="gzip", delivery="plain").body == PAGE
    raw = delivered(delivery="raw-gzip")
    assert not raw.headers
    assert gzip.decompress(raw.body) == PAGE
    attachment = delivered(delivery="attachment")
    assert attachment.headers["Content-Disposition"].startswith("attachment")
    assert (attachment.content_type, attachment.body) == ("text/xml", PAGE)
    html = delivered(delivery="html")
    assert html.content_type == "text/html"
    assert html.body == b"<html>\n<head></head>\n<body>\n" + PAGE + b"\n</body>\n</html>"


def test_the_declaration_is_a_switch() -> None:
    assert delivered(declaration=True).body == DECLARATION + PAGE
    assert gzip.decompress(delivered(declaration=True, delivery="raw-gzip").body) == DECLARATION + PAGE


@pytest.mark.parametrize(
    ("place", "page"),
    [
        ("page/error", error("Incorrect hash")),
        ("page/status/error", "<page> <status> <error>Incorrect hash</error> </status> </page>"),
        ("status/error", "<status> <error>Incorrect hash</error> </status>"),
    ],
)
def test_the_place_of_the_error_is_a_switch(place: str, page: str) -> None:
    assert ask(phones(error_place=place), "users_get", "u=admin").body.decode() == page


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (QUERY, ""),
        ("", QUERY),
        ("u=admin&user_id=100", f"hash={signed(KEY, '100')}"),
        ("u=nobody&user_id=9", QUERY),
        ("user_id=9&" + QUERY, ""),
        ("", QUERY.replace("admin", "%61dmin")),
    ],
)
def test_parameters_come_from_query_and_form_and_the_form_wins(query: str, body: str) -> None:
    assert ask(phones(), "devices_get", query, body, content_type=f"{FORM}; charset=UTF-8").body == PAGE


def test_get_reads_the_query_when_it_is_allowed() -> None:
    assert ask(phones(get_allowed=True), "devices_get", QUERY, verb="GET").body == PAGE
    assert ask(phones(get_allowed=True), "devices_get", "", QUERY, verb="GET").body != PAGE


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("POST", "/billing", 404),
        ("POST", "/api/devices_get", 404),
        ("PUT", PREFIX, 405),
        ("HEAD", PREFIX, 405),
    ],
)
def test_mistakes_on_the_transport_level(verb: str, path: str, status: int) -> None:
    assert answered(phones(), verb=verb, path=path).status == status


def answered(world: Softswitch, **received: str) -> Reply:
    return MorApi(world).read(Received(**received)).answer()  # type: ignore[arg-type]
