"""What people may see of MOR requests and replies: everything but the secrets, wherever they turn up."""

import gzip
from collections.abc import Callable
from urllib.parse import parse_qs, quote_plus
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.valid import valid

from console.fields import Kind
from console.mor.calls import CALLS, Call
from console.mor.wire import Caller, checked, encode, shown_reply, shown_request, shown_words
from console.secret import Secret
from console.tap import KEPT_BYTES, Body

from .mor_deliveries import DELIVERIES

CANARY = "c4nary"
KEY, PASSWORD = "k3y&<own>", "p4ss word"
CALLER = Caller(user="admin", secret=Secret(KEY), password=Secret(PASSWORD))
SIGNATURE = "da39a3ee5e6b4b0d3255bfef95601890afd80709"


def shown(reply: str) -> str:
    return shown_reply(reply.encode(), CALLER).text.decode()


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_request_is_shown_as_it_is_sent_but_for_its_secrets(call: Call) -> None:
    secrets = [field.name for field in call.params if field.kind is Kind.SECRET]
    arguments = checked(call, valid(call), CALLER)
    assert set(secrets) <= set(arguments)
    body = shown_request(call, arguments, CALLER)
    hidden = {*secrets, "p", *(["hash"] if call.signed else [])}
    sent = parse_qs(encode(call, arguments, CALLER).decode(), keep_blank_values=True)
    assert parse_qs(body.decode(), keep_blank_values=True) == {
        name: ["***"] if name in hidden else value for name, value in sent.items()
    }


AS_IT_IS = [
    "<page><devices><device><device_id>5</device_id><port>5060</port></device></devices></page>",
    "<page>\r\n <status>Device was deleted</status>\n</page>",
    "<page><pinned>yes</pinned><spinning>1</spinning></page>",
    "<page><secret/><pin /></page>",
    "<page note='a > b'>if a=b and c: d</page>",
    "not a document at all \xe9 <",
    "",
]

HIDDEN = [
    ("<secret>x</secret>", "<secret>***</secret>"),
    ("<secret></secret>", "<secret>***</secret>"),
    ("<SECRET>x</SECRET>", "<SECRET>***</SECRET>"),
    ("<Api_Key>x</Api_Key><a>1</a>", "<Api_Key>***</Api_Key><a>1</a>"),
    ("<m:pin xmlns:m='urn:x'>x</m:pin>", "<m:pin ***>***</m:pin>"),
    ("<pin>12</pin><id>5</id><pin>34</pin>", "<pin>***</pin><id>5</id><pin>***</pin>"),
    ("<secret><b>x</b><c/></secret >", "<secret>***</secret >"),
    ("<secret>a<secret>b</secret>c</secret>d", "<secret>***</secret>d"),
    ("<secret>a<secret_note>b</secret_note>c</secret>d", "<secret>***</secret>d"),
    ("<secret>a<secret/>b</secret>c", "<secret>***</secret>c"),
    ("<secret><!-- </secret> -->x</secret>d", "<secret>***</secret>d"),
    ("<secret><![CDATA[</secret>]]>x</secret>d", "<secret>***</secret>d"),
    ("<secret><a b='</secret>'/>x</secret>d", "<secret>***</secret>d"),
    ("<!-- <secret>x</secret> -->", "<!-- <secret>***</secret> -->"),
    ("<secret value='x'/><a>1</a>", "<secret ***><a>1</a>"),
    ("<secret a='>'>x</secret>d", "<secret ***>***</secret>d"),
    ("<device pin='x' id='5' password=\"y\"/>", "<device pin='***' id='5' password=\"***\"/>"),
    ("<device note='secret' pin=x />", "<device note='secret' pin=*** />"),
    ("<secret>x<a>1</a>", "<secret>***"),
    ("<secret>x</Secret>y", "<secret>***"),
    ("<secret x", "<secret***"),
    ("<device pin='x", "<device pin='***"),
    ("user=1&password=x&hash=y&id=5", "user=1&password=***&hash=***&id=5"),
    ('{"p"=>"z", "uniquehash"=>"x", "id"=>"5"}', '{"p"=>"z", "uniquehash"=>"***", "id"=>"5"}'),
    ('{"token": "x", "id": 5}', '{"token": "***", "id": 5}'),
    (f"<a>{SIGNATURE}</a>", "<a>***</a>"),
    (f"<a>{SIGNATURE}0</a>", f"<a>{SIGNATURE}0</a>"),
    (f"<error>no {KEY}</error>", "<error>no ***</error>"),
    (f"<error>no {escape(KEY)}</error>", "<error>no ***</error>"),
    (f"key {quote_plus(KEY)}, {PASSWORD}, {quote_plus(PASSWORD)}.", "key ***, ***, ***."),
    (f"<secret>x{KEY}</secret>{KEY}", "<secret>***</secret>***"),
]


@pytest.mark.parametrize("reply", AS_IT_IS)
def test_what_is_no_secret_is_shown_as_it_came(reply: str) -> None:
    assert shown(reply) == reply


@pytest.mark.parametrize(("reply", "visible"), HIDDEN)
def test_a_secret_is_hidden_and_nothing_else(reply: str, visible: str) -> None:
    assert shown(reply) == visible


@pytest.mark.parametrize("delivery", DELIVERIES.values(), ids=DELIVERIES)
def test_it_does_not_matter_how_it_is_packed(delivery: Callable[[bytes], bytes]) -> None:
    page = b"<page><username>gate</username><secret>c4nary</secret></page>"
    text = shown_reply(delivery(page), CALLER).text
    assert b"<page><username>gate</username><secret>***</secret></page>" in text


@pytest.mark.parametrize(
    ("reply", "visible"),
    [
        ("<secret>c4nary</secret>".encode("utf-16"), b"(not text: 48 bytes)"),
        (b"\x1f\x8b\x08garbage", b"(damaged gzip)"),
        (gzip.compress(b"<pin>12</pin>")[:-4], b"<pin>***</pin>"),
    ],
    ids=["in another encoding", "damaged", "cut"],
)
def test_what_cannot_be_searched_is_not_shown(reply: bytes, visible: bytes) -> None:
    assert shown_reply(reply, CALLER) == Body(visible)


def test_words_of_the_server_do_not_repeat_our_secrets() -> None:
    assert shown_words(f"wrong key {KEY}: {SIGNATURE}, ü", CALLER) == "wrong key ***: ***, ü"
    assert shown_words("pin=4711 is taken", CALLER) == "pin=4711 is taken"


def test_without_a_password_nothing_is_taken_for_one() -> None:
    assert shown_reply(b"a b", Caller("admin", Secret("k"))) == Body(b"a b")


@pytest.mark.parametrize("size", [KEPT_BYTES - 1, KEPT_BYTES, KEPT_BYTES + 1, 5 * KEPT_BYTES])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_large_reply_is_cut_and_says_so(size: int, pack: Callable[[bytes], bytes]) -> None:
    body = shown_reply(pack(b"x" * size), CALLER)
    assert body == Body(b"x" * min(size, KEPT_BYTES), cut=size > KEPT_BYTES)


@pytest.mark.parametrize("secret", [f"<pin>{CANARY}</pin>", f"<a pin='{CANARY}'/>", KEY, SIGNATURE])
def test_a_secret_at_the_cut_is_hidden_whole(secret: str) -> None:
    for before in range(KEPT_BYTES - len(secret), KEPT_BYTES + 1):
        body = shown_reply(b"." * before + secret.encode() + b"." * KEPT_BYTES, CALLER)
        assert body.cut
        seen = body.text.strip(b".").decode()
        assert seen in secret.replace(CANARY, "***") or seen in ("***", "***</pin>")
        assert CANARY[:2] not in seen
        assert KEY[:2] not in seen or secret is not KEY


# Whatever stands around a secret, and however broken it is

SENSITIVE = (
    "secret",
    "SECRET",
    "password",
    "device_password",
    "pwd",
    "pin",
    "user-pin",
    "uniquehash",
    "token",
)
BROKEN = (
    "<",
    ">",
    "'",
    '"',
    "=",
    "&",
    " ",
    "\n",
    "/",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "</x>",
    "<x y='",
    "é",
)

scraps = st.lists(st.sampled_from((*BROKEN, "x", "abc ", "<b>1</b>")), max_size=12).map("".join)
names = st.sampled_from(SENSITIVE)


def element(name: str, before: str, after: str) -> str:
    return f"<{name}>{before}{CANARY}{after}</{name}>"


def with_attributes(name: str, before: str, after: str) -> str:
    inside = before.replace(">", "").rstrip("/")  # a tag that closes itself holds nothing
    return f"<{name} type='{CANARY}' {inside}>{CANARY}</{name}{after}>"


def nested(name: str, before: str, after: str) -> str:
    return f"<{name}><a>{before}</a><{name}>{CANARY}</{name}>{CANARY}{after}</{name}>"


def attribute(name: str, before: str, after: str) -> str:
    return f'<a id="5" {name}="{CANARY}" {after}/>{before}'


def echo(name: str, before: str, after: str) -> str:
    return f"?{name}={CANARY}&id=5{after} {before}"


def own(_name: str, before: str, after: str) -> str:
    return f"{before}{KEY}{after}{escape(KEY)}{PASSWORD}"


planted = st.builds(
    lambda plant, name, before, after: plant(name, before, after),
    st.sampled_from([element, with_attributes, nested, attribute, echo, own]),
    names,
    scraps,
    scraps,
)


@given(
    st.lists(st.tuples(scraps, planted), min_size=1, max_size=4),
    st.integers(0, 80),
    st.sampled_from(list(DELIVERIES.values())),
    st.booleans(),
)
def test_no_secret_shows_whatever_is_around_it(
    parts: list[tuple[str, str]], back: int, pack: Callable[[bytes], bytes], at_the_cut: bool
) -> None:
    page = "".join(f"{scrap} {plant}" for scrap, plant in parts).encode()
    if at_the_cut:
        page = b"." * (KEPT_BYTES - back) + page
    text = shown_reply(pack(page), CALLER).text
    for secret in (CANARY, KEY, PASSWORD, escape(KEY)):
        assert secret[:3].encode() not in text
    assert len(text) <= KEPT_BYTES + 3 * text.count(b"***")


@given(
    st.binary(max_size=300)
    | st.text(st.sampled_from("<>/ =\"'secret!-[]CDATA:"), max_size=60).map(str.encode)
)
def test_any_bytes_can_be_shown(body: bytes) -> None:
    assert isinstance(shown_reply(body, CALLER), Body)
