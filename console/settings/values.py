"""The forms a setting can have beyond plain text and numbers, and why a value does not fit.

Each reader takes a value as TOML has it and returns it typed, or raises `Unfit`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import NamedTuple, NewType
from urllib.parse import urlsplit

from console.autostore.methods import find as find_method
from console.autostore.values import PORT_ID_RANGE
from console.mor.calls import ID_LIMIT
from console.mor.calls import find as find_call
from console.text import safe

PortIds = NewType("PortIds", tuple[int, ...])
UserIds = NewType("UserIds", tuple[int, ...])
BaseUrl = NewType("BaseUrl", str)
LogAddress = NewType("LogAddress", str)
SyslogAddress = NewType("SyslogAddress", str)
FilePath = NewType("FilePath", Path)
VariableName = NewType("VariableName", str)
CommandNames = NewType("CommandNames", tuple[str, ...])

_PORTS_HIGH = PORT_ID_RANGE[1]
_USERS_MOST = 1000
COMMAND_IDS = (
    *("port.open", "port.runout", "port.close", "bin.call", "bin.close", "case.extract", "case.cancel"),
    *("rule.add", "rule.delete", "device.create", "device.update", "device.delete"),
)
"""What people command in bulk; a single call goes by the name of its method."""

_LOG_PORT = 44001
"""Where the Log Publisher listens unless it was moved (autostore.md 1.1)."""

_SYSLOG_PORT = 514
"""Where syslog listens unless it was moved (RFC 5426)."""


class Unfit(ValueError):
    """Why a value does not fit; `echo` is false where the value may be a secret."""

    def __init__(self, why: str = "", *, echo: bool = True) -> None:
        super().__init__(why)
        self.echo = echo


class Form(NamedTuple):
    """One form of value: its reader, and words that follow 'wanted'."""

    read: Callable[[object], object]
    wanted: str


def port_ids(value: object) -> PortIds:
    """Return the ids in text like `1-40,77` or in a list of numbers, ascending.

    Raises:
        Unfit: nothing in it, a duplicate, a backward range, an id outside 1 to 2000 (rule 15).
    """
    return PortIds(ids(value, _PORTS_HIGH, _PORTS_HIGH))


def user_ids(value: object) -> UserIds:
    """Return the ids of at most 1,000 MOR users, written as for `port_ids`.

    Raises:
        Unfit: as `port_ids`, or too many.
    """
    return UserIds(ids(value, ID_LIMIT, _USERS_MOST))


def ids_text(ids: Iterable[int]) -> str:
    """Return ids the short way, such as `1-40,77`: what `port_ids` reads."""
    runs: list[tuple[int, int]] = []
    for number in sorted(ids):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)


def number_text(number: float) -> str:
    """Return a number as it is written; Python refuses to write out very large ones."""
    return str(number) if isinstance(number, float) or abs(number) < 2**63 else "a number beyond 64 bits"


def base_url(value: object) -> BaseUrl:
    """Return an http or https URL that names a host and perhaps a port, and nothing else.

    Raises:
        Unfit: anything else. A URL with a user name, query or fragment is never shown: those
            carry passwords.
    """
    if not isinstance(value, str):
        raise Unfit
    echo = not any(mark in value for mark in "@?#")
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise Unfit("it has blanks or characters that no address has", echo=echo)
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise Unfit("its host or port cannot be right", echo=echo) from None
    if parts.scheme not in ("http", "https") or not value.lower().startswith(parts.scheme + "://"):
        raise Unfit("it does not start with http:// or https://", echo=echo)
    if "@" in value:
        raise Unfit("it holds a user name or password", echo=False)
    if not echo or parts.path not in ("", "/"):
        raise Unfit("it goes on after host and port", echo=echo)
    if port == 0:
        raise Unfit("port 0 cannot be called")
    return BaseUrl(f"{parts.scheme}://{_host(parts.hostname or '')}" + (f":{port}" if port else ""))


def log_address(value: object) -> LogAddress:
    """Return a host and a port as `host:port`; the port is the Log Publisher's own when left out.

    Raises:
        Unfit: anything else, as `base_url`.
    """
    if not isinstance(value, str):
        raise Unfit
    return LogAddress(_with_port(value, _LOG_PORT))


def syslog_address(value: object) -> SyslogAddress:
    """Return where a syslog listens: `udp://host:port`, `tcp://host:port` or `unix:/path`.

    Raises:
        Unfit: anything else, as `base_url`.
    """
    if not isinstance(value, str):
        raise Unfit
    if value.startswith("unix:/") and value.isprintable():
        return SyslogAddress(value)
    scheme, mark, rest = value.partition("://")
    if scheme not in ("udp", "tcp") or not mark:
        raise Unfit("it does not start with udp://, tcp:// or unix:/", echo="@" not in value)
    return SyslogAddress(f"{scheme}://{_with_port(rest, _SYSLOG_PORT)}")


def is_https(url: BaseUrl) -> bool:
    """Whether TLS is spoken there."""
    return url.startswith("https:")


def is_private_line(url: BaseUrl) -> bool:
    """Whether nobody else can listen: https, or a loopback address."""
    return is_https(url) or is_loopback(url)


def is_loopback(url: BaseUrl) -> bool:
    """Whether the server is on this machine, or at the other end of a tunnel from it."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def file_path(value: object) -> FilePath:
    """Return the path of a file; one without a dot or a slash is more likely a secret, misplaced.

    Raises:
        Unfit: never showing the value.
    """
    if not isinstance(value, str) or not value.isprintable():
        raise Unfit(echo=False)
    if not any(mark in value for mark in "./\\"):
        raise Unfit("it does not look like the path of a file", echo=False)
    return FilePath(Path(value))


def variable_name(value: object) -> VariableName:
    """Return the name of an environment variable.

    Raises:
        Unfit: never showing the value, which may be a secret, misplaced.
    """
    if not isinstance(value, str) or not _VARIABLE.fullmatch(value):
        raise Unfit(echo=False)
    return VariableName(value)


def command_names(value: object) -> CommandNames:
    """Return commands from text like `port.close, device.delete` or from a list, each once.

    Raises:
        Unfit: a name that no command and no method has.
    """
    names = value.split(",") if isinstance(value, str) and value.strip() else [] if value == "" else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Unfit
    found = tuple(dict.fromkeys(name.strip() for name in names))
    for name in found:
        if name not in COMMAND_IDS and find_method(name) is None and find_call(name) is None:
            raise Unfit(f'"{safe(name, 40)}" is no command')
    return CommandNames(found)


FORMS: dict[object, Form] = {
    PortIds: Form(port_ids, f'port ids 1 to {_PORTS_HIGH}, each once, like "1-40,77"'),
    UserIds: Form(user_ids, f'at most {_USERS_MOST} user ids, each once, like "100,105-107"'),
    BaseUrl: Form(base_url, "http:// or https://, a host and perhaps a port, like http://10.0.0.5:44000"),
    LogAddress: Form(log_address, "a host and perhaps a port, like 10.0.0.5:44001"),
    SyslogAddress: Form(
        syslog_address,
        "udp:// or tcp://, a host and perhaps a port, like udp://10.0.0.8:514; or unix:/dev/log",
    ),
    FilePath: Form(file_path, "the path of a file, like ./mor.key; a relative one starts beside this file"),
    CommandNames: Form(
        command_names, 'commands, like "port.close, device.delete"; portside methods names them all'
    ),
    VariableName: Form(variable_name, "the name of an environment variable in capitals, like MOR_KEY"),
}

_RANGE = re.compile(r"([0-9]{1,10})(?:\s*-\s*([0-9]{1,10}))?", re.ASCII)
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?", re.ASCII)
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,99}", re.ASCII)


def ids(value: object, high: int, most: int) -> tuple[int, ...]:
    """Return at most `most` ids from 1 to `high`, written as for `port_ids`.

    Raises:
        Unfit: as `port_ids`, or too many.
    """
    found: set[int] = set()
    for first, last in _spans(value):
        for number in (first, last):
            if not 1 <= number <= high:
                raise Unfit(f"{number_text(number)} is not within 1 to {high}")
        if last < first:
            raise Unfit(f"{first}-{last} runs backwards")
        if last - first >= most:
            raise Unfit(f"{first}-{last} are more than {most}")
        span = range(first, last + 1)
        twice = found.intersection(span)
        if twice:
            raise Unfit(f"{min(twice)} is there twice")
        found.update(span)
        if len(found) > most:
            raise Unfit(f"these are more than {most}")
    return tuple(sorted(found))


def _spans(value: object) -> Sequence[tuple[int, int]]:
    if isinstance(value, list):
        if not value:
            raise Unfit("it is empty")
        if any(isinstance(item, bool) or not isinstance(item, int) for item in value):
            raise Unfit("a list may only hold whole numbers")
        return [(item, item) for item in value]
    if not isinstance(value, str):
        raise Unfit
    if not value.strip():
        raise Unfit("it is empty")
    spans = []
    for part in map(str.strip, value.split(",")):
        if not part:
            raise Unfit("a comma has no id beside it")
        match = _RANGE.fullmatch(part)
        if match is None:
            raise Unfit(f'"{safe(part, 20)}" is not an id or a range')
        spans.append((int(match[1]), int(match[2] or match[1])))
    return spans


def _with_port(address: str, port: int) -> str:
    """Return a host and its port, which is `port` when it names none."""
    found = base_url(f"http://{address}").removeprefix("http://")
    return found if urlsplit(f"//{found}").port else f"{found}:{port}"


def _host(name: str) -> str:
    try:
        if ":" in name:
            return f"[{IPv6Address(name)}]"
        if name.replace(".", "").isdigit():
            return str(IPv4Address(name))
    except ValueError:
        raise Unfit("its host is not an IP address") from None
    if not _HOST.fullmatch(name) or ".." in name:
        raise Unfit("it names no host" if not name else "its host cannot be right")
    return name
