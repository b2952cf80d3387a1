"""Compressed replies: unpacked within a limit, or refused."""

import gzip
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.documents import DocumentError, inflate

PLAIN = b"<page><devices/></page>" * 50
GZIP = gzip.compress(PLAIN, mtime=0)


@pytest.mark.parametrize("packed", [GZIP, zlib.compress(PLAIN)], ids=["gzip", "zlib"])
def test_whole_data_is_unpacked(packed: bytes) -> None:
    assert inflate(packed, len(PLAIN)) == PLAIN


def test_data_over_the_limit_is_refused() -> None:
    with pytest.raises(DocumentError, match=f"unpacks to more than {len(PLAIN) - 1} bytes"):
        inflate(GZIP, len(PLAIN) - 1)


@pytest.mark.parametrize("cut", range(len(GZIP)))
def test_data_cut_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(DocumentError, match=r"the compressed reply is (cut short|damaged)"):
        inflate(GZIP[:cut], 10_000)


@pytest.mark.parametrize("more", [b"\0", b"x", GZIP, b"<page/>"], ids=["null", "byte", "member", "page"])
def test_data_with_something_behind_is_refused(more: bytes) -> None:
    with pytest.raises(DocumentError, match="followed by something else"):
        inflate(GZIP + more, 10_000)


@pytest.mark.parametrize("place", [0, 3, 20, len(GZIP) - 8, len(GZIP) - 1])
def test_damaged_data_is_refused(place: int) -> None:
    damaged = bytearray(GZIP)
    damaged[place] ^= 0xFF
    with pytest.raises(DocumentError):
        inflate(bytes(damaged), 10_000)


def test_a_bomb_costs_no_more_than_the_limit() -> None:
    limit = 256 * 1024
    bomb = gzip.compress(bytes(64 * 1024 * 1024), 1)
    tracemalloc.start()
    try:
        with pytest.raises(DocumentError, match="unpacks to more than 262144 bytes"):
            inflate(bomb, limit)
        assert tracemalloc.get_traced_memory()[1] < 4 * limit
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=200))
def test_any_bytes_are_data_or_an_error(data: bytes) -> None:
    for start in (b"", GZIP[:10], GZIP[:40]):
        with suppress(DocumentError):
            assert isinstance(inflate(start + data, 1000), bytes)
