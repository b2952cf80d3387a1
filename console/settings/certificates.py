"""Turns the certificates that settings name into the way TLS is spoken; what does not fit is explained."""

import ssl
from pathlib import Path

from console.settings.files import read_named
from console.settings.reading import SettingsError, shown_path
from console.settings.tables import AutoStore, Certificates, Mor

_MOST_BYTES = 4 * 1024 * 1024
"""A bundle of every public authority has a quarter of that."""


def tls_of(system: AutoStore | Mor, where: str) -> ssl.SSLContext | None:
    """Return how TLS is spoken with a system; None leaves it to each connection, with the system's trust.

    Args:
        where: the table of its settings, such as `autostore`.

    Raises:
        SettingsError: a file is missing, open to others, or not what it should be.
    """
    if system.certificates is not None:
        return _context(system.certificates, f"{where}.certificates")
    if isinstance(system, AutoStore) and system.streams_tls:
        return ssl.create_default_context()
    return None


def _context(certificates: Certificates, where: str) -> ssl.SSLContext:
    context = _trusting(certificates.ca_file, f"{where}.ca_file")
    if certificates.client_cert is not None:
        _identify(context, certificates.client_cert, certificates.client_key, where)
    return context


def _trusting(ca_file: Path | None, setting: str) -> ssl.SSLContext:
    if ca_file is None:
        return ssl.create_default_context()
    _check(setting, ca_file, "CERTIFICATE", private=False)
    try:
        return ssl.create_default_context(cafile=ca_file.expanduser())
    except ssl.SSLError as error:
        raise _unusable(setting, shown_path(ca_file), error) from None


def _identify(context: ssl.SSLContext, certificate: Path, key: Path | None, where: str) -> None:
    _check(f"{where}.client_cert", certificate, "CERTIFICATE", private=key is None)
    setting, holder = ("client_cert", certificate) if key is None else ("client_key", key)
    setting = f"{where}.{setting}"
    held = _check(setting, holder, "PRIVATE KEY", private=True)
    if b"ENCRYPTED" in held:
        raise SettingsError(
            f"{setting}: the key in {shown_path(holder)} has a passphrase: wanted one without, "
            "since nobody may be there to type it"
        )
    try:
        context.load_cert_chain(certificate.expanduser(), holder.expanduser())
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            belongs = f"does not belong to the certificate in {shown_path(certificate)}"
            raise SettingsError(f"{setting}: the key in {shown_path(holder)} {belongs}") from None
        either = f"{shown_path(certificate)}, or its key in {shown_path(holder)},"
        raise _unusable(f"{where}.client_cert", either, error) from None


def _check(setting: str, file: Path, kind: str, *, private: bool) -> bytes:
    """Return what a PEM file holds, having seen that something of `kind` is in it."""
    data = read_named(setting, file, _MOST_BYTES, private=private)
    if f"{kind}-----".encode() not in data:
        wanted = f"wanted a text file with a line like -----BEGIN {kind}-----"
        raise SettingsError(f"{setting}: {shown_path(file)} holds no {kind.lower()} in PEM: {wanted}")
    return data


def _unusable(setting: str, files: str, error: ssl.SSLError) -> SettingsError:
    reason = (error.reason or "it is damaged").replace("_", " ").lower()
    return SettingsError(f"{setting}: {files} cannot be used: {reason}")
