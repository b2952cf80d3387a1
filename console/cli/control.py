"""Speaks to the control port of a simulator that runs."""

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from console.cli.exit import Exit
from console.settings import Unfit, base_url
from console.text import safe

SECONDS = 10.0
"""Longest time that an answer may take."""

_MOST = 64 * 1024 * 1024
"""Bytes of an answer."""


class ControlError(Exception):
    """The control port did not do it; `exit_code` says in which way. The message is safe to show."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(safe(message, 1000))
        self.exit_code = exit_code


class ControlPort:
    """The control port at `url`.

    Raises:
        ControlError: that is no address.
    """

    def __init__(self, url: str) -> None:
        try:
            self._url = base_url(url)
        except Unfit as unfit:
            raise ControlError(f"--control is not an address: {unfit}", Exit.USAGE) from None
        self._opener = build_opener(ProxyHandler({}))  # it is on this machine: never through a proxy

    def ask(self, verb: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Return what it answers.

        Raises:
            ControlError: it refused, in its own words; or nothing there answers as a control port does.
        """
        request = Request(
            self._url + quote(path, safe="/?="),
            method=verb,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return json.loads(answer.read(_MOST))
        except HTTPError as refused:
            raise self._refused(refused.read(_MOST)) from None
        except (OSError, HTTPException) as error:
            raise ControlError(f"no control port at {self._url}: {error}", Exit.NOT_SENT) from None
        except ValueError:
            raise self._stranger() from None

    def _refused(self, body: bytes) -> ControlError:
        try:
            return ControlError(str(json.loads(body)["error"]), Exit.REFUSED)
        except (ValueError, KeyError, TypeError):
            return self._stranger()

    def _stranger(self) -> ControlError:
        return ControlError(f"what answers at {self._url} is not a control port", Exit.UNKNOWN)
