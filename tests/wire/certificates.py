"""Who is who over TLS in these tests; nothing else trusts these certificates."""

import ssl
from pathlib import Path

HERE = Path(__file__).parent
LOCALHOST = HERE / "localhost.pem"
"""Key and certificate of 127.0.0.1, which vouches for itself."""

STRANGER = HERE / "stranger.pem"
"""Key and certificate of elsewhere.invalid, likewise."""


def server(
    shows: Path = LOCALHOST, *, asks: bool = False, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> ssl.SSLContext:
    """Return how a server speaks at most `version`; `asks` wants LOCALHOST as the client's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shows)
    context.maximum_version = version
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(LOCALHOST)
    return context


def client(trusts: Path = LOCALHOST, shows: Path | None = None) -> ssl.SSLContext:
    """Return how a client speaks that trusts one certificate and shows another."""
    context = ssl.create_default_context(cafile=trusts)
    if shows is not None:
        context.load_cert_chain(shows)
    return context
