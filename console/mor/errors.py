"""What kind of no an error text of the MOR server is (mor.md section 4).

The texts are all there is: MOR has no codes. They stay verbatim beside their class, and a text
that no page lists is of the class OTHER.
"""

import re
from enum import StrEnum

from console.mor.calls import Call


class ErrorClass(StrEnum):
    """The classes an operator acts on differently."""

    HASH = "hash"
    """Wrong key, or a recipe this server does not use; nothing was done."""
    ACCESS = "access"
    """The caller is not known, or its password is wrong."""
    PERMISSION = "permission"
    """The caller is known and may not do this."""
    DISABLED = "disabled"
    """Switched off on the server."""
    NOT_FOUND = "not found"
    """Missing, or not in the caller's scope: the server does not tell which."""
    EMPTY = "empty"
    """A list without rows."""
    INVALID = "invalid"
    """A value is missing or wrong."""
    TAKEN = "taken"
    """What should be new is already there."""
    IN_USE = "in use"
    """Something else still needs it."""
    FAILED = "failed"
    """The server could not, for a reason it does not class."""
    OTHER = "other"


_PATTERNS: tuple[tuple[ErrorClass, str], ...] = (
    (ErrorClass.HASH, "incorrect hash"),
    (ErrorClass.ACCESS, "access denied|bad login|dont be so smart"),
    (ErrorClass.PERMISSION, "you are not authori[sz]ed to (use this functionality|view this page)"),
    (ErrorClass.DISABLED, "(api|get) requests are disabled|registration over api is disabled"),
    (
        ErrorClass.NOT_FOUND,
        "user not found|cli not found|(user|device|device rule|location|ivr|cli) was not found",
    ),
    (
        ErrorClass.INVALID,
        "(user_id|cli) is empty|(name|cut|add|both add and cut) cannot be blank"
        "|device_(type|group)_invalid|pin_must_be_numeric"
        "|cli must be numeric|(cli number|device id) cannot be empty|password must .+",
    ),
    (ErrorClass.TAKEN, "pin_is_already_used|cli already exists.*"),
    (
        ErrorClass.IN_USE,
        "cannot delete device - it (has calls|is assigned to queue).*"
        "|device has (forwarded calls|dial plans) - we cannot delete it"
        "|unable to delete this device - it is used in .+"
        "|one or more location rules are using this device",
    ),
    (ErrorClass.FAILED, "add failed|device was not created.*"),
)
_CLASSES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)


def classify(call: Call, text: str) -> ErrorClass:
    """Return the class of an error text; OTHER for one that no page lists.

    A text that any page lists is known for every call, because the pages' own lists are old and
    incomplete; but what means an empty list means that only for the call that says so.
    """
    words = " ".join(text.split())
    if words in call.empty:
        return ErrorClass.EMPTY
    return next((kind for kind, pattern in _CLASSES if pattern.fullmatch(words)), ErrorClass.OTHER)
