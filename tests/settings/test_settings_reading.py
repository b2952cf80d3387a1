"""From text to settings; and for what is wrong: the file, the place in it, what would be right."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.autostore.catalogue import Interface
from console.mor.calls import Profile
from console.settings import AutoStore, Mor, Settings, SettingsError, Site, base_url, choose, parse, port_ids
from console.text import is_clean

PATH = Path("/etc/portside/settings.toml")
MORE = Path("/etc/portside/sites.d/found.toml")

AUTOSTORE = '[sites.hall2.autostore]\nurl = "http://10.0.0.5:44000"\nports = "1-40,77"\n'
MOR = '[sites.hall2.mor]\nurl = "https://10.0.0.9"\nuser = "admin"\n'
MOR_FILE = MOR + 'secret_file = "./mor.key"\n'


def refusal(text: str, *more: tuple[str, Path]) -> str:
    with pytest.raises(SettingsError) as refused:
        parse(text, PATH, more)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_a_site_and_the_defaults() -> None:
    settings = parse(AUTOSTORE + MOR_FILE, PATH)
    assert settings == Settings(
        sites={
            "hall2": Site(
                autostore=AutoStore(url=base_url("http://10.0.0.5:44000"), ports=port_ids("1-40,77")),
                mor=Mor(
                    url=base_url("https://10.0.0.9"),
                    user="admin",
                    secret_file=Path("/etc/portside/mor.key"),  # type: ignore[arg-type]
                ),
            )
        }
    )
    autostore, mor = settings.sites["hall2"].autostore, settings.sites["hall2"].mor
    assert autostore is not None and mor is not None
    assert (autostore.interface, autostore.encoding) == (Interface.TASK, "xml")
    assert (autostore.interval, autostore.timeout) == (1.0, 5.0)
    assert (autostore.log_publisher, autostore.certificates, mor.certificates) == (None, None, None)
    assert (mor.interval, mor.timeout, mor.users, mor.profile) == (10.0, 10.0, (), Profile.Y2019)


def test_every_setting_can_be_set() -> None:
    settings = parse(
        'default_site = "hall2"\ntheme = "light"\noperator = "Ana"\nrole = "technician"\n'
        "[sites.hall2]\nread_only = true\nsimulator = true\n"
        + AUTOSTORE
        + 'interface = "bin"\nencoding = "json"\ninterval = 2\ntimeout = 0.5\n'
        + MOR
        + 'secret_env = "MOR_KEY"\npassword_file = "~/pw.txt"\nprofile = "live"\nold_names = true\n'
        + 'users = "100,105-107"\ninterval = 60\ntimeout = 20\nallow_http = true\n',
        PATH,
    )
    site = settings.sites["hall2"]
    assert site.autostore is not None and site.mor is not None
    assert (settings.theme, settings.operator, site.read_only, site.simulator) == ("light", "Ana", True, True)
    assert (site.autostore.interface, site.autostore.encoding) == (Interface.BIN, "json")
    assert site.mor.users == (100, 105, 106, 107)
    assert (site.mor.profile, site.mor.password_file) == (Profile.LIVE, Path("~/pw.txt"))


def test_a_log_publisher_and_certificates() -> None:
    settings = parse(
        AUTOSTORE
        + 'log_publisher = { address = "10.0.0.5", tls = true }\n'
        + 'certificates = { ca_file = "./ca.pem", client_cert = "~/c.pem", client_key = "/etc/c.key" }\n'
        + MOR_FILE
        + 'certificates.ca_file = "/etc/mor-ca.pem"\n',
        PATH,
    )
    autostore, mor = settings.sites["hall2"].autostore, settings.sites["hall2"].mor
    assert autostore is not None and mor is not None
    publisher, certificates = autostore.log_publisher, autostore.certificates
    assert publisher is not None and certificates is not None and mor.certificates is not None
    assert (publisher.host, publisher.port, publisher.tls) == ("10.0.0.5", 44001, True)
    assert certificates.ca_file == PATH.parent / "ca.pem"
    assert (certificates.client_cert, certificates.client_key) == (Path("~/c.pem"), Path("/etc/c.key"))
    assert mor.certificates.ca_file == Path("/etc/mor-ca.pem")


def test_a_log_publisher_on_an_ipv6_address() -> None:
    settings = parse(AUTOSTORE + 'log_publisher.address = "[::1]:7"', PATH)
    autostore = settings.sites["hall2"].autostore
    assert autostore is not None and autostore.log_publisher is not None
    publisher = autostore.log_publisher
    assert (publisher.host, publisher.port, publisher.tls) == ("::1", 7, False)


def test_an_absolute_path_stays() -> None:
    settings = parse(MOR + 'secret_file = "/run/keys/mor"', PATH)
    mor = settings.sites["hall2"].mor
    assert mor is not None and mor.secret_file == Path("/run/keys/mor")


@pytest.mark.parametrize(("interval", "timeout"), [(1, 5.0), (1, 0.1), (3600, 60), (2, 2)])
def test_a_poll_never_takes_as_long_as_its_interval(interval: float, timeout: float) -> None:
    settings = parse(AUTOSTORE + f"interval = {interval}\ntimeout = {timeout}", PATH)
    autostore = settings.sites["hall2"].autostore
    assert autostore is not None
    assert 0 < autostore.poll_timeout < autostore.interval
    assert autostore.poll_timeout <= autostore.timeout


WRONG = [
    # text, place, words that must be there
    ("sites = 5", "sites", "is a number: wanted a table for each, [sites.NAME]"),
    ("[sites]\nhall2 = 5", "sites.hall2", "is a number: wanted a table, [sites.hall2]"),
    ('[sites]\nurl = "x"', "sites.url", "is text: wanted a table, [sites.url]"),
    ("sites.hall2.autostore = []", "sites.hall2.autostore", "is a list: wanted a table"),
    ("[sites.hall2]", "sites.hall2.autostore", "is missing, and so is mor"),
    ('[sites."a/b"]', 'sites."a/b"', "wanted a name of letters, digits"),
    ('[sites.""]', 'sites.""', "wanted a name of letters, digits"),
    ('[sites." a"]', 'sites." a"', "wanted a name of letters, digits"),
    (f"[sites.{'a' * 41}]", "sites.aaa", "at most 40"),
    ('[sites."[red]\\u001b"]', 'sites."[red]\\x1b"', "wanted a name of letters"),
    ('deflaut_site = "hall2"', "deflaut_site", "did you mean default_site?"),
    ("colour = 5", "colour", "wanted one of default_site, theme, operator, role, groups"),
    ('default_site = "hall9"', "default_site", 'is "hall9", not a site: there is none yet'),
    (f'default_site = "hal2"\n{AUTOSTORE}', "default_site", "did you mean hall2?"),
    ("default_site = 5", "default_site", "is 5: wanted text of 1 to 100 characters"),
    ('theme = ""', "theme", 'is "": wanted text of 1 to 100'),
    ('operator = "a\\u001bb"', "operator", 'is "a\\x1bb": it has control characters'),
    ('operator = "a\\u202eb"', "operator", "\\u202e"),
    ('role = "root"', "role", 'is "root": wanted "viewer" or "technician" or "supervisor" or "approver"'),
    ("[sites.hall2]\nread_only = 1", "sites.hall2.read_only", "is 1: wanted true or false"),
    ('[sites.hall2]\nread_only = "yes"', "sites.hall2.read_only", 'is "yes": wanted true or false'),
    ('[sites.hall2]\nread_onyl = "yes"', "sites.hall2.read_onyl", "did you mean read_only?"),
    (AUTOSTORE + 'prots = "1"', "sites.hall2.autostore.prots", "did you mean ports?"),
    (
        AUTOSTORE + 'interface = "Task"',
        "sites.hall2.autostore.interface",
        'is "Task": wanted "task" or "bin"',
    ),
    (AUTOSTORE + 'encoding = "yaml"', "sites.hall2.autostore.encoding", 'is "yaml": wanted "xml" or "json"'),
    (AUTOSTORE + "encoding = 5", "sites.hall2.autostore.encoding", 'is 5: wanted "xml" or "json"'),
    (
        AUTOSTORE + "interval = 0.9",
        "sites.hall2.autostore.interval",
        "is 0.9: wanted a number 1 to 3600 (seconds)",
    ),
    (AUTOSTORE + "interval = nan", "sites.hall2.autostore.interval", "is nan: wanted a number 1 to 3600"),
    (AUTOSTORE + "interval = inf", "sites.hall2.autostore.interval", "is inf: wanted a number 1 to 3600"),
    (AUTOSTORE + "interval = true", "sites.hall2.autostore.interval", "is true: wanted a number"),
    (AUTOSTORE + 'interval = "1"', "sites.hall2.autostore.interval", 'is "1": wanted a number'),
    (
        AUTOSTORE + "interval = 1979-05-27",
        "sites.hall2.autostore.interval",
        "is a date or time: wanted a number",
    ),
    (AUTOSTORE + "interval = {a = 1}", "sites.hall2.autostore.interval", "is a table: wanted a number"),
    (
        AUTOSTORE + f"interval = 0x{'f' * 5000}",
        "sites.hall2.autostore.interval",
        "is a number beyond 64 bits",
    ),
    (AUTOSTORE + "timeout = 0", "sites.hall2.autostore.timeout", "is 0: wanted a number 0.1 to 60 (seconds)"),
    (AUTOSTORE + "timeout = 61", "sites.hall2.autostore.timeout", "is 61: wanted a number 0.1 to 60"),
    (
        AUTOSTORE.replace('ports = "1-40,77"', ""),
        "sites.hall2.autostore.ports",
        "is missing: wanted port ids 1 to 2000",
    ),
    (
        AUTOSTORE.replace("1-40,77", "5-1"),
        "sites.hall2.autostore.ports",
        'is "5-1": 5-1 runs backwards; wanted port',
    ),
    (AUTOSTORE.replace("1-40,77", "abc"), "sites.hall2.autostore.ports", 'like "1-40,77"'),
    (AUTOSTORE.replace("1-40,77", ""), "sites.hall2.autostore.ports", 'is "": it is empty; wanted port ids'),
    (AUTOSTORE.replace('"1-40,77"', "[0]"), "sites.hall2.autostore.ports", "0 is not within 1 to 2000"),
    (AUTOSTORE.replace('"1-40,77"', "3"), "sites.hall2.autostore.ports", "is 3: wanted port ids"),
    (
        AUTOSTORE.replace("http://", ""),
        "sites.hall2.autostore.url",
        'is "10.0.0.5:44000": it does not start with http',
    ),
    (
        AUTOSTORE.replace("44000", "44000/api"),
        "sites.hall2.autostore.url",
        "goes on after host and port; wanted",
    ),
    (MOR, "sites.hall2.mor.secret_file", "is missing: wanted secret_file or secret_env"),
    (MOR_FILE + 'secret_env = "A"', "sites.hall2.mor.secret_env", "stands beside secret_file: wanted one"),
    (
        MOR_FILE + 'password_env = "A"\npassword_file = "./b"',
        "sites.hall2.mor.password_env",
        "stands beside password_file",
    ),
    (MOR_FILE.replace('user = "admin"', ""), "sites.hall2.mor.user", "is missing: wanted text"),
    (
        MOR_FILE.replace("https", "http"),
        "sites.hall2.mor.url",
        'is "http://10.0.0.9": wanted https, or allow_http = true',
    ),
    (MOR_FILE + "profile = 2019", "sites.hall2.mor.profile", 'is 2019: wanted "2019" or "2020" or "live"'),
    (MOR_FILE + "users = []", "sites.hall2.mor.users", "it is empty; wanted at most 1000 user ids"),
    (MOR_FILE + "users = [0]", "sites.hall2.mor.users", "0 is not within"),
    (
        AUTOSTORE + 'log_publisher = "10.0.0.5:44001"',
        "sites.hall2.autostore.log_publisher",
        "is text: wanted a table, [sites.hall2.autostore.log_publisher]",
    ),
    (
        AUTOSTORE + "log_publisher = {}",
        "sites.hall2.autostore.log_publisher.address",
        "is missing: wanted a host and perhaps a port, like 10.0.0.5:44001",
    ),
    (
        AUTOSTORE + 'log_publisher.address = "tcp://10.0.0.5"',
        "sites.hall2.autostore.log_publisher.address",
        'is "tcp://10.0.0.5": it goes on after host and port; wanted a host',
    ),
    (
        AUTOSTORE + 'log_publisher = { address = "10.0.0.5", verify = false }',
        "sites.hall2.autostore.log_publisher.verify",
        "is not a setting",
    ),
    (
        AUTOSTORE + 'certificates.ca_file = "./ca.pem"',
        "sites.hall2.autostore.certificates",
        "would not be used: wanted them beside an https url, or not at all",
    ),
    (
        AUTOSTORE + 'certificates.ca_file = "./ca.pem"\nlog_publisher.address = "10.0.0.5"',
        "sites.hall2.autostore.certificates",
        "would not be used",
    ),
    (
        MOR_FILE.replace("https", "http") + 'allow_http = true\ncertificates.ca_file = "./ca.pem"',
        "sites.hall2.mor.certificates",
        "would not be used",
    ),
    (
        MOR_FILE + "certificates = {}",
        "sites.hall2.mor.certificates.ca_file",
        "is missing, and so is client_cert",
    ),
    (
        MOR_FILE + 'certificates.client_key = "./c.key"',
        "sites.hall2.mor.certificates.client_cert",
        "is missing: wanted the certificate that client_key belongs to",
    ),
    (MOR_FILE + 'certificates.ca_file = "ca"', "sites.hall2.mor.certificates.ca_file", "is not shown here"),
    ('[sites."Hall 2".autostore]\nprots = 1', 'sites."Hall 2".autostore.prots', "did you mean ports?"),
]


@pytest.mark.parametrize(("text", "place", "words"), WRONG)
def test_what_is_wrong_is_named_with_its_place_and_the_remedy(text: str, place: str, words: str) -> None:
    message = refusal(text)
    assert message.startswith(f"{PATH}: {place}")
    assert words in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme =", "line 1"),
        ("\n\ntheme = dark\n", "(at line 3, column 9)"),
        ('theme = "a"\ntheme = "b"\n', "Cannot overwrite a value (at line 2, column 12)"),
        ("[a]\n[a]\n", "twice"),
        ("theme = '\x00'", "invalid"),
        ("\x1b[2J", "line 1, column 1"),
        ("a = " + "[" * 100_000, "nested too deep"),
        ("a = " + "1" * 5000, "4300 digits"),
        ("a = '\ud800'\n[", "line 2"),
    ],
)
def test_what_is_not_toml_is_named_with_its_line(text: str, words: str) -> None:
    message = refusal(text)
    assert message.startswith(f"{PATH}: is not TOML: ")
    assert words.lower() in message.lower()
    assert "\x1b" not in message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (MOR + 'secret = "canary"', "sites.hall2.mor.secret"),
        (MOR + 'password = "canary"', "sites.hall2.mor.password"),
        (MOR + 'api_key = "canary"', "sites.hall2.mor.api_key"),
        (MOR + 'Token = "canary"', "sites.hall2.mor.Token"),
        ('secret = "canary"', "secret"),
        ('[secrets]\nmor = "canary"', "secrets"),
    ],
)
def test_a_secret_in_the_file_is_sent_elsewhere(text: str, place: str) -> None:
    message = refusal(text)
    assert message.startswith(f"{PATH}: {place} is not a setting, and secrets do not belong here")
    assert "secret_file" in message and "secret_env" in message and "0600" in message
    assert "canary" not in message


@pytest.mark.parametrize(
    "text",
    [
        MOR + 'secret_file = "canary"',
        MOR + 'secret_env = "canary"',
        MOR + 'secert = "canary"',
        MOR_FILE.replace("10.0.0.9", "u:canary@10.0.0.9"),
        MOR_FILE.replace("10.0.0.9", "10.0.0.9?p=canary"),
        '[mor]\nuser = "canary"',
        '[sites]\nhall2 = "canary"',
        'sites = "canary"',
        '[sites.hall2]\nmor = "canary"',
        'secret_file = "canary\n',
        "secret_env = canary",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_echoed(text: str) -> None:
    assert "canary" not in refusal(text)


def test_mor_over_http_is_fine_on_this_machine_or_when_asked_for() -> None:
    parse(MOR_FILE.replace("https://10.0.0.9", "http://127.0.0.1:8080"), PATH)
    parse(MOR_FILE.replace("https", "http") + "allow_http = true", PATH)


def test_other_files_add_sites() -> None:
    settings = parse(
        'default_site = "hall3"\n' + AUTOSTORE,
        PATH,
        [(AUTOSTORE.replace("hall2", "hall3"), MORE), ("", MORE)],
    )
    assert list(settings.sites) == ["hall2", "hall3"]


def test_a_site_in_two_files_names_both() -> None:
    message = refusal(AUTOSTORE, (AUTOSTORE, MORE))
    assert message == f"{MORE}: sites.hall2 is also in {PATH}: wanted in one file"


def test_other_files_hold_only_sites() -> None:
    assert (
        refusal("", ('theme = "dark"', MORE))
        == f"{MORE}: theme does not belong here: wanted only [sites.NAME] tables"
    )
    assert refusal("", ("sites = 1", MORE)).startswith(f"{MORE}: sites is a number")
    assert refusal("", ("[", MORE)).startswith(f"{MORE}: is not TOML")
    assert refusal("", (MOR_FILE + "x = 1", MORE)).startswith(f"{MORE}: sites.hall2.mor.x is not a setting")


def test_relative_paths_of_other_files_start_beside_them() -> None:
    mor = parse("", PATH, [(MOR_FILE, MORE)]).sites["hall2"].mor
    assert mor is not None and mor.secret_file == MORE.parent / "mor.key"


SITES = {"hall2": Site(), "hall3": Site()}


@pytest.mark.parametrize(
    ("settings", "named", "chosen"),
    [
        (Settings(sites=SITES), "hall3", "hall3"),
        (Settings(sites=SITES, default_site="hall2"), None, "hall2"),
        (Settings(sites=SITES, default_site="hall2"), "hall3", "hall3"),
        (Settings(sites={"hall2": Site()}), None, "hall2"),
    ],
)
def test_which_site(settings: Settings, named: str | None, chosen: str) -> None:
    assert choose(settings, PATH, named)[0] == chosen


@pytest.mark.parametrize(
    ("settings", "named", "words"),
    [
        (
            Settings(),
            None,
            "no default_site, and none was named: there is none yet; wanted a table like [sites.hall1]",
        ),
        (Settings(), "hall2", "there is none yet"),
        (Settings(sites=SITES), None, "no default_site, and none was named: wanted one of hall2, hall3"),
        (Settings(sites=SITES), "hal3", 'no site "hal3": did you mean hall3?'),
        (Settings(sites=SITES), "", 'no site ""'),
        (Settings(sites=SITES), "\x1b", 'no site "\\x1b": wanted one of hall2, hall3'),
    ],
)
def test_no_such_site(settings: Settings, named: str | None, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        choose(settings, PATH, named)
    assert str(refused.value).startswith(f"{PATH}: ")
    assert words in str(refused.value)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Settings().theme = "light"  # type: ignore[misc]
    assert msgspec.structs.replace(Settings(), theme="light").theme == "light"


PIECES = st.sampled_from(
    [
        "[sites.hall2]",
        "[sites.hall2.mor]",
        "[sites.hall2.autostore]",
        "theme",
        "ports",
        "url",
        "=",
        '"1-4"',
        "5",
        "[",
        "{",
        "\n",
        ".",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_settings_or_an_error(text: str) -> None:
    try:
        assert isinstance(parse(text, PATH), Settings)
    except SettingsError as error:
        assert is_clean(str(error))


VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.datetimes(),
        st.dates(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
NAMES = [field.name for shape in (Settings, Site, AutoStore, Mor) for field in msgspec.structs.fields(shape)]


@given(
    st.sampled_from(["", "sites.hall2", "sites.hall2.autostore", "sites.hall2.mor"]),
    st.sampled_from(NAMES),
    VALUES,
)
def test_any_value_anywhere_is_settings_or_an_error(table: str, name: str, value: object) -> None:
    import tomli_w

    nested: dict[str, object] = {name: value}
    for key in reversed(table.split(".") if table else []):
        nested = {key: nested}
    try:
        assert isinstance(parse(tomli_w.dumps(nested), PATH), Settings)
    except SettingsError as error:
        assert is_clean(str(error))
