"""A good reply turned into a bad one, as a fault rule asks; pure."""

import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random

from msgspec.structs import replace

from console.simulator.faults import FaultRule, Trouble
from console.simulator.wire import Reply

MIB = 1024 * 1024

_HTML = (
    b"<!DOCTYPE html>\n<html><head><title>500</title></head>"
    b"<body><h1>Internal Server Error</h1></body></html>"
)
_DTD = (
    b'<?xml version="1.0"?>\n<!DOCTYPE response [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n'
    b"<response><params>&b;</params></response>"
)


def spoil(reply: Reply, rule: FaultRule, random: Random) -> Reply:
    """Return what goes onto the wire in place of `reply`; kinds that need the socket change nothing."""
    change = _CHANGES.get(rule.kind)
    return reply if change is None else change(reply, rule, random)


def _cut(reply: Reply, _rule: FaultRule, _random: Random) -> Reply:
    return replace(reply, body=reply.body[: len(reply.body) // 2])


def _garbage(reply: Reply, rule: FaultRule, random: Random) -> Reply:
    return replace(reply, body=random.randbytes(rule.size or 512), headers={})


def _html(_reply: Reply, _rule: FaultRule, _random: Random) -> Reply:
    return Reply(body=_HTML, status=500, content_type="text/html")


def _redirect(_reply: Reply, rule: FaultRule, _random: Random) -> Reply:
    return Reply(body=b"", status=rule.status or 302, headers={"Location": rule.text or "/elsewhere"})


def _wrong_type(reply: Reply, rule: FaultRule, _random: Random) -> Reply:
    return replace(reply, content_type=rule.text or "image/png")


def _bad_gzip(reply: Reply, _rule: FaultRule, _random: Random) -> Reply:
    return replace(reply, body=b"\x1f\x8b\x08\x00" + reply.body, headers={"Content-Encoding": "gzip"})


def _gzip_bomb(reply: Reply, rule: FaultRule, _random: Random) -> Reply:
    return replace(reply, body=_bomb(rule.size or 256 * MIB), headers={"Content-Encoding": "gzip"})


@lru_cache(maxsize=2)
def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(level=1, wbits=31)
    blanks = bytes(MIB).replace(b"\0", b" ")
    chunks = [packer.compress(b"<response>")]
    chunks += [packer.compress(blanks) for _ in range(size // MIB)]
    chunks += [packer.compress(b" " * (size % MIB) + b"</response>"), packer.flush()]
    return b"".join(chunks)


def _oversize(reply: Reply, rule: FaultRule, _random: Random) -> Reply:
    tags = b"<a/>" * ((rule.size or 8 * MIB) // 4)
    return replace(reply, body=b"<response><params>" + tags + b"</params></response>", headers={})


def _dtd(reply: Reply, _rule: FaultRule, _random: Random) -> Reply:
    return replace(reply, body=_DTD, headers={})


def _empty(reply: Reply, _rule: FaultRule, _random: Random) -> Reply:
    return replace(reply, body=b"", headers={})


def _server_error(reply: Reply, rule: FaultRule, _random: Random) -> Reply:
    return replace(reply, status=rule.status or 503)


_CHANGES: Mapping[Trouble, Callable[[Reply, FaultRule, Random], Reply]] = {
    Trouble.CUT: _cut,
    Trouble.GARBAGE: _garbage,
    Trouble.HTML: _html,
    Trouble.REDIRECT: _redirect,
    Trouble.WRONG_TYPE: _wrong_type,
    Trouble.BAD_GZIP: _bad_gzip,
    Trouble.GZIP_BOMB: _gzip_bomb,
    Trouble.OVERSIZE: _oversize,
    Trouble.DTD: _dtd,
    Trouble.EMPTY: _empty,
    Trouble.SERVER_ERROR: _server_error,
}
