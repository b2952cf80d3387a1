"""The settings as types: a line a setting, with its range and the sentence that explains it.

The sentences and defaults here are the only ones: errors, `portside config show` and
`config/defaults.toml` are made from them.
"""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from console.autostore.catalogue import Interface
from console.mor.calls import Profile
from console.settings.values import BaseUrl, FilePath, PortIds, UserIds, VariableName, is_private_line

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
Seconds: TypeAlias = Annotated[float, Meta(extra={"unit": "seconds"})]

_POLL_SHARE = 0.9


class Role(StrEnum):
    """What a person may do here."""

    TECHNICIAN = "technician"


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the settings file."""

    def problem(self) -> tuple[str, str] | None:
        """Return the setting that does not go with the others, and what is wrong with it."""
        return None


class AutoStore(Table, frozen=True, kw_only=True):
    """The AutoStore controller of a site."""

    url: Annotated[BaseUrl, Meta(description="Where the controller's interface listens.")]
    ports: Annotated[PortIds, Meta(description="The ports of the site.")]
    interface: Annotated[Interface, Meta(description="Which interface the site uses.")] = Interface.TASK
    encoding: Annotated[Literal["xml", "json"], Meta(description="How requests are written.")] = "xml"
    interval: Annotated[Seconds, Meta(ge=1, le=3600, description="Time between two reads of a port.")] = 1.0
    timeout: Annotated[Seconds, Meta(ge=0.1, le=60, description="Longest time a call may take.")] = 5.0

    @property
    def poll_timeout(self) -> float:
        """Seconds that a repeated read may take: always less than the interval (rule 68)."""
        return min(self.timeout, _POLL_SHARE * self.interval)


class Mor(Table, frozen=True, kw_only=True):
    """The MOR server of a site."""

    url: Annotated[BaseUrl, Meta(description="Where the server's web interface listens.")]
    user: Annotated[Name, Meta(description="Name of the API user.")]
    secret_file: Annotated[
        FilePath | None, Meta(description="File of mode 0600 that holds the API secret key.")
    ] = None
    secret_env: Annotated[
        VariableName | None, Meta(description="Environment variable that holds the key, instead of a file.")
    ] = None
    password_file: Annotated[
        FilePath | None,
        Meta(description="File of mode 0600 that holds the user's password, for old servers."),
    ] = None
    password_env: Annotated[
        VariableName | None, Meta(description="Environment variable that holds the password, likewise.")
    ] = None
    profile: Annotated[Profile, Meta(description="Which hash recipes the server follows.")] = Profile.Y2019
    old_names: Annotated[bool, Meta(description="Whether calls go by their names before MOR X4.")] = False
    users: Annotated[
        UserIds, Meta(description="Users whose devices are listed; all that users_get shows when left out.")
    ] = UserIds(())
    interval: Annotated[Seconds, Meta(ge=1, le=86400, description="Time between two reads of a list.")] = 10.0
    timeout: Annotated[Seconds, Meta(ge=0.1, le=60, description="Longest time a call may take.")] = 10.0
    allow_http: Annotated[
        bool, Meta(description="Whether the network may see device passwords: http beyond this machine.")
    ] = False

    @property
    def poll_timeout(self) -> float:
        """Seconds that a repeated read may take: always less than the interval (rule 68)."""
        return min(self.timeout, _POLL_SHARE * self.interval)

    def problem(self) -> tuple[str, str] | None:
        """One source for each secret, and no plain http by accident (rule 63)."""
        if self.secret_file is None and self.secret_env is None:
            return "secret_file", "is missing: wanted secret_file or secret_env"
        if self.secret_file is not None and self.secret_env is not None:
            return "secret_env", "stands beside secret_file: wanted one of the two"
        if self.password_file is not None and self.password_env is not None:
            return "password_env", "stands beside password_file: wanted one of the two"
        if not (self.allow_http or is_private_line(self.url)):
            return (
                "url",
                f'is "{self.url}": wanted https, or allow_http = true on a network nobody else can hear',
            )
        return None


class Site(Table, frozen=True, kw_only=True):
    """One site: its systems, and how carefully to treat them."""

    read_only: Annotated[bool, Meta(description="Whether commands are refused at this site.")] = False
    simulator: Annotated[
        bool, Meta(description="Whether the site is simulated: the screen says SIMULATOR, not LIVE.")
    ] = False
    autostore: Annotated[AutoStore | None, Meta(description="The AutoStore controller.")] = None
    mor: Annotated[Mor | None, Meta(description="The MOR phone switch.")] = None

    def problem(self) -> tuple[str, str] | None:
        """A site has something to connect to."""
        if self.autostore is None and self.mor is None:
            return "autostore", "is missing, and so is mor: wanted one of them or both"
        return None


class Settings(Table, frozen=True, kw_only=True):
    """Everything a settings file says, with the defaults filled in."""

    default_site: Annotated[Name | None, Meta(description="Site to open when none is named.")] = None
    theme: Annotated[Name, Meta(description="Name of the colour theme.")] = "dark"
    operator: Annotated[Name, Meta(description="Your name on the screen; the login name when left out.")] = ""
    role: Annotated[Role, Meta(description="What you may do here.")] = Role.TECHNICIAN
    sites: Annotated[dict[str, Site], Meta(description="The sites, each under its name.")] = {}
