"""Certificates from files: what makes a TLS context, and what is said of files that make none."""

import os
import ssl
from pathlib import Path

import pytest

from console.settings import AutoStore, Mor, SettingsError, Site, base_url, port_ids
from console.settings.certificates import tls_of
from console.settings.tables import Certificates, LogPublisher
from console.settings.values import FilePath, VariableName, log_address
from console.site_spec import configured

WIRE = Path(__file__).parents[1] / "wire"
LOCALHOST, STRANGER = (WIRE / f"{name}.pem" for name in ("localhost", "stranger"))
LOCKED = Path(__file__).with_name("locked.key")
"""A key behind a passphrase."""

END_OF_KEY = "-----END PRIVATE KEY-----\n"


def autostore(ca: Path | None = None, cert: Path | None = None, key: Path | None = None) -> AutoStore:
    ca_file, client_cert, client_key = (FilePath(one) if one else None for one in (ca, cert, key))
    return AutoStore(
        url=base_url("https://10.0.0.5:44000"),
        ports=port_ids("1"),
        certificates=Certificates(ca_file=ca_file, client_cert=client_cert, client_key=client_key),
    )


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return written(tmp_path / "c.key", LOCALHOST.read_text().partition(END_OF_KEY)[0] + END_OF_KEY)


@pytest.fixture
def cert(tmp_path: Path) -> Path:
    """A certificate that everybody may read, as is usual."""
    return written(tmp_path / "c.pem", LOCALHOST.read_text().partition(END_OF_KEY)[2], 0o644)


def refusal(system: AutoStore) -> str:
    with pytest.raises(SettingsError) as refused:
        tls_of(system, "autostore")
    message = str(refused.value)
    assert message.isprintable()
    return message.removeprefix("autostore.certificates.")


def checks(context: ssl.SSLContext | None) -> bool:
    assert context is not None
    return context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname


def test_an_authority_replaces_those_of_the_system(cert: Path) -> None:
    context = tls_of(autostore(cert), "autostore")
    assert checks(context)
    assert context is not None and context.cert_store_stats()["x509"] == 1


def test_a_certificate_and_its_key_in_two_files_or_in_one(tmp_path: Path, cert: Path, key: Path) -> None:
    together = written(tmp_path / "both.pem", LOCALHOST.read_text())
    assert checks(tls_of(autostore(cert=cert, key=key), "autostore"))
    assert checks(tls_of(autostore(cert=together), "autostore"))


def test_files_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, cert: Path, key: Path) -> None:
    monkeypatch.setenv("HOME", str(cert.parent))
    assert checks(tls_of(autostore(Path("~/c.pem"), Path("~/c.pem"), Path("~/c.key")), "autostore"))


def test_without_certificates_there_is_a_context_only_for_a_stream_over_tls() -> None:
    plain = AutoStore(url=base_url("https://10.0.0.5:44000"), ports=port_ids("1"))
    address = log_address("10.0.0.5")
    assert tls_of(plain, "autostore") is None
    for tls in (False, True):
        streaming = AutoStore(
            url=base_url("http://10.0.0.5:44000"),
            ports=port_ids("1"),
            log_publisher=LogPublisher(address=address, tls=tls),
        )
        context = tls_of(streaming, "autostore")
        assert checks(context) if tls else context is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_may_touch(cert: Path, key: Path, mode: int) -> None:
    key.chmod(mode)
    assert refusal(autostore(cert=cert, key=key)) == f"client_key: others may use {key}: run chmod 600 {key}"


def test_a_certificate_file_with_its_key_that_others_may_touch(tmp_path: Path) -> None:
    together = written(tmp_path / "both.pem", LOCALHOST.read_text(), 0o644)
    assert refusal(autostore(cert=together)) == (
        f"client_cert: others may use {together}: run chmod 600 {together}"
    )


def test_missing_files_are_named(tmp_path: Path, cert: Path) -> None:
    gone = tmp_path / "gone.pem"
    there_is_none = f"there is no file {gone}; a relative path starts beside the settings file"
    assert refusal(autostore(gone)) == f"ca_file: {there_is_none}"
    assert refusal(autostore(cert=gone)) == f"client_cert: {there_is_none}"
    assert refusal(autostore(cert=cert, key=gone)) == f"client_key: {there_is_none}"


def test_what_is_no_file(tmp_path: Path) -> None:
    assert refusal(autostore(tmp_path)) == f"ca_file: {tmp_path} cannot be read: Is a directory"
    os.mkfifo(tmp_path / "pipe")
    assert refusal(autostore(tmp_path / "pipe")).endswith("cannot be read: it is not a regular file")
    assert refusal(autostore(Path("~nobody-of-that-name/ca.pem"))).endswith("the path is not one")


def test_files_that_hold_something_else(cert: Path, key: Path) -> None:
    wanted = "wanted a text file with a line like -----BEGIN"
    no_certificate = f"{key} holds no certificate in PEM: {wanted} CERTIFICATE-----"
    assert refusal(autostore(key)) == f"ca_file: {no_certificate}"
    assert refusal(autostore(cert=key, key=key)) == f"client_cert: {no_certificate}"
    cert.chmod(0o600)
    no_key = f"{cert} holds no private key in PEM: {wanted} PRIVATE KEY-----"
    assert refusal(autostore(cert=cert)) == f"client_cert: {no_key}"
    assert refusal(autostore(cert=cert, key=cert)) == f"client_key: {no_key}"


def test_damaged_files(cert: Path, key: Path, tmp_path: Path) -> None:
    damaged = written(tmp_path / "damaged.pem", cert.read_text().replace("MII", "!!!"))
    assert refusal(autostore(damaged)).startswith(f"ca_file: {damaged} cannot be used: ")
    either = f"client_cert: {damaged}, or its key in {key}, cannot be used: "
    assert refusal(autostore(cert=damaged, key=key)).startswith(either)
    key.write_text(key.read_text().replace("MIG", "!!!"))
    assert refusal(autostore(cert=cert, key=key)).startswith(either.replace(str(damaged), str(cert)))


def test_a_key_of_another_certificate(cert: Path, tmp_path: Path) -> None:
    other = written(tmp_path / "other.key", STRANGER.read_text().partition(END_OF_KEY)[0] + END_OF_KEY)
    assert refusal(autostore(cert=cert, key=other)) == (
        f"client_key: the key in {other} does not belong to the certificate in {cert}"
    )


def test_a_key_behind_a_passphrase_is_refused_and_nobody_asked(cert: Path, tmp_path: Path) -> None:
    locked = written(tmp_path / "locked.key", LOCKED.read_text())
    assert refusal(autostore(cert=cert, key=locked)) == (
        f"client_key: the key in {locked} has a passphrase: wanted one without, "
        "since nobody may be there to type it"
    )


async def test_the_endpoints_of_a_site_carry_them(
    cert: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOR_KEY", "0123456789abcdefghijklmnopqrstuv")
    mor = Mor(
        url=base_url("https://10.0.0.9"),
        user="admin",
        secret_env=VariableName("MOR_KEY"),
        certificates=Certificates(ca_file=FilePath(cert)),
    )
    endpoints = await configured("hall2", Site(autostore=autostore(cert), mor=mor))()
    assert checks(endpoints.autostore_tls) and checks(endpoints.mor_tls)
    assert endpoints.autostore_tls is not endpoints.mor_tls
    broken = Site(autostore=autostore(tmp_path / "gone.pem"))
    with pytest.raises(
        SettingsError, match=r"^site hall2: autostore\.certificates\.ca_file: there is no file"
    ):
        await configured("hall2", broken)()
