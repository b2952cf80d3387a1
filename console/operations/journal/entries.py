"""What a record says, and about what (operations-safety rules 43 and 44)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from console.operations.actor import Actor

FIRST_PREVIOUS = "0" * 64
"""What stands for the hash before the very first record."""


class RecordKind(StrEnum):
    """What a record is about.

    What a site's mode is stands in every record: it cannot change while a console is open. A run
    takes its targets with RUN_START and lets go of them with RUN_END, in the same transaction.

    RETRY, RESUME and UNDO are plans that come from an earlier run. ASKED is what somebody wants of
    a run at another console. GAP says that records before it may be missing, FRESH that the file
    before this one was put aside, RETIRED that older records were moved into a file of their own.
    COMM_LOST and COMM_BACK are about a source, which is their target, as each console saw it. EXPORT
    is a file that somebody took along: records, a report, or a picture of the screen.
    """

    START = "start"
    STOP = "stop"
    PLAN = "plan"
    RETRY = "retry"
    RESUME = "resume"
    UNDO = "undo"
    APPROVAL = "approval"
    RUN_START = "run_start"
    WAVE = "wave"
    PAUSED = "paused"
    CONTINUED = "continued"
    STOPPING = "stopping"
    ASKED = "asked"
    RUN_END = "run_end"
    INTENT = "intent"
    OUTCOME = "outcome"
    SETTLED = "settled"
    NOT_STARTED = "not_started"
    ACK = "ack"
    SHELVE = "shelve"
    EXPORT = "export"
    LOCK = "lock"
    COMM_LOST = "comm_lost"
    COMM_BACK = "comm_back"
    GAP = "gap"
    FRESH = "fresh"
    RETIRED = "retired"


class Entry(Struct, frozen=True, omit_defaults=True):
    """What a writer says; the journal adds when, where, who and the chain.

    `arguments`, `seen` and `detail` must already be free of secrets. `system` names the one that a
    command is for. `outcome` is a class in lower case, such as `accepted` or `not_reached`. `latency`
    is in seconds. Of a run, `run` is its id, `plan` the digest of its plan and `number` the target's
    number in it. `seen` is the state before the command as plain data; `before` the same in words.
    `despite` is why a command was given although the journal could not be written.
    """

    kind: RecordKind
    op: str = ""
    target: str = ""
    action: str = ""
    arguments: Mapping[str, Any] = {}
    before: str = ""
    outcome: str = ""
    code: int | None = None
    reason: str = ""
    latency: float | None = None
    run: str = ""
    plan: str = ""
    number: int = 0
    seen: Any = None
    detail: Mapping[str, Any] = {}
    despite: str = ""
    system: str = ""


class Record(Struct, frozen=True):
    """One row as it stands in the file; `process` names the console that wrote it."""

    seq: int
    previous: str
    utc: datetime
    clock: float
    boot_id: str
    host: str
    version: str
    site: str
    mode: str
    actor: Actor
    entry: Entry
    process: str = ""
