"""The durable record of what was planned and commanded, and of what became of it.

SQLite in WAL mode with synchronous=FULL: what `Journal.write` has returned from is on the disk. One
row per record; each carries the SHA-256 of the one before, so that a changed or missing row shows.
Several consoles on one host append to the same file.
"""

from console.operations.journal.entries import FIRST_PREVIOUS, Entry, Record, RecordKind
from console.operations.journal.file import FILE_NAME, JournalError
from console.operations.journal.reading import Query, document, follow, latest, read, unended
from console.operations.journal.writer import Barred, Journal

__all__ = [
    "FILE_NAME",
    "FIRST_PREVIOUS",
    "Barred",
    "Entry",
    "Journal",
    "JournalError",
    "Query",
    "Record",
    "RecordKind",
    "document",
    "follow",
    "latest",
    "read",
    "unended",
]
