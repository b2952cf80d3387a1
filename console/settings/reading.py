"""Turns the text of settings files into `Settings`, or says what is wrong with it; pure."""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin

from msgspec import ValidationError, convert, structs

from console.settings.field_types import FieldType, field_type
from console.settings.tables import Settings, Site, Table
from console.settings.values import FORMS, Unfit, number_text
from console.text import safe

T = TypeVar("T", bound=Table)

SITE_NAME = "a name of letters, digits, blanks, - and _, at most 40"
_SITE_NAME_MOST = 40
_SECRETIVE = re.compile(r"secret|passw|token|key|credential", re.IGNORECASE)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


class SettingsError(Exception):
    """The settings cannot be used; the message names the file, the place in it, and the remedy.

    It is safe to show, and holds no value that may be a secret.
    """


def parse(text: str, path: Path, more: Iterable[tuple[str, Path]] = ()) -> Settings:
    """Return the settings in `text`, which came from `path`.

    Args:
        more: text and path of files that add sites, and nothing but sites.

    Raises:
        SettingsError: not TOML, an unknown setting, a value that does not fit, a site twice.
    """
    settings = _Reader(path).table(Settings, _toml(text, path), ())
    sites, origins = dict(settings.sites), dict.fromkeys(settings.sites, path)
    for other_text, other in more:
        for name, site in parse_sites(other_text, other).items():
            if name in sites:
                raise _error(
                    other, ("sites", name), f"is also in {shown_path(origins[name])}: wanted in one file"
                )
            sites[name], origins[name] = site, other
    default = settings.default_site
    if default is not None and default not in sites:
        raise _error(path, ("default_site",), f'is "{default}", not a site: {_instead(sites, default)}')
    return structs.replace(settings, sites=sites)


def parse_sites(text: str, path: Path) -> dict[str, Site]:
    """Return the sites in the text of a file that adds sites, and nothing but sites.

    Raises:
        SettingsError: as `parse`.
    """
    raw = _toml(text, path)
    for name in raw:
        if name != "sites":
            raise _error(path, (name,), "does not belong here: wanted only [sites.NAME] tables")
    return _Reader(path).tables(Site, raw.get("sites", {}), ("sites",))


def choose(settings: Settings, path: Path, name: str | None = None) -> tuple[str, Site]:
    """Return a site and its name: the one named, else the default, else the only one.

    Raises:
        SettingsError: there is no such site, or it is not clear which is meant.
    """
    sites = settings.sites
    name = name if name is not None else settings.default_site
    if name is None and len(sites) == 1:
        (name,) = sites
    if name is None:
        raise SettingsError(f"{shown_path(path)}: no default_site, and none was named: {_instead(sites)}")
    if name not in sites:
        raise SettingsError(f'{shown_path(path)}: no site "{safe(name, 80)}": {_instead(sites, name)}')
    return name, sites[name]


def is_site_name(name: str) -> bool:
    """Return whether a site can have this name, and a file its name from it."""
    plain = all(char.isalnum() or char in " -_" for char in name)
    return plain and name == name.strip() == safe(name, _SITE_NAME_MOST) != ""


def shown_path(path: Path) -> str:
    """Return a path as messages show it."""
    return safe(str(path), 1000)


class _Reader:
    """Checks the tables of one file, and knows where it is while it does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def table(self, shape: type[T], raw: object, where: tuple[str, ...]) -> T:
        if not isinstance(raw, Mapping):
            raise _error(self._path, where, f"is {_kind(raw)}: wanted a table, [{_dotted(where)}]")
        fields = {field.name: field for field in structs.fields(shape)}
        for name in raw:
            if name not in fields:
                raise self._unknown(name, fields, where)
        values: dict[str, Any] = {}
        for name, field in fields.items():
            if name in raw:
                values[name] = self._value(field_type(field.type), raw[name], (*where, name))
            elif field.required:
                wanted = field_type(field.type).wanted
                raise _error(self._path, (*where, name), f"is missing: wanted {wanted}")
        table = shape(**values)
        problem = table.problem()
        if problem:
            raise _error(self._path, (*where, problem[0]), problem[1])
        return table

    def _value(self, wanted: FieldType, raw: object, where: tuple[str, ...]) -> Any:
        if wanted.is_table:
            return self.table(wanted.base, raw, where)
        if get_origin(wanted.base) is dict:
            return self.tables(get_args(wanted.base)[1], raw, where)
        try:
            return self._leaf(wanted, raw)
        except Unfit as unfit:
            found = f"is {_shown(raw)}" if unfit.echo else "is not shown here"
            why = f"{unfit}; " if str(unfit) else ""
        raise _error(self._path, where, f"{found}: {why}wanted {wanted.wanted}")

    def tables(self, shape: type[T], raw: object, where: tuple[str, ...]) -> dict[str, T]:
        if not isinstance(raw, Mapping):
            raise _error(
                self._path, where, f"is {_kind(raw)}: wanted a table for each, [{_dotted(where)}.NAME]"
            )
        for name in raw:
            if not is_site_name(name):
                raise _error(self._path, (*where, name), f"is not a site's name: wanted {SITE_NAME}")
        return {name: self.table(shape, one, (*where, name)) for name, one in raw.items()}

    def _leaf(self, wanted: FieldType, raw: object) -> Any:
        if wanted.base in FORMS:
            value = FORMS[wanted.base].read(raw)
            if isinstance(value, Path) and not str(value).startswith("~"):
                return self._path.parent / value
            return value
        if isinstance(raw, str) and not raw.isprintable():
            raise Unfit("it has control characters")
        if isinstance(raw, float) and not math.isfinite(raw):
            raise Unfit
        try:
            return convert(raw, Annotated[(wanted.base, *wanted.metas)])
        except ValidationError:
            raise Unfit from None

    def _unknown(self, name: str, known: Iterable[str], where: tuple[str, ...]) -> SettingsError:
        if _SECRETIVE.search(name):
            return _error(
                self._path,
                (*where, name),
                "is not a setting, and secrets do not belong here: put it in a file of mode 0600 and "
                "name that with secret_file, or in an environment variable and name that with secret_env",
            )
        return _error(self._path, (*where, name), f"is not a setting: {_instead(known, name)}")


def _toml(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        reason = "it is nested too deep"
    except ValueError as error:
        reason = str(error).replace("end of document", f"line {text.count(chr(10)) + 1}, the end")
    raise SettingsError(f"{shown_path(path)}: is not TOML: {safe(reason)}")


def _instead(names: Iterable[str], meant: str = "") -> str:
    from difflib import get_close_matches  # only when something is wrong already

    known = list(names)
    if not known:
        return "there is none yet; wanted a table like [sites.hall1]"
    close = get_close_matches(meant, known, 1)
    return f"did you mean {close[0]}?" if close else "wanted one of " + ", ".join(known)


def _error(path: Path, where: tuple[str, ...], what: str) -> SettingsError:
    return SettingsError(f"{shown_path(path)}: {_dotted(where)} {what}")


def _dotted(where: tuple[str, ...]) -> str:
    return ".".join(
        key if _BARE_KEY.fullmatch(key) and len(key) < 80 else f'"{safe(key, 80)}"' for key in where
    )


def _shown(raw: object) -> str:
    match raw:
        case bool():
            return str(raw).lower()
        case int() | float():
            return number_text(raw)
        case str():
            return f'"{safe(raw, 80)}"'
        case _:
            return _kind(raw)


def _kind(raw: object) -> str:
    match raw:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case Mapping():
            return "a table"
        case _:
            return "a date or time"
