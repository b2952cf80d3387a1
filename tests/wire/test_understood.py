"""What an answer means: the status and the body together, by the whitelist of operations-safety rule 3."""

import pytest

from console.documents import DocumentError
from console.exchange import Answer, understood
from console.outcome import Outcome, Refused, Unknown, Unsupported

SUCCESS, REFUSAL, NONSENSE = b"success", b"refusal", b"nonsense"


def read(body: bytes) -> str:
    """Read a body as a client does."""
    if body == REFUSAL:
        raise Refused("openport", "already open", 1002)
    if body != SUCCESS:
        raise DocumentError("the reply is broken")
    return "done"


def answer(status: int, body: bytes) -> Answer:
    return Answer(status=status, content_type="text/xml", body=body, latency=0.1)


NOTHING = "openport: the server answered HTTP {}"
BROKEN = "openport: the reply is broken"
BROKEN_TOO = "openport: HTTP {}, the reply is broken"

MEANINGS = [
    # statuses, then what a success, a refusal and anything else mean with each of them
    ((200, 201, 202, 204, 299), "done", Refused, (Unknown, BROKEN)),
    ((100, 199, 300, 301, 302, 304, 307, 500, 502, 503, 599), *[(Unknown, NOTHING)] * 3),
    ((400, 404, 405), (Unknown, NOTHING), Refused, (Unsupported, NOTHING)),
    ((401, 403, 406, 409, 410, 422, 429, 499), (Unknown, NOTHING), Refused, (Unknown, BROKEN_TOO)),
]

TABLE = [
    (status, body, meaning)
    for statuses, *meanings in MEANINGS
    for status in statuses
    for body, meaning in zip((SUCCESS, REFUSAL, NONSENSE), meanings, strict=True)
]


@pytest.mark.parametrize(("status", "body", "meaning"), TABLE)
async def test_status_and_body(status: int, body: bytes, meaning: object) -> None:
    match meaning:
        case str():
            assert await understood("openport", answer(status, body), read) == meaning
        case (kind, words):
            with pytest.raises(Unknown) as raised:
                await understood("openport", answer(status, body), read)
            assert type(raised.value) is kind
            assert raised.value.reason == words.format(status)
        case _:
            with pytest.raises(Refused) as refused:
                await understood("openport", answer(status, body), read)
            assert refused.value.code == 1002


def test_a_call_that_is_not_supported_is_unknown_all_the_same() -> None:
    assert Unsupported("no").outcome is Outcome.UNKNOWN


async def test_an_empty_answer_is_none() -> None:
    with pytest.raises(Unknown):
        await understood("openport", answer(200, b""), read)


async def test_a_large_answer_is_read_all_the_same() -> None:
    async def told(body: bytes) -> int:
        return await understood("openport", answer(200, body), len)

    assert await told(b"x" * 1_000_000) == 1_000_000
    with pytest.raises(Unknown, match="broken"):
        await understood("openport", answer(200, b"x" * 1_000_000), read)
