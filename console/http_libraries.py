"""httpx and aiohttp, imported without the trust store.

aiohttp reads the system's certificates twice while it is imported, for contexts of its own: a third
of the whole import, just when somebody waits for the first value. Nobody uses those contexts, for
each `Link` is given one; should one of them ever be used, it trusts no server at all.
"""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _no_trust_store() -> Iterator[None]:
    """Let contexts made on this thread load no certificates of the system."""
    here = threading.get_ident()
    load = ssl.SSLContext.set_default_verify_paths

    def load_elsewhere(context: ssl.SSLContext) -> None:
        if threading.get_ident() != here:
            load(context)

    ssl.SSLContext.set_default_verify_paths = load_elsewhere  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        ssl.SSLContext.set_default_verify_paths = load  # type: ignore[method-assign]


with _no_trust_store():
    import aiohttp
    import httpx
    from httpx_aiohttp import AiohttpTransport

__all__ = ["AiohttpTransport", "aiohttp", "httpx"]
