"""Where the settings and the state of portside stand on disk, and how they are read and begun."""

import os
import shlex
import stat
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from console.settings.reading import SettingsError, parse, shown_path
from console.settings.tables import Settings
from console.text import safe

_MOST_BYTES = 1024 * 1024
_OWNER_ONLY = 0o700
_NAME_MOST = 100


class Contents(NamedTuple):
    """What a file held, and its permission bits at that moment."""

    data: bytes
    mode: int


def find(given: Path | None = None) -> Path:
    """Return the path of the settings file: the one given, else the platform's own place."""
    if given is not None:
        return given.absolute()
    from platformdirs import user_config_path  # 20 ms that --config need not pay

    return user_config_path("portside", appauthor=False) / "settings.toml"


def state_dir() -> Path:
    """Return the folder of the journal: `PORTSIDE_STATE_DIR`, else the platform's own place."""
    given = os.environ.get("PORTSIDE_STATE_DIR")
    if given:
        return Path(given)
    from platformdirs import user_state_path

    return user_state_path("portside", appauthor=False)


def load(path: Path) -> Settings:
    """Read, check and complete the settings at `path` and in `sites.d` beside it.

    Each `sites.d/*.toml` holds `[sites.NAME]` tables and nothing else: programs write there, so
    that the file a person wrote stays as it is.

    Raises:
        SettingsError: a file is missing, unreadable or wrong.
    """
    settings = parse(read_text(path), path, [(read_text(one), one) for one in site_files(path)])
    return structs.replace(settings, operator=settings.operator or login_name())


def site_files(path: Path) -> list[Path]:
    """Return the files that add sites to the settings at `path`, in order of their names.

    Raises:
        SettingsError: the folder cannot be listed.
    """
    folder = path.parent / "sites.d"
    try:
        return sorted(one for one in folder.iterdir() if one.suffix == ".toml" and one.name[0] != ".")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SettingsError(f"{shown_path(folder)}: cannot be listed: {error.strerror}") from None


def begin(path: Path, text: str, *, anew: bool = False) -> None:
    """Write a settings file: whole or not at all, mode 0600, and over another only `anew`.

    Raises:
        SettingsError: there is one already, or it cannot be written.
    """
    import tempfile

    try:
        _make_folders(path.parent)
        handle, draft = tempfile.mkstemp(prefix=".settings-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            if anew:
                Path(draft).replace(path)
            else:
                os.link(draft, path)  # unlike a rename, fails when the name is taken
        except FileExistsError:
            raise SettingsError(f"{shown_path(path)}: is there already, and was left as it is") from None
        finally:
            Path(draft).unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(f"{shown_path(path)}: cannot be written: {error.strerror}") from None


def read_regular(path: Path, most: int) -> Contents:
    """Return what a regular file of at most `most` bytes holds.

    Raises:
        OSError: as the system says it; also for what is not a regular file, or is longer.
    """
    with open(path, "rb", opener=_open_at_once) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "it is not a regular file")
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(0, f"it is longer than {most:,} bytes")
    return Contents(data, stat.S_IMODE(status.st_mode))


BESIDE_SETTINGS = "beside the settings file"


def read_named(
    setting: str,
    file: Path,
    most: int,
    *,
    private: bool,
    shown: bool = True,
    relative_to: str = BESIDE_SETTINGS,
) -> bytes:
    """Return what the file of at most `most` bytes holds that `setting` names.

    Args:
        private: whether it is refused when anybody but its owner may use it (rule 64).
        shown: false where a name that leads nowhere may be a secret, misplaced.
        relative_to: where a relative path starts, in words.

    Raises:
        SettingsError: it is missing, unreadable or open to others.
    """
    name = shown_path(file)
    try:
        path = file.expanduser()
        contents = read_regular(path, most)
    except FileNotFoundError:
        missing = f"there is no file {name}" if shown else "there is no such file"
        problem = f"{missing}; a relative path starts {relative_to}"
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path is not one"
        problem = f"{name if shown else 'the file'} cannot be read: {reason}"
    else:
        if not (private and os.name == "posix" and contents.mode & (stat.S_IRWXG | stat.S_IRWXO)):
            return contents.data
        name = shown_path(path)
        problem = f"others may use {name}: run chmod 600 {shlex.quote(name)}"
    raise SettingsError(f"{setting}: {problem}")


def _open_at_once(path: str, flags: int) -> int:
    # Without O_NONBLOCK a named pipe would hang the console before anything is on the screen.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_text(path: Path) -> str:
    """Return the text of a settings file.

    Raises:
        SettingsError: it is missing, unreadable or not UTF-8.
    """
    try:
        return read_regular(path, _MOST_BYTES).data.decode("utf-8-sig")
    except FileNotFoundError:
        option = "" if path == find() else f" --config {shlex.quote(shown_path(path))}"
        problem = f"there is no settings file; portside config init{option} begins one"
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 at byte {error.start + 1}: save it as UTF-8"
    except (OSError, ValueError) as error:
        problem = f"cannot be read: {getattr(error, 'strerror', None) or 'the path is not one'}"
    raise SettingsError(f"{shown_path(path)}: {problem}")


def _make_folders(folder: Path) -> None:
    if not folder.is_dir():
        _make_folders(folder.parent)
        folder.mkdir(_OWNER_ONLY, exist_ok=True)


def login_name() -> str:
    """Return who is logged in here, as far as the system tells."""
    from getpass import getuser

    try:
        return safe(getuser(), _NAME_MOST)
    except (OSError, KeyError, ImportError):
        return "unknown"
