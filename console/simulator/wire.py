"""What a face is given and what it answers: one HTTP request and one HTTP reply, free of any server."""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct


class Received(Struct, frozen=True, kw_only=True):
    """One HTTP request, as far as the faces look at it."""

    verb: str
    path: str
    query: str = ""
    content_type: str = ""
    accept_encoding: str = ""
    body: bytes = b""


class Reply(Struct, frozen=True, kw_only=True):
    """One HTTP reply; `headers` come on top of type and length."""

    body: bytes
    status: int = 200
    content_type: str = "text/plain"
    headers: Mapping[str, str] = {}


class Asked(Protocol):
    """One request as a face has read it, not yet carried out. Nothing here ever raises."""

    @property
    def method(self) -> str:
        """The method or call it names; empty when none could be read."""

    @property
    def port(self) -> int | None:
        """The port it is about, if it is about one."""

    def answer(self) -> Reply:
        """Carry it out."""

    def refuse(self, code: int, text: str) -> Reply:
        """Answer with that fault (AutoStore) or error text (MOR) instead of carrying it out."""


class Face(Protocol):
    """A simulated system on the wire."""

    def read(self, received: Received) -> Asked:
        """Read a request, whatever its bytes are, without carrying it out."""
