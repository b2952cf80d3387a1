"""A file of `sites.d` that a program writes: where it stands, whether it may, and its text."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from console.settings.document import as_tables
from console.settings.files import load, read_text
from console.settings.reading import SITE_NAME, SettingsError, is_site_name, parse_sites, shown_path
from console.settings.tables import AutoStore, Site
from console.settings.values import ids_text
from console.text import safe


class StandsElsewhere(SettingsError):
    """The site is in the settings already, in a file that is not the program's to change."""


class IsThere(SettingsError):
    """There is a file of that name, and nobody said that it may be written over."""


class Draft(NamedTuple):
    """The file of one site, and the sites that it holds so far: as TOML has them, and as settings."""

    path: Path
    site: str
    before: Mapping[str, Any]
    sites: Mapping[str, Site]

    def ports_before(self, url: str) -> tuple[int, ...]:
        """Return the ports that it names so far, if they are of the same controller."""
        autostore = self.sites[self.site].autostore if self.site in self.sites else None
        return tuple(autostore.ports) if autostore and autostore.url == url else ()

    def text(self, autostore: AutoStore, ports: Iterable[int], title: Iterable[str]) -> str:
        """Return the file with these ports; a new site is read-only, and of an old one all else stays.

        Args:
            autostore: how the controller is called; its ports do not matter.
            title: lines that go before all, as comments.
        """
        import tomli_w  # only for output

        site: Mapping[str, Any] = self.before.get(self.site, {"read_only": True})
        called = {**site.get("autostore", {}), **_chosen(autostore), "ports": ids_text(ports)}
        sites = {**self.before, self.site: {**site, "autostore": called}}
        comments = "".join(f"# {safe(line, 1000)}\n" for line in title)
        return f"{comments}\n{tomli_w.dumps({'sites': sites})}"


def draft(settings: Path, site: str, *, anew: bool) -> Draft:
    """Return the file of `site` beside the settings file at `settings`, which need not be there yet.

    Args:
        anew: whether a file that is there may be written over.

    Raises:
        StandsElsewhere: another file has the site.
        IsThere: there is a file of that name.
        SettingsError: the name is none, or the settings that are there are wrong.
    """
    if not is_site_name(site):
        raise SettingsError(f'"{safe(site, 80)}" is not a site\'s name: wanted {SITE_NAME}')
    path = settings.parent / "sites.d" / f"{site}.toml"
    text = read_text(path) if path.exists() else ""
    sites = parse_sites(text, path)
    if site not in sites and settings.exists() and site in load(settings).sites:
        raise StandsElsewhere(f"site {site} is in the settings already, but not in {shown_path(path)}")
    if path.exists() and not anew:
        raise IsThere(f"{shown_path(path)}: is there already, and was left as it is")
    return Draft(path, site, tomllib.loads(text).get("sites", {}), sites)


def _chosen(autostore: AutoStore) -> dict[str, Any]:
    """Return the settings that differ from the defaults, without the ports."""
    plain = as_tables(AutoStore(url=autostore.url, ports=autostore.ports))
    values = as_tables(autostore)
    return {name: value for name, value in values.items() if name == "url" or value != plain.get(name)}
