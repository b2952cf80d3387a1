"""The head of the chain: the newest record's number and hash, as it is kept elsewhere."""

import re
from typing import Self

from msgspec import Struct

_HEAD = re.compile(r"([1-9][0-9]{0,14}):([0-9a-f]{64})", re.ASCII)


class Head(Struct, frozen=True):
    """Number and SHA-256 of a record that was the newest, written `SEQ:HASH`."""

    seq: int
    digest: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.digest}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the head that a text names.

        Raises:
            ValueError: it names none.
        """
        found = _HEAD.fullmatch(text)
        if found is None:
            raise ValueError("wanted SEQ:HASH, a record's number and its 64 hexadecimal digits")
        return cls(int(found[1]), found[2])
