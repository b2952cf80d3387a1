"""MOR calls to form bodies and bodies to replies; pure functions."""

from console.mor.wire.answers import ServerError, decode, decode_rows, limits
from console.mor.wire.requests import CONTENT_TYPE, Caller, checked, encode
from console.mor.wire.shown import shown_reply, shown_request, shown_words

__all__ = [
    "CONTENT_TYPE",
    "Caller",
    "ServerError",
    "checked",
    "decode",
    "decode_rows",
    "encode",
    "limits",
    "shown_reply",
    "shown_request",
    "shown_words",
]
