"""Whatever arrives, each face answers."""

from urllib.parse import urlencode

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from console.autostore.methods import METHODS
from console.simulator.autostore_api import BIN_PATH, TASK_PATH, AutoStoreApi
from console.simulator.mor_api import PREFIX, MorApi
from console.simulator.wire import Face, Received

from .phones import phones
from .small import site

WORLD, PHONES = site(), phones(hash_checked=False)

names = st.sampled_from(
    sorted(
        {"x", "select", "tasks", "bins", "taskgroups", "begingroup"}
        | {method.name for method in METHODS}
        | {field.name for method in METHODS for field in method.params}
    )
)
paths = st.sampled_from([TASK_PATH, BIN_PATH])
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
)


def xml(tree: object) -> str:
    if isinstance(tree, dict):
        return "".join(f"<{name}>{xml(value)}</{name}>" for name, value in tree.items())
    if isinstance(tree, list):
        return "".join(xml(value) for value in tree)
    return str(tree)


def answered(face: Face, received: Received) -> bool:
    asked = face.read(received)
    assert asked.port is None or asked.port >= 0
    assert asked.refuse(1000, "no").body
    return asked.answer().status in (200, 400, 404, 405)


@given(
    path=paths,
    body=st.binary(),
    content_type=st.sampled_from(["", "application/json", "application/xml"]),
)
def test_bytes_to_autostore(path: str, body: bytes, content_type: str) -> None:
    received = Received(verb="POST", path=path, content_type=content_type, body=body)
    assert answered(AutoStoreApi(WORLD), received)


@given(path=paths, method=names, params=trees)
def test_trees_to_autostore(path: str, method: str, params: object) -> None:
    face = AutoStoreApi(WORLD)
    document = f"<methodcall><name>{method}</name><params>{xml(params)}</params></methodcall>"
    body = document.encode(errors="replace")
    assert answered(face, Received(verb="POST", path=path, body=body))
    as_json = msgspec.json.encode({"method": method, "params": params})
    assert answered(face, Received(verb="POST", path=path, content_type="json", body=as_json))


@given(
    verb=st.sampled_from(["POST", "GET", "PUT"]),
    call=st.sampled_from(["devices_get", "device_rule_create", "device_rules_get", "users_get", "", "/x"]),
    query=st.text(st.characters()),
    body=st.binary(),
    accept_encoding=st.text(),
)
def test_bytes_to_the_mor_api(verb: str, call: str, query: str, body: bytes, accept_encoding: str) -> None:
    received = Received(
        verb=verb,
        path=PREFIX + call,
        query=query,
        content_type="application/x-www-form-urlencoded",
        accept_encoding=accept_encoding,
        body=b"u=admin&" + body,
    )
    assert answered(MorApi(PHONES), received)


@given(
    params=st.dictionaries(
        st.sampled_from(["device_id", "name", "cut", "add", "minlen", "maxlen", "user_id"]), st.text()
    )
)
def test_texts_to_the_mor_api(params: dict[str, str]) -> None:
    for call in ("devices_get", "device_rule_create"):
        query = urlencode({"u": "admin", "device_id": "2", **params})
        assert answered(MorApi(PHONES), Received(verb="POST", path=PREFIX + call, query=query))
