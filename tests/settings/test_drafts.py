"""Site files that a program writes: named after their site, never over another's, and read back."""

import stat
from pathlib import Path

import pytest

from console.autostore.catalogue import Interface
from console.settings import AutoStore, SettingsError, base_url, begin, load, port_ids
from console.settings.drafts import IsThere, StandsElsewhere, draft
from console.settings.tables import Certificates, LogPublisher
from console.settings.values import FilePath, log_address

URL = "http://10.0.0.5:44000"
FOUND = AutoStore(url=base_url(URL), ports=port_ids("1-2000"))
BEFORE = f"""\
# by hand
[sites.hall2]
read_only = false
mor = {{ url = "https://10.0.0.9", user = "admin", secret_file = "./mor.key" }}
[sites.hall2.autostore]
url = "{URL}"
ports = "1-40"
interval = 2
[sites.hall3.autostore]
url = "http://10.0.0.6:44000"
ports = "1"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text('operator = "tess"\n')
    return path


def site_file(settings: Path, text: str, name: str = "hall2.toml") -> Path:
    path = settings.parent / "sites.d" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_a_new_file_is_read_back_and_read_only(settings: Path) -> None:
    new = draft(settings, "Hall 2", anew=False)
    begin(new.path, new.text(FOUND, [9, 1, 2], ["Written by a test.", "Twice\x1b."]))
    assert new.path == settings.parent / "sites.d" / "Hall 2.toml"
    assert stat.S_IMODE(new.path.stat().st_mode) == 0o600
    site = load(settings).sites["Hall 2"]
    assert site.read_only
    assert site.autostore == AutoStore(url=base_url(URL), ports=port_ids("1,2,9"))
    text = new.path.read_text()
    assert text.startswith("# Written by a test.\n# Twice\\x1b.\n\n")
    assert "timeout" not in text and "interface" not in text


def test_what_was_chosen_for_calls_is_written(settings: Path) -> None:
    chosen = AutoStore(
        url=base_url("https://10.0.0.5:44000"),
        ports=port_ids("1-2000"),
        interface=Interface.TASK,
        encoding="json",
        timeout=2.5,
        log_publisher=LogPublisher(address=log_address("10.0.0.5")),
        certificates=Certificates(ca_file=FilePath(Path("/etc/ca.pem"))),
    )
    new = draft(settings, "hall2", anew=False)
    begin(new.path, new.text(chosen, [7], []))
    site = load(settings).sites["hall2"]
    assert site.autostore is not None
    assert (site.autostore.encoding, site.autostore.timeout, site.autostore.ports) == ("json", 2.5, (7,))
    assert site.autostore.certificates == chosen.certificates
    assert site.autostore.log_publisher == chosen.log_publisher


def test_it_needs_no_settings_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "nothing" / "settings.toml"
    new = draft(path, "hall2", anew=False)
    begin(new.path, new.text(FOUND, [1], []))
    path.write_text("")
    assert list(load(path).sites) == ["hall2"]


def test_a_file_that_is_there_is_left_alone(settings: Path) -> None:
    path = site_file(settings, BEFORE)
    with pytest.raises(IsThere, match=r"hall2\.toml: is there already, and was left as it is"):
        draft(settings, "hall2", anew=False)
    assert path.read_text() == BEFORE
    empty = site_file(settings, "", "hall9.toml")
    with pytest.raises(IsThere):
        draft(settings, "hall9", anew=False)
    assert empty.read_text() == ""


def test_anew_keeps_all_but_the_ports(settings: Path) -> None:
    site_file(settings, BEFORE)
    before = load(settings)
    again = draft(settings, "hall2", anew=True)
    begin(again.path, again.text(FOUND, [1, 2, 3, 77], ["Again."]), anew=True)
    after = load(settings)
    assert after.sites["hall3"] == before.sites["hall3"]
    was, is_now = before.sites["hall2"], after.sites["hall2"]
    assert (is_now.mor, is_now.read_only) == (was.mor, False)
    assert is_now.autostore is not None
    assert (is_now.autostore.ports, is_now.autostore.interval) == ((1, 2, 3, 77), 2.0)


def test_ports_of_before_are_those_of_the_same_controller(settings: Path) -> None:
    site_file(settings, BEFORE)
    again = draft(settings, "hall2", anew=True)
    assert again.ports_before(URL) == tuple(range(1, 41))
    assert again.ports_before("http://10.0.0.7:44000") == ()
    assert draft(settings, "hall4", anew=True).ports_before(URL) == ()


@pytest.mark.parametrize("anew", [False, True])
def test_a_site_of_another_file_is_not_written(settings: Path, anew: bool) -> None:
    settings.write_text(f'[sites.hall1.autostore]\nurl = "{URL}"\nports = "1"\n')
    site_file(settings, BEFORE)
    for name in ("hall1", "hall3"):
        with pytest.raises(StandsElsewhere, match=f"site {name} is in the settings already, but not in"):
            draft(settings, name, anew=anew)


@pytest.mark.parametrize("name", ["", "../hall2", "a/b", " hall2", "hall\x1b", "x" * 41, "."])
def test_a_name_that_is_none(settings: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="is not a site's name: wanted a name of letters"):
        draft(settings, name, anew=True)


@pytest.mark.parametrize("text", ["[", "theme = 'dark'", "[sites.hall2.autostore]\nurl = 5"])
def test_a_broken_file_is_not_written_over(settings: Path, text: str) -> None:
    path = site_file(settings, text)
    with pytest.raises(SettingsError, match=r"hall2\.toml: "):
        draft(settings, "hall2", anew=True)
    assert path.read_text() == text


def test_a_file_that_came_meanwhile_is_left_alone(settings: Path) -> None:
    new = draft(settings, "hall2", anew=False)
    path = site_file(settings, BEFORE)
    with pytest.raises(SettingsError, match="is there already, and was left as it is"):
        begin(new.path, new.text(FOUND, [1], []))
    assert path.read_text() == BEFORE
    assert [one.name for one in path.parent.iterdir()] == ["hall2.toml"]
