"""Requests and replies as people may see them: every secret hidden (operations-safety rules 60 and 64).

MOR answers passwords in clear text, and a broken server may echo anything. Replies are therefore
not parsed here but searched as bytes; what cannot be told apart from a secret is hidden with it.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import TypeAlias
from urllib.parse import quote_plus, urlencode
from xml.sax.saxutils import escape

from console.documents import GZIP_MAGIC
from console.fields import Arguments
from console.mor.calls import Call
from console.mor.wire.requests import Caller, params_of
from console.mor.wire.values import SENSITIVE
from console.secret import HIDDEN, Secret
from console.tap import KEPT_BYTES, Body

Span: TypeAlias = tuple[int, int]

_WINDOW = 2 * KEPT_BYTES
"""Bytes of a reply that are searched, so that a secret which begins in what is kept is seen whole."""

_STARS = HIDDEN.encode()
_ATTRIBUTES = rb"""((?:"[^"]*"|'[^']*'|[^<>"'])*+)>"""
_OPENED = re.compile(rb"<([^\s<>/!?][^\s<>/]*+)")
_REST_OF_TAG = re.compile(_ATTRIBUTES)
_INSIDE = re.compile(
    rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)([^\s<>/!?][^\s<>/]*+)" + _ATTRIBUTES, re.DOTALL
)
_NAMED = re.compile(rb"""(?<![\w.-])([\w.-]++)["']?\s*+(?:=>|[:=])\s*+""")
_VALUE = re.compile(rb""""([^"]*)|'([^']*)|([^\s<>"'&,;]+)""")
_SIGNATURE = re.compile(rb"(?<![0-9A-Fa-f])[0-9A-Fa-f]{40}(?![0-9A-Fa-f])")


def shown_request(call: Call, arguments: Arguments, caller: Caller) -> bytes:
    """Return the form body of a checked call with its secrets and its hash hidden."""
    params = params_of(arguments, caller)
    hidden = {name: HIDDEN if isinstance(value, Secret) else value for name, value in params.items()}
    if call.signed:
        hidden["hash"] = HIDDEN
    return urlencode(hidden, safe="*").encode()


def shown_reply(body: bytes, caller: Caller) -> Body:
    """Return what is kept of a reply, unpacked.

    Hidden are what stands in sensitive elements and attributes, values that are given a sensitive
    name in any other way, the caller's own secrets, and whatever looks like a signature.
    """
    text = _unpacked(body)[:_WINDOW]
    if b"\0" in text:  # another encoding, in which no secret would be found
        return Body(f"(not text: {len(body)} bytes)".encode())
    spans = [*_in_elements(text), *_named(text), *_own(text, caller), *_signatures(text)]
    return Body(_blotted(text, spans), cut=len(text) > KEPT_BYTES)


def shown_words(text: str, caller: Caller) -> str:
    """Return an error text without the caller's own secrets, should the server repeat them."""
    raw = text.encode("utf-8", "replace")
    return _blotted(raw, [*_own(raw, caller), *_signatures(raw)]).decode("utf-8", "replace")


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(GZIP_MAGIC):
        return body
    try:
        return zlib.decompressobj(wbits=47).decompress(body, _WINDOW)
    except zlib.error:
        return b"(damaged gzip)"


def _blotted(text: bytes, spans: Iterable[Span]) -> bytes:
    """Return what is kept of `text`, with stars for each span that begins in it."""
    parts: list[bytes] = []
    place = 0
    for start, end in sorted(spans):
        if place <= start < KEPT_BYTES:
            parts += (text[place:start], _STARS)
        place = max(place, end)
    return b"".join((*parts, text[place:KEPT_BYTES]))


def _is_sensitive(name: bytes) -> bool:
    local = name.rpartition(b":")[2].decode("utf-8", "replace")
    return local.lower() == "hash" or SENSITIVE.search(local) is not None


def _in_elements(text: bytes) -> Iterator[Span]:
    """Find what stands in sensitive elements, and in their attributes."""
    place = 0
    while found := _OPENED.search(text, place):
        place = found.end()
        if not _is_sensitive(found[1]):
            continue
        rest = _REST_OF_TAG.match(text, place)
        if rest is None:  # cut short or damaged: all that follows may be secret
            yield place, len(text)
            return
        if rest[1].strip(b"/ \t\r\n"):
            yield place + 1, rest.end(1)
        place = rest.end()
        if not rest[1].endswith(b"/"):
            end = _end_of(found[1], text, place)
            yield place, end
            place = end


def _end_of(name: bytes, text: bytes, place: int) -> int:
    """Return where the element `name` that is open at `place` ends: with the text, if nowhere else."""
    depth = 1
    for tag in _INSIDE.finditer(text, place):
        if tag[2] != name:
            continue
        if tag[1]:
            depth -= 1
        elif not tag[3].endswith(b"/"):
            depth += 1
        if not depth:
            return tag.start()
    return len(text)


def _named(text: bytes) -> Iterator[Span]:
    """Find values of sensitive names: attributes, and echoes of a form or of a program's own notation."""
    place = 0
    for found in _NAMED.finditer(text):
        if found.start() < place or not _is_sensitive(found[1]):
            continue
        if value := _VALUE.match(text, found.end()):
            place = value.end()
            yield value.span(value.lastindex or 0)


def _own(text: bytes, caller: Caller) -> Iterator[Span]:
    """Find the caller's own secrets, as they are and as documents and forms write them."""
    for secret in (caller.secret, caller.password):
        if secret:
            plain = secret.reveal()
            spellings = {plain, escape(plain, {'"': "&quot;"}), quote_plus(plain)}
            found = b"|".join(re.escape(one.encode()) for one in sorted(spellings, key=len, reverse=True))
            yield from (one.span() for one in re.finditer(found, text))


def _signatures(text: bytes) -> Iterator[Span]:
    """Find hashes: whoever has one can make that call again (rule 63)."""
    return (one.span() for one in _SIGNATURE.finditer(text))
