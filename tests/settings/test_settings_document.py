"""What is written out: the defaults that ship, the example, and the settings in effect."""

import tomllib
from pathlib import Path

import msgspec
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from console.resources import shipped
from console.settings import AutoStore, Mor, Settings, Site, base_url, parse, port_ids
from console.settings.document import as_tables, as_toml, defaults_toml
from console.settings.field_types import field_type
from console.settings.tables import Certificates, Groups, JournalCopies, LogPublisher, Safety, Table
from console.settings.values import FilePath, PortIds, UserIds, VariableName, log_address, syslog_address

PATH = Path("/etc/portside/settings.toml")
SHAPES: list[type[Table]] = [
    *(Settings, Groups, JournalCopies, Site),
    *(Safety, AutoStore, LogPublisher, Certificates, Mor),
]


def test_the_shipped_defaults_are_those_of_the_program() -> None:
    written = shipped("config", "defaults.toml").read_text("utf-8")
    assert written == defaults_toml(), "run: portside config show --defaults > config/defaults.toml"


def test_the_shipped_defaults_are_toml_and_name_every_setting() -> None:
    raw = tomllib.loads(defaults_toml())
    assert (raw["theme"], raw["role"]) == ("dark", "technician")
    assert raw["sites"]["NAME"]["autostore"]["timeout"] == 5.0
    for shape in SHAPES:
        for field in msgspec.structs.fields(shape):
            assert field.name in defaults_toml()


@pytest.mark.parametrize("shape", SHAPES)
def test_every_setting_has_one_sentence(shape: type[Table]) -> None:
    for field in msgspec.structs.fields(shape):
        sentence = field_type(field.type).sentence
        assert sentence and sentence[0].isupper() and sentence.endswith(".")


def test_every_default_is_a_value_that_the_file_may_hold() -> None:
    raw = tomllib.loads(defaults_toml())
    site = raw["sites"].pop("NAME")
    site["autostore"] |= {"url": "http://10.0.0.5:44000", "ports": "1"}
    site["autostore"]["log_publisher"]["address"] = "10.0.0.5:44001"
    for system in ("autostore", "mor"):
        assert site[system].pop("certificates") == {}
    site["mor"] |= {"url": "https://10.0.0.9", "user": "admin", "secret_env": "MOR_KEY"}
    raw["sites"]["hall1"] = site
    given = Site(
        autostore=AutoStore(
            url=base_url("http://10.0.0.5:44000"),
            ports=port_ids("1"),
            log_publisher=LogPublisher(address=log_address("10.0.0.5")),
        ),
        mor=Mor(url=base_url("https://10.0.0.9"), user="admin", secret_env=VariableName("MOR_KEY")),
    )
    assert parse(tomli_w.dumps(raw), PATH) == Settings(sites={"hall1": given})


def test_the_example_loads_and_is_harmless() -> None:
    text = shipped("config", "example.toml").read_text("utf-8")
    site = parse(text, PATH).sites["hall1"]
    assert site.read_only
    assert site.autostore is not None and site.mor is not None
    assert site.mor.secret_file == PATH.parent / "mor.key"


def test_the_settings_in_the_comments_of_the_example_are_right() -> None:
    text = shipped("config", "example.toml").read_text("utf-8")
    commented = [line for line in text.splitlines() if line.startswith("# ") and " = " in line]
    assert len(commented) == 9
    for line in commented:
        setting = line.removeprefix("# ")
        changed = text.replace(line, setting)
        if setting.startswith("secret_env"):
            changed = changed.replace("\nsecret_file", "\n# secret_file")
        parse(changed, PATH)


def test_settings_in_effect_explain_themselves() -> None:
    text = as_toml(Settings(sites={"Hall 2": Site(mor=Mor(url=base_url("https://mor"), user="admin"))}))
    assert '[sites."Hall 2".mor]\nurl = "https://mor"' in text
    assert "# Name of the API user." in text


def test_text_of_the_file_system_cannot_steer_the_terminal() -> None:
    path = FilePath(Path("/home/\x1b[2J/\u202e/\udcff/mor.key"))
    text = as_toml(
        Settings(sites={"a": Site(mor=Mor(url=base_url("https://mor"), user="a", secret_file=path))})
    )
    assert text.replace("\n", "").isprintable()


NAMES = st.text(st.sampled_from("abc-_ XÄ9"), min_size=1, max_size=9).filter(
    lambda name: name == name.strip()
)
IDS = st.sets(st.integers(1, 2000), min_size=1, max_size=50).map(lambda ids: tuple(sorted(ids)))
CERTIFICATES = st.sampled_from(
    [
        Certificates(ca_file=FilePath(Path("/etc/ca.pem"))),
        Certificates(client_cert=FilePath(Path("/etc/c.pem")), client_key=FilePath(Path("~/c.key"))),
    ]
)
AUTOSTORES = st.builds(
    AutoStore,
    url=st.just(base_url("https://10.0.0.5:44000")),
    log_publisher=st.none()
    | st.builds(LogPublisher, address=st.just(log_address("[::1]:7")), tls=st.booleans()),
    certificates=st.none() | CERTIFICATES,
    ports=IDS.map(PortIds),
    interval=st.floats(1, 3600),
    timeout=st.floats(0.1, 60),
)
MORS = st.builds(
    Mor,
    url=st.just(base_url("https://mor.example")),
    user=NAMES,
    secret_file=st.just(FilePath(Path("/run/mor.key"))),
    users=(IDS | st.just(())).map(UserIds),
    old_names=st.booleans(),
    certificates=st.none() | CERTIFICATES,
)
SYSLOGS = st.sampled_from(["udp://log", "tcp://[::1]:7", "unix:/dev/log"]).map(syslog_address)
COPIES = st.builds(JournalCopies, heads_to=st.none() | SYSLOGS, copy_to=st.none() | SYSLOGS)
SITES = st.builds(Site, read_only=st.booleans(), autostore=AUTOSTORES, mor=MORS | st.none())


@given(st.builds(Settings, operator=NAMES, journal=COPIES, sites=st.dictionaries(NAMES, SITES, max_size=3)))
def test_what_is_written_is_read_back(settings: Settings) -> None:
    assert parse(as_toml(settings), PATH) == settings
    assert tomllib.loads(as_toml(settings)) == as_tables(settings)
