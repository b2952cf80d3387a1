"""The settings as types: a line a setting, with its range and the sentence that explains it.

The sentences and defaults here are the only ones: errors, `portside config show` and
`config/defaults.toml` are made from them.
"""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from console.autostore.catalogue import Interface
from console.mor.calls import Profile
from console.settings.values import (
    BaseUrl,
    CommandNames,
    FilePath,
    LogAddress,
    PortIds,
    SyslogAddress,
    UserIds,
    VariableName,
    is_https,
    is_loopback,
    is_private_line,
)

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
Seconds: TypeAlias = Annotated[float, Meta(extra={"unit": "seconds"})]

_POLL_SHARE = 0.9
_UNUSED = "would not be used: wanted them beside an https url, or not at all"


class Role(StrEnum):
    """What a person may do here: look, command, command without a journal too, or approve."""

    VIEWER = "viewer"
    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"
    APPROVER = "approver"


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the settings file."""

    def problem(self) -> tuple[str, str] | None:
        """Return the setting that does not go with the others, and what is wrong with it."""
        return None


class Certificates(Table, frozen=True, kw_only=True):
    """Whom to trust over TLS, and who we are. That a server's certificate is checked is no setting."""

    ca_file: Annotated[
        FilePath | None,
        Meta(description="PEM file of the only authority to trust; those of the system when left out."),
    ] = None
    client_cert: Annotated[
        FilePath | None, Meta(description="PEM file of our own certificate, for a server that wants one.")
    ] = None
    client_key: Annotated[
        FilePath | None,
        Meta(description="PEM file of mode 0600 that holds its key; client_cert holds it when left out."),
    ] = None

    def problem(self) -> tuple[str, str] | None:
        """There is something in it, and no key without its certificate."""
        if self.client_key is not None and self.client_cert is None:
            return "client_cert", "is missing: wanted the certificate that client_key belongs to"
        if self.ca_file is None and self.client_cert is None:
            return "ca_file", "is missing, and so is client_cert: wanted one of them or both"
        return None


class LogPublisher(Table, frozen=True, kw_only=True):
    """The stream of changes that a controller publishes beside its interface."""

    address: Annotated[LogAddress, Meta(description="Where the Log Publisher listens.")]
    tls: Annotated[bool, Meta(description="Whether it speaks TLS.")] = False

    @property
    def host(self) -> str:
        """The host of its address."""
        return urlsplit(f"//{self.address}").hostname or ""

    @property
    def port(self) -> int:
        """The port of its address."""
        return urlsplit(f"//{self.address}").port or 0


class AutoStore(Table, frozen=True, kw_only=True):
    """The AutoStore controller of a site."""

    url: Annotated[BaseUrl, Meta(description="Where the controller's interface listens.")]
    ports: Annotated[PortIds, Meta(description="The ports of the site.")]
    interface: Annotated[Interface, Meta(description="Which interface the site uses.")] = Interface.TASK
    encoding: Annotated[Literal["xml", "json"], Meta(description="How requests are written.")] = "xml"
    interval: Annotated[Seconds, Meta(ge=1, le=3600, description="Time between two reads of a port.")] = 1.0
    timeout: Annotated[Seconds, Meta(ge=0.1, le=60, description="Longest time a call may take.")] = 5.0
    calls_per_second: Annotated[
        int, Meta(ge=1, le=10_000, description="Most calls that reading in the background makes.")
    ] = 100
    in_flight: Annotated[int, Meta(ge=1, le=16, description="Most such calls at the same time.")] = 8
    log_publisher: Annotated[
        LogPublisher | None, Meta(description="Where changes are told at once, beside what is read.")
    ] = None
    certificates: Annotated[
        Certificates | None, Meta(description="For https, and for a Log Publisher that speaks TLS.")
    ] = None

    @property
    def poll_timeout(self) -> float:
        """Seconds that a repeated read may take: always less than the interval (rule 68)."""
        return min(self.timeout, _POLL_SHARE * self.interval)

    @property
    def streams_tls(self) -> bool:
        """Whether there is a Log Publisher that speaks TLS."""
        return self.log_publisher is not None and self.log_publisher.tls

    def problem(self) -> tuple[str, str] | None:
        """No certificates where TLS is not spoken."""
        if self.certificates is not None and not (is_https(self.url) or self.streams_tls):
            return "certificates", _UNUSED
        return None


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
    certificates: Annotated[Certificates | None, Meta(description="For https.")] = None

    @property
    def poll_timeout(self) -> float:
        """Seconds that a repeated read may take: always less than the interval (rule 68)."""
        return min(self.timeout, _POLL_SHARE * self.interval)

    def problem(self) -> tuple[str, str] | None:
        """One source for each secret, no plain http by accident (rule 63), and no idle certificates."""
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
        if self.certificates is not None and not is_https(self.url):
            return "certificates", _UNUSED
        return None


class Safety(Table, frozen=True, kw_only=True):
    """What a plan, a run and a single command keep to (operations-safety rules 11 to 25)."""

    single_seconds: Annotated[
        Seconds, Meta(ge=1, le=600, description="How long the confirmation of one target holds.")
    ] = 15.0
    plan_seconds: Annotated[
        Seconds, Meta(ge=1, le=3600, description="How long a plan for several targets may wait to be begun.")
    ] = 120.0
    typed_above: Annotated[
        int, Meta(ge=0, le=2000, description="Targets above which their number is typed to confirm.")
    ] = 10
    most_targets: Annotated[int, Meta(ge=1, le=100_000, description="Most targets of one plan.")] = 2000
    least_open_ports: Annotated[
        int, Meta(ge=0, le=2000, description="Ports that have to stay in service; 0 is no such limit.")
    ] = 0
    commands_per_minute: Annotated[
        int, Meta(ge=0, le=100_000, description="Most commands a minute, from this host; 0 is no limit.")
    ] = 0
    commands_per_second: Annotated[
        float, Meta(ge=0, le=1000, description="Most commands a second of one run; 0 is no limit.")
    ] = 20.0
    fan_out: Annotated[int, Meta(ge=1, le=16, description="Commands of a run that are sent at a time.")] = 4
    pause_after_first: Annotated[
        bool, Meta(description="Whether a run waits for a person after its first target.")
    ] = True
    stop_failures: Annotated[
        int, Meta(ge=1, le=1000, description="Failed and unknown targets at which a run stops.")
    ] = 3
    stop_percent: Annotated[
        float, Meta(ge=0, le=100, description="The same as a share of the plan, if that is more.")
    ] = 5.0
    stop_most: Annotated[int, Meta(ge=1, le=1000, description="The same, whatever the share says.")] = 20
    stop_lost: Annotated[
        int, Meta(ge=1, le=100, description="Targets lost in a row, unknown or unreachable, that stop a run.")
    ] = 2
    wait_for_empty: Annotated[
        Seconds, Meta(ge=1, le=86400, description="Longest time a run waits for a port to run empty.")
    ] = 1800.0
    lease_seconds: Annotated[
        Seconds, Meta(ge=5, le=600, description="How long a silent run keeps its targets from others.")
    ] = 30.0
    critical: Annotated[
        CommandNames, Meta(description="Commands that a second person has to approve, as part of a plan.")
    ] = CommandNames(())
    approval_seconds: Annotated[
        Seconds, Meta(ge=10, le=86400, description="How long a critical plan waits, and its approval holds.")
    ] = 600.0
    emergency: Annotated[
        CommandNames, Meta(description="Commands a supervisor keeps while the journal cannot be written.")
    ] = CommandNames(())
    shelve_hours: Annotated[
        float, Meta(ge=0.1, le=8, description="How long an alarm may be shelved at most, in hours.")
    ] = 8.0
    allow_unattributed: Annotated[
        bool,
        Meta(
            description="Whether people may command whose login the system does not know; at simulated "
            "sites, and where all servers are on this machine, they may anyway."
        ),
    ] = False


class Site(Table, frozen=True, kw_only=True):
    """One site: its systems, and how carefully to treat them."""

    read_only: Annotated[bool, Meta(description="Whether commands are refused at this site.")] = False
    simulator: Annotated[
        bool, Meta(description="Whether the site is simulated: the screen says SIMULATOR, not LIVE.")
    ] = False
    autostore: Annotated[AutoStore | None, Meta(description="The AutoStore controller.")] = None
    mor: Annotated[Mor | None, Meta(description="The MOR phone switch.")] = None
    safety: Annotated[Safety, Meta(description="Limits on what a slip can do.")] = Safety()

    @property
    def unattributed_may_command(self) -> bool:
        """Whether it need not be known who logged in: when set so, simulated, or all on this machine."""
        urls = [one.url for one in (self.autostore, self.mor) if one is not None]
        return self.safety.allow_unattributed or self.simulator or all(map(is_loopback, urls))

    def problem(self) -> tuple[str, str] | None:
        """A site has something to connect to."""
        if self.autostore is None and self.mor is None:
            return "autostore", "is missing, and so is mor: wanted one of them or both"
        return None


class Groups(Table, frozen=True, kw_only=True):
    """Unix groups whose members may have a role; a role without one is open to everybody."""

    technician: Annotated[Name | None, Meta(description="Group of those who may command.")] = None
    supervisor: Annotated[Name | None, Meta(description="Group of the supervisors.")] = None
    approver: Annotated[Name | None, Meta(description="Group of those who approve only.")] = None

    @property
    def by_role(self) -> dict[Role, str]:
        """The groups that are named, by their role."""
        named = {role: getattr(self, role.value, None) for role in Role}
        return {role: group for role, group in named.items() if group}


class JournalCopies(Table, frozen=True, kw_only=True):
    """What is sent of the journal to elsewhere, so that a cut end shows (rules 50 and 51)."""

    heads_to: Annotated[
        SyslogAddress | None,
        Meta(description="Syslog on another host that number and hash of the newest record go to."),
    ] = None
    heads_seconds: Annotated[Seconds, Meta(ge=1, le=3600, description="Time until they are sent again.")] = (
        60.0
    )
    heads_records: Annotated[
        int, Meta(ge=1, le=10_000, description="Records after which they are sent at once.")
    ] = 100
    copy_to: Annotated[
        SyslogAddress | None,
        Meta(description="Syslog that gets a copy of each record; it may lose some."),
    ] = None


class Settings(Table, frozen=True, kw_only=True):
    """Everything a settings file says, with the defaults filled in."""

    default_site: Annotated[Name | None, Meta(description="Site to open when none is named.")] = None
    theme: Annotated[Name, Meta(description="Name of the colour theme.")] = "dark"
    operator: Annotated[Name, Meta(description="Your name on the screen; the login name when left out.")] = ""
    role: Annotated[Role, Meta(description="What you may do here.")] = Role.TECHNICIAN
    groups: Annotated[Groups, Meta(description="Who may have which role.")] = Groups()
    journal_days: Annotated[
        int, Meta(ge=1, le=36500, description="Days after which records should be moved out of the journal.")
    ] = 365
    journal: Annotated[JournalCopies, Meta(description="What of the journal is sent elsewhere.")] = (
        JournalCopies()
    )
    sites: Annotated[dict[str, Site], Meta(description="The sites, each under its name.")] = {}
