"""Options that several verbs share, and what they lead to."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from console.autostore.catalogue import Interface
from console.mor.calls import Profile
from console.settings import (
    AutoStore,
    Mor,
    Settings,
    SettingsError,
    Site,
    Unfit,
    base_url,
    choose,
    find,
    load,
    port_ids,
)
from console.settings.values import BaseUrl, PortIds, VariableName, is_private_line

T = TypeVar("T")

SECRET_VARIABLE = VariableName("PORTSIDE_MOR_SECRET")
PASSWORD_VARIABLE = VariableName("PORTSIDE_MOR_PASSWORD")
ALL_PORTS = PortIds(port_ids("1-2000"))

_TIMEOUTS = (0.1, 60.0)


class Chosen(NamedTuple):
    """The settings and the one site that a verb works on."""

    settings: Settings
    name: str
    site: Site


def add_config_option(parser: argparse.ArgumentParser) -> None:
    """Add `--config FILE`."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file to use")


def add_site_options(parser: argparse.ArgumentParser) -> None:
    """Add `--config FILE` and `--site NAME`."""
    add_config_option(parser)
    parser.add_argument("--site", metavar="NAME", help="site of the settings to use")


def add_connection_options(parser: argparse.ArgumentParser) -> None:
    """Add what names a site: from the settings, or by its addresses alone."""
    add_site_options(parser)
    parser.add_argument("--read-only", action="store_true", help="refuse every command")
    direct = parser.add_argument_group("without settings")
    direct.add_argument("--autostore-url", type=_fitting(base_url), metavar="URL")
    direct.add_argument("--interface", type=Interface, choices=list(Interface), help="task when left out")
    direct.add_argument("--encoding", choices=("xml", "json"), help="xml when left out")
    direct.add_argument("--mor-url", type=_fitting(base_url), metavar="URL")
    direct.add_argument(
        "--mor-user", metavar="NAME", help=f"its key is read from {SECRET_VARIABLE} in the environment"
    )
    direct.add_argument("--mor-profile", type=Profile, choices=list(Profile), help="2019 when left out")
    direct.add_argument("--allow-http", action="store_true", help="plain http to a MOR server elsewhere")
    direct.add_argument("--timeout", type=_seconds, metavar="S", help="longest time a call may take")


def add_ports_option(parser: argparse.ArgumentParser) -> None:
    """Add `--ports`."""
    parser.add_argument("--ports", type=_fitting(port_ids), metavar="IDS", help="such as 1-40,77")


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Add the forms a table can be printed in."""
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", dest="form", action="store_const", const="json", help="one JSON array")
    forms.add_argument("--csv", dest="form", action="store_const", const="csv", help="CSV with a header")
    parser.set_defaults(form="plain")


def chosen_site(options: argparse.Namespace) -> Chosen:
    """Return the settings and the site that `add_site_options` ask for.

    Raises:
        SettingsError: the settings are missing or wrong, or the site is not there.
    """
    path = find(options.config)
    settings = load(path)
    return Chosen(settings, *choose(settings, path, options.site))


def connection(options: argparse.Namespace) -> Chosen:
    """Return the site that `add_connection_options` name: by address, or from the settings.

    Raises:
        SettingsError: no site is named, or its settings are wrong.
    """
    if options.autostore_url is None and options.mor_url is None:
        chosen = chosen_site(options)
        return chosen._replace(site=_overridden(chosen.site, options))
    site = _overridden(Site(autostore=_autostore(options), mor=_mor(options)), options)
    host = (options.autostore_url or options.mor_url).partition("://")[2]
    return Chosen(Settings(operator=_operator(), sites={host: site}), host, site)


def _autostore(options: argparse.Namespace) -> AutoStore | None:
    return None if options.autostore_url is None else AutoStore(url=options.autostore_url, ports=ALL_PORTS)


def _mor(options: argparse.Namespace) -> Mor | None:
    url: BaseUrl | None = options.mor_url
    if url is None:
        return None
    if not options.mor_user:
        raise SettingsError("--mor-url needs --mor-user NAME")
    if not (options.allow_http or is_private_line(url)):
        raise SettingsError("--mor-url is plain http: wanted https, or --allow-http on a network of your own")
    password = PASSWORD_VARIABLE if os.environ.get(PASSWORD_VARIABLE) else None
    return Mor(
        url=url,
        user=options.mor_user,
        secret_env=SECRET_VARIABLE,
        password_env=password,
        allow_http=options.allow_http,
    )


def _overridden(site: Site, options: argparse.Namespace) -> Site:
    """Return the site with what the command line says about calls."""
    asked = {"timeout": options.timeout, "interface": options.interface, "encoding": options.encoding}
    given = {name: value for name, value in asked.items() if value is not None}
    autostore, mor = site.autostore, site.mor
    if autostore is not None:
        autostore = replace(autostore, **given)
    if mor is not None and options.timeout is not None:
        mor = replace(mor, timeout=options.timeout)
    if mor is not None and options.mor_profile is not None:
        mor = replace(mor, profile=options.mor_profile)
    return replace(site, autostore=autostore, mor=mor)


def _operator() -> str:
    from console.settings.files import login_name

    return login_name()


def _fitting(read: Callable[[object], T]) -> Callable[[str], T]:
    def convert(text: str) -> T:
        try:
            return read(text)
        except Unfit as unfit:
            raise argparse.ArgumentTypeError(str(unfit) or "it cannot be right") from None

    return convert


def _seconds(text: str) -> float:
    low, high = _TIMEOUTS
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not low <= seconds <= high:
        raise argparse.ArgumentTypeError(f"wanted {low:g} to {high:g} seconds")
    return seconds
