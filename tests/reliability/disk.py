"""A disk under SQLite that fails on demand, and that forgets what was not synced when the power goes.

It stands where SQLite itself stands: in the methods by which its default VFS writes, truncates and
syncs the files of one folder. A wrapped Python connection would only show what the journal asked
SQLite for; this shows what SQLite asked the system for, and what would be left of it. Nothing outside
the folder is touched, and nothing has to be compiled.
"""

import _sqlite3
import ctypes
import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, c_int, c_int64, c_void_p
from pathlib import Path
from random import Random
from typing import Any

SQLITE_OK, SQLITE_FULL = 0, 13
SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, SQLITE_IOERR_TRUNCATE = 10 | 3 << 8, 10 | 4 << 8, 10 | 6 << 8

_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)


class _Methods(ctypes.Structure):
    """sqlite3_io_methods, version 3."""

    _fields_ = [
        ("version", c_int),
        *((name, c_void_p) for name in ("close", "read", "write", "truncate", "sync")),
        *((f"other{number}", c_void_p) for number in range(13)),
    ]


class _File(ctypes.Structure):
    _fields_ = [("methods", POINTER(_Methods))]


class _Vfs(ctypes.Structure):
    """The beginning of sqlite3_vfs."""

    _fields_ = [
        *((name, c_int) for name in ("version", "file_size", "longest_path")),
        *((name, c_void_p) for name in ("next", "name", "data", "open")),
    ]


class _Platter:
    """One file: what is synced, and what was written since, in order."""

    def __init__(self, synced: bytes) -> None:
        self.synced = bytearray(synced)
        self.written: list[tuple[int, bytes | None]] = []

    def sync(self) -> None:
        for offset, data in self.written:
            _apply(self.synced, offset, data)
        self.written.clear()


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    content.extend(b"\0" * max(0, offset + len(data) - len(content)))
    content[offset : offset + len(data)] = data


class Disk:
    """What stands between SQLite and the files of a folder.

    `operations` counts writes, truncations and syncs. The one of number `fails_at`, and all after it
    while `keeps_failing`, end in `error`: EIO or ENOSPC.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._platters: dict[str, _Platter] = {}
        self._paths: dict[int, str] = {}
        self._kept: list[Any] = []  # ctypes lets go of callbacks that Python does not hold
        self._originals: dict[int, _Methods] = {}
        self._replaced: dict[int, _Methods] = {}
        self._lock = threading.RLock()
        self.operations = 0
        self.fails_at = 0
        self.keeps_failing = False
        self.error = errno.EIO

    def image(self, into: Path, random: Random) -> None:
        """Write what a disk may hold after the power went: all that was synced, and any of the rest.

        Of what was not synced, each write is there, is not, or is there in part.
        """
        into.mkdir(mode=0o700)
        with self._lock:
            self._write_image(into, random)

    def _write_image(self, into: Path, random: Random) -> None:
        for path, platter in self._platters.items():
            if not Path(path).exists():  # SQLite syncs the folder when it removes a file
                continue
            content = bytearray(platter.synced)
            for offset, data in platter.written:
                chance = random.random()
                if chance < 0.3:
                    _apply(content, offset, data)
                elif chance < 0.5 and data:
                    _apply(content, offset, data[: random.randrange(len(data))])
            into.joinpath(Path(path).name).write_bytes(content)

    def opened(self, path: str, file: int) -> None:
        """Take over the methods of a file that SQLite has opened."""
        before = Path(path).read_bytes() if Path(path).exists() else b""
        with self._lock:
            self._platters.setdefault(path, _Platter(before))
            self._paths[file] = path
        handle = ctypes.cast(file, POINTER(_File)).contents
        address = ctypes.addressof(handle.methods.contents)
        if address in map(ctypes.addressof, self._replaced.values()):
            return
        if address not in self._replaced:
            self._replaced[address] = self._with_us_between(handle.methods.contents)
        handle.methods = ctypes.pointer(self._replaced[address])

    def _with_us_between(self, methods: _Methods) -> _Methods:
        original = _Methods.from_buffer_copy(methods)
        write, truncate, sync = (
            kind(getattr(original, name))
            for kind, name in ((_WRITE, "write"), (_TRUNCATE, "truncate"), (_SYNC, "sync"))
        )

        def writes(file: int, data: int, amount: int, offset: int) -> int:
            if self._fails():
                return SQLITE_FULL if self.error == errno.ENOSPC else SQLITE_IOERR_WRITE
            with self._lock:
                self._platters[self._paths[file]].written.append((offset, ctypes.string_at(data, amount)))
                return int(write(file, data, amount, offset))

        def truncates(file: int, size: int) -> int:
            if self._fails():
                return SQLITE_IOERR_TRUNCATE
            with self._lock:
                self._platters[self._paths[file]].written.append((size, None))
                return int(truncate(file, size))

        def syncs(file: int, flags: int) -> int:
            if self._fails():
                return SQLITE_IOERR_FSYNC
            with self._lock:
                code = int(sync(file, flags))
                if code == SQLITE_OK:
                    self._platters[self._paths[file]].sync()
                return code

        changed = _Methods.from_buffer_copy(methods)
        for kind, name, ours in (
            (_WRITE, "write", writes),
            (_TRUNCATE, "truncate", truncates),
            (_SYNC, "sync", syncs),
        ):
            callback = kind(ours)
            self._kept.append(callback)
            setattr(changed, name, ctypes.cast(callback, c_void_p).value)
        return changed

    def _fails(self) -> bool:
        self.operations += 1
        return self.fails_at > 0 and (
            self.operations == self.fails_at or (self.keeps_failing and self.operations > self.fails_at)
        )


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """Stand under every database file of a folder that is opened while the block runs."""
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    vfs = library.sqlite3_vfs_find(None).contents
    between = Disk(folder)
    original = vfs.open
    opens: Callable[..., int] = _OPEN(original)

    @_OPEN
    def open_file(owner: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        code = int(opens(owner, name, file, flags, out))  # the name itself: SQLite goes on using its address
        path = os.fsdecode(ctypes.string_at(name)) if name else ""
        if code == SQLITE_OK and path.startswith(f"{folder}{os.sep}"):
            between.opened(path, file)
        return code

    vfs.open = ctypes.cast(open_file, c_void_p).value
    try:
        yield between
    finally:
        vfs.open = original
