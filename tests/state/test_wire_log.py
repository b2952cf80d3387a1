"""The calls that are kept: commands and reads apart, newest first, and what the server seems not to know."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.outcome import Outcome
from console.state.wire_log import KEPT, WireLog
from console.tap import Body, Exchange, Request

ACCEPTED, REFUSED, NOT_SENT, UNKNOWN = Outcome.ACCEPTED, Outcome.REFUSED, Outcome.NOT_SENT, Outcome.UNKNOWN


def exchange(method: str = "openport", *, command: bool = True, body: bytes = b"", **more: Any) -> Exchange:
    request = Request(
        system="autostore",
        method=method,
        command=command,
        target="port 4",
        url="http://10.0.0.5:44000/api/v2/task",
        content_type="application/xml",
        body=Body(body),
    )
    values = {"at_utc": datetime(2026, 3, 5, tzinfo=UTC), "latency": 0.01, "outcome": ACCEPTED, **more}
    return Exchange(request=request, **values)


def read(method: str = "getportstatus", **more: Any) -> Exchange:
    return exchange(method, command=False, **more)


def not_known(method: str) -> Exchange:
    return exchange(method, outcome=UNKNOWN, unsupported=True)


def test_the_newest_comes_first_and_each_has_its_number() -> None:
    log = WireLog()
    calls = [exchange("openport"), read("getportstatus"), exchange("closeport")]
    for one in calls:
        log.note(one)
    assert [(number, one) for number, one in log] == [(3, calls[2]), (2, calls[1]), (1, calls[0])]
    assert log.count == 3


def test_reads_never_push_out_a_command() -> None:
    log = WireLog()
    command = exchange()
    log.note(command)
    for _ in range(3 * KEPT):
        log.note(read())
    kept = [one for _, one in log]
    assert kept[-1] is command
    assert len(kept) == KEPT + 1
    assert log.count == 3 * KEPT + 1


@given(st.lists(st.booleans(), max_size=40))
def test_the_last_of_each_kind_are_kept_in_order(kinds: list[bool]) -> None:
    log = WireLog(kept=5)
    for command in kinds:
        log.note(exchange(command=command))
    numbers: dict[bool, list[int]] = {True: [], False: []}
    for number, command in enumerate(kinds, 1):
        numbers[command].append(number)
    assert [number for number, _ in log] == sorted((*numbers[True][-5:], *numbers[False][-5:]), reverse=True)
    assert log.count == len(kinds)


def test_the_exchange_of_one_request_is_found_among_others_of_that_name() -> None:
    log = WireLog()
    mine, others = read(body=b"port 4"), read(body=b"port 5")
    log.note(mine)
    before = log.count
    assert log.made_since(before, mine.request) is None, "that was an earlier call"
    again = replace(mine, latency=0.5)
    for one in (others, again, others):
        log.note(one)
    assert log.made_since(before, mine.request) is again
    assert log.made_since(0, others.request) is others
    assert log.made_since(0, read(body=b"port 6").request) is None


def test_a_command_is_found_though_its_id_was_put_into_it() -> None:
    log = WireLog()
    asked = exchange("device_create", body=b"description=dock").request
    made = exchange("device_create", body=b"description=dock+%5Bid%5D")
    for one in (made, exchange("cli_add"), replace(made, request=replace(made.request, target="user 7"))):
        log.note(one)
    assert log.made_since(0, asked) is made


@pytest.mark.parametrize(
    ("outcomes", "hidden"),
    [
        ([], False),
        (["not known"], True),
        (["not known", "not known"], True),
        ([ACCEPTED, "not known"], False),
        (["not known", ACCEPTED], False),
        (["not known", REFUSED], False),
        (["not known", UNKNOWN, NOT_SENT], True),
        (["not known", ACCEPTED, "not known"], False),
        ([UNKNOWN], False),
        ([NOT_SENT], False),
    ],
)
def test_a_call_is_not_known_until_the_server_answers_it_better(
    outcomes: list[Outcome | str], hidden: bool
) -> None:
    log = WireLog()
    for outcome in outcomes:
        known = isinstance(outcome, Outcome)
        log.note(exchange(outcome=outcome) if known else not_known("openport"))
        log.note(exchange("closeport"))
    assert log.not_known == ({"openport"} if hidden else set())
