"""The MOR server on the wire: parameters in, an XML page out in one of its deliveries (mor.md section 1)."""

import gzip
from urllib.parse import parse_qsl

from msgspec import Struct

from console.simulator import calls
from console.simulator.calls import pages
from console.simulator.softswitch import Denied, Softswitch
from console.simulator.switches import Delivery
from console.simulator.wire import Received, Reply

PREFIX = "/billing/api/"
FORM = "application/x-www-form-urlencoded"

_GZIP_LEVEL = 1
_VERBS = ("POST", "GET")


class MorApi:
    """The server's HTTP face: form body, query string or both; a body value wins."""

    def __init__(self, world: Softswitch) -> None:
        self._world = world

    def read(self, received: Received) -> "MorCall":
        """Read a request, whatever its bytes are, without carrying it out."""
        if not received.path.startswith(PREFIX):
            return MorCall(self._world, "", mistake=_not_found())
        if received.verb not in _VERBS:
            return MorCall(self._world, "", mistake=_wrong_verb())
        return MorCall(
            self._world,
            calls.present_name(received.path.removeprefix(PREFIX)),
            _params(received),
            by_get=received.verb == "GET",
            takes_gzip=_takes_gzip(received.accept_encoding),
        )


class MorCall(Struct, frozen=True):
    """A request as read; `mistake` is the reply to one that is refused on the transport level."""

    world: Softswitch
    method: str
    params: dict[str, str] = {}
    by_get: bool = False
    takes_gzip: bool = False
    mistake: Reply | None = None

    @property
    def port(self) -> int | None:
        return None

    def answer(self) -> Reply:
        """Carry it out."""
        if self.mistake is not None:
            return self.mistake
        try:
            page = calls.execute(self.world, self.method, self.params, by_get=self.by_get)
        except Denied as denied:
            return self._error(denied.text, denied.message)
        return self._delivered(page)

    def refuse(self, _code: int, text: str) -> Reply:
        """Answer with an error text instead of carrying it out."""
        return self._error(text or "Access Denied")

    def _error(self, text: str, message: str = "") -> Reply:
        return self._delivered(pages.error(text, self.world.switches.error_place, message))

    def _delivered(self, page: str) -> Reply:
        switches = self.world.switches
        delivery = switches.delivery
        if delivery is Delivery.HTML:
            html = f"<html>\n<head></head>\n<body>\n{page}\n</body>\n</html>"
            return Reply(body=html.encode(), content_type="text/html")
        if delivery is Delivery.DOCUMENTED:
            served = calls.SERVED.get(self.method)
            packed = served is not None and served.gzipped and self.takes_gzip
            delivery = Delivery.GZIP if packed else Delivery.PLAIN
        body = ((pages.DECLARATION if switches.declaration else "") + page).encode()
        if delivery in (Delivery.GZIP, Delivery.RAW_GZIP):
            body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        return Reply(body=body, content_type="text/xml", headers=self._headers(delivery))

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        if delivery is Delivery.GZIP:
            return {"Content-Encoding": "gzip"}
        if delivery is Delivery.ATTACHMENT:
            return {"Content-Disposition": 'attachment; filename="answer.xml"'}
        return {}


def _params(received: Received) -> dict[str, str]:
    query = received.query.encode(errors="replace").decode()
    params = dict(parse_qsl(query, keep_blank_values=True))
    if received.verb == "POST" and received.content_type.lower().startswith(FORM):
        params |= parse_qsl(received.body.decode(errors="replace"), keep_blank_values=True)
    return params


def _takes_gzip(accept_encoding: str) -> bool:
    """Tell whether the client decodes gzip (RFC 9110, 12.5.3)."""
    for offer in accept_encoding.lower().split(","):
        coding, *parameters = (part.strip() for part in offer.split(";"))
        if coding in ("gzip", "x-gzip", "*"):
            return not any(parameter in ("q=0", "q=0.0", "q=0.00", "q=0.000") for parameter in parameters)
    return False


def _not_found() -> Reply:
    """The page a Rails server shows for an address it does not route (mor.md 1.4)."""
    html = "<!DOCTYPE html>\n<html><body><h1>The page you were looking for doesn't exist.</h1></body></html>"
    return Reply(body=html.encode(), status=404, content_type="text/html")


def _wrong_verb() -> Reply:
    return Reply(body=b"POST only", status=405, headers={"Allow": ", ".join(_VERBS)})
