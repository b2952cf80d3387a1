"""What can be said about one call to a server (operations-safety rule 3).

A call that returns was accepted. Every other ending is one of the exceptions below, and
each says what is known about whether the server acted.
"""

from enum import StrEnum

from console.text import SafeText, safe


class Outcome(StrEnum):
    """The four classes of rule 3; anything not proven to be one of the others is UNKNOWN."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


class CallFailed(Exception):
    """A call that was not accepted; `outcome` says which class it is."""

    outcome: Outcome

    def __init__(self, reason: str) -> None:
        self.reason: SafeText = safe(reason)
        super().__init__(self.reason)


class Refused(CallFailed):
    """The server said no, in the form its protocol documents.

    `code` is the fault code (AutoStore) or None (MOR, which only has texts). `meaning` is what
    the code or text means for this method; for MOR it is the server's text, verbatim but safe.
    """

    outcome = Outcome.REFUSED

    def __init__(self, method: str, meaning: str, code: int | None = None) -> None:
        prefix = f"{method} refused"
        super().__init__(f"{prefix}: {meaning}" if code is None else f"{prefix} ({code}): {meaning}")
        self.method = method
        self.code = code
        self.meaning: SafeText = safe(meaning)


class NotSent(CallFailed):
    """Nothing of the request left this machine: no name, no connection, no TLS, no free slot."""

    outcome = Outcome.NOT_SENT


class Unknown(CallFailed):
    """The request may have been carried out: lost, late, cut, or answered with anything else."""

    outcome = Outcome.UNKNOWN


class Unsupported(Unknown):
    """The server does not seem to know the call (autostore.md 8 #3, #22): UNKNOWN, with that to say of it."""
