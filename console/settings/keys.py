"""Reads the secrets that settings point to; the settings themselves hold none (rule 64)."""

import os
from pathlib import Path
from typing import NamedTuple

from console.secret import Secret
from console.settings.files import BESIDE_SETTINGS, read_named
from console.settings.reading import SettingsError, shown_path
from console.settings.tables import Mor

_MOST_BYTES = 4096
_STRONG = 32


class MorKeys(NamedTuple):
    """What a MOR server is called with; `warnings` are sentences for a person, one each."""

    secret: Secret
    password: Secret | None
    warnings: tuple[str, ...]


def read_keys(mor: Mor) -> MorKeys:
    """Return the API secret key of a MOR server, and the password for an old one.

    A short key is a warning, not an error: the server's owner has to change it first (rule 63).

    Raises:
        SettingsError: a file that is missing, or that others may read; an unset variable.
    """
    secret = _read("secret", mor.secret_file, mor.secret_env)
    old_server = mor.password_file is not None or mor.password_env is not None
    password = _read("password", mor.password_file, mor.password_env) if old_server else None
    length = len(secret.reveal())
    warning = f"the MOR API secret key has {length} characters: {_STRONG} random ones or more are safer"
    return MorKeys(secret, password, (warning,) if length < _STRONG else ())


def _read(what: str, file: Path | None, variable: str | None) -> Secret:
    if file is not None:
        return secret_from_file(f"{what}_file", file)
    return _from_variable(f"{what}_env", variable or "")


def _from_variable(setting: str, variable: str) -> Secret:
    text = os.environ.get(variable, "")
    if not text:
        raise SettingsError(f"{setting}: the environment variable {variable} is not set")
    return _checked(f"{setting}: the environment variable {variable}", text)


def secret_from_file(setting: str, file: Path, relative_to: str = BESIDE_SETTINGS) -> Secret:
    """Return the one line of text in a file that only its owner may use; `setting` names it in messages.

    Raises:
        SettingsError: it is missing, unreadable, open to others, blank, or holds anything else.
    """
    data = read_named(setting, file, _MOST_BYTES, private=True, shown=False, relative_to=relative_to)
    text = data.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    return _checked(f"{setting}: {shown_path(file.expanduser())}", text)


def _checked(where: str, text: str) -> Secret:
    if not text:
        raise SettingsError(f"{where} is empty")
    if "\ufffd" in text or not text.isprintable():
        raise SettingsError(f"{where} holds more than one line of plain text")
    return Secret(text)
