"""What is left out while the HTTP libraries are imported stays out of them, and of nothing else."""

import os
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from console.http_libraries import _no_trust_store

from .certificates import LOCALHOST

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import ssl
from console.http_libraries import aiohttp
contexts = aiohttp.connector._SSL_CONTEXT_VERIFIED, ssl.create_default_context()
print(*(context.cert_store_stats()["x509"] for context in contexts))
"""


def certificates(context: ssl.SSLContext) -> int:
    return context.cert_store_stats()["x509"]


def test_aiohttp_s_own_context_trusts_nobody_and_all_later_ones_the_system() -> None:
    environment = {**os.environ, "SSL_CERT_FILE": str(LOCALHOST), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["0", "1"]


def test_other_threads_load_the_trust_store_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(LOCALHOST))
    with ThreadPoolExecutor() as elsewhere:
        with _no_trust_store():
            assert certificates(ssl.create_default_context()) == 0
            assert certificates(elsewhere.submit(ssl.create_default_context).result()) == 1
        assert certificates(ssl.create_default_context()) == 1
