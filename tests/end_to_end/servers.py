"""Servers that answer whatever a test wants: a controller and a MOR server, hostile or broken."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Asked(NamedTuple):
    """One request."""

    path: str
    body: bytes


class Answer(NamedTuple):
    """One reply; without a status the body is all that is sent."""

    body: bytes
    content_type: str = "application/xml"
    status: int | None = 200


Behaviour = Callable[[Asked], Answer | None]
"""Answers a request; None closes the connection without a word."""


class Server(ThreadingHTTPServer):
    """Behaves as it is told, now or later, and remembers what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, behave: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behave = behave
        self.asked: list[Asked] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is none of a test's business."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer one request."""
        asked = Asked(self.path, self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        answer = self.server.behave(asked)
        if answer is None or answer.status is None:
            self.close_connection = True
            self.wfile.write(answer.body if answer else b"")
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def serving(behave: Behaviour) -> Iterator[Server]:
    """Run a server while the block runs."""
    with Server(behave) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def controller(port_status: Callable[[int], Mapping[str, object]], **others: object) -> Behaviour:
    """Return a controller that speaks JSON: a running system, and what `others` say of other methods."""
    replies: dict[str, object] = {"getsystemmode": {"mode": 20, "stopcode": 0}, **others}

    def behave(asked: Asked) -> Answer:
        call = json.loads(asked.body)
        params = replies.get(call["method"])
        if call["method"] == "getportstatus":
            params = port_status(call["params"]["port_id"])
        reply = {"fault": {"code": 1000}} if params is None else {"params": params}
        return Answer(json.dumps(reply).encode(), "application/json")

    return behave


def switch(**pages: str) -> Behaviour:
    """Return a MOR server with a page for each call, written without its outermost element."""

    def behave(asked: Asked) -> Answer:
        page = pages.get(asked.path.rpartition("/")[2], "<error>Feature disabled</error>")
        return Answer(f"<page>{page}</page>".encode())

    return behave
