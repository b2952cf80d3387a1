"""What a site is before anything is connected, from what its settings say."""

import os
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from console.mor.calls import Profile
from console.operations.actor import is_member
from console.operations.authority import effective_role, read_only_asked
from console.settings import MorKeys, Settings, SettingsError, read_keys
from console.settings import Site as SiteSettings
from console.settings.certificates import tls_of
from console.settings.tables import JournalCopies, Role, Safety

READ_ONLY_VARIABLE = "PORTSIDE_READ_ONLY"
"""In the environment: yes or no, over what the settings file says."""


class SiteSpec(Struct, frozen=True, kw_only=True):
    """What is known of a site before anything is connected."""

    name: str
    mode: str
    operator: str
    role: str
    state_dir: Path
    port_ids: tuple[int, ...] = ()
    port_interval: float = 1.0
    list_interval: float = 10.0
    user_ids: tuple[int, ...] = ()
    rule_profile: Profile = Profile.Y2019
    read_only: bool = False
    single_seconds: float = Safety().single_seconds
    journal_days: int = Settings().journal_days
    journal_copies: JournalCopies = JournalCopies()

    @property
    def told_elsewhere(self) -> JournalCopies | None:
        """Where the journal is told of; a console that only looks tells nobody."""
        looks_only = self.read_only or self.role == Role.VIEWER
        return None if looks_only else self.journal_copies


class Endpoints(NamedTuple):
    """Where a site's servers are, and the keys to them; `keys` is None without a MOR server.

    Without a context of its own, an https URL is trusted as the system says.
    """

    settings: SiteSettings
    keys: MorKeys | None
    autostore_tls: ssl.SSLContext | None = None
    mor_tls: ssl.SSLContext | None = None


Connect = Callable[[], Awaitable[Endpoints]]
"""Returns the endpoints; a simulated site has them only once its servers listen."""


def describe(
    name: str, settings: Settings, site: SiteSettings, state_dir: Path, *, read_only: bool = False
) -> SiteSpec:
    """Return the spec of a configured site; `read_only` forbids commands whatever the settings say.

    Raises:
        SettingsError: `PORTSIDE_READ_ONLY` in the environment says neither yes nor no.
    """
    autostore, mor = site.autostore, site.mor
    try:
        read_only = read_only_asked(read_only, os.environ.get(READ_ONLY_VARIABLE), site.read_only)
    except ValueError as error:
        raise SettingsError(f"{READ_ONLY_VARIABLE} in the environment: {error}") from None
    return SiteSpec(
        name=name,
        mode="READ-ONLY" if read_only else "SIMULATOR" if site.simulator else "LIVE",
        operator=settings.operator,
        role=effective_role(settings.role, settings.groups.by_role, is_member).value,
        state_dir=state_dir,
        port_ids=tuple(autostore.ports) if autostore else (),
        port_interval=autostore.interval if autostore else 1.0,
        list_interval=mor.interval if mor else 10.0,
        user_ids=tuple(mor.users) if mor else (),
        rule_profile=mor.profile if mor else Profile.Y2019,
        read_only=read_only,
        single_seconds=site.safety.single_seconds,
        journal_days=settings.journal_days,
        journal_copies=settings.journal,
    )


def configured(name: str, settings: SiteSettings) -> Connect:
    """Return what connects to a configured site: its settings, with the keys they point to."""

    async def connect() -> Endpoints:
        autostore, mor = settings.autostore, settings.mor
        try:
            return Endpoints(
                settings,
                keys=read_keys(mor) if mor else None,
                autostore_tls=tls_of(autostore, "autostore") if autostore else None,
                mor_tls=tls_of(mor, "mor") if mor else None,
            )
        except SettingsError as error:
            raise SettingsError(f"site {name}: {error}") from None

    return connect
