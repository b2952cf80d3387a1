"""The exit codes every verb keeps to."""

from enum import IntEnum


class Exit(IntEnum):
    """What a script can tell from the code alone."""

    DONE = 0
    OUR_FAULT = 1
    USAGE = 2
    REFUSED = 3
    UNKNOWN = 4
    NOT_SENT = 5
    INCOMPLETE = 6

    @property
    def meaning(self) -> str:
        """The code in words, as the help and the README print it."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "done: confirmed, or a read that succeeded",
    Exit.OUR_FAULT: "a fault of ours",
    Exit.USAGE: "usage or settings wrong; nothing was sent",
    Exit.REFUSED: "refused by the server (its code and text are printed)",
    Exit.UNKNOWN: "outcome unknown (the record's id is printed)",
    Exit.NOT_SENT: "not sent: could not reach the server",
    Exit.INCOMPLETE: "a run that did not reach every target",
}
