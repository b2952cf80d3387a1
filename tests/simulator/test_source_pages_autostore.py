"""The requests printed on the pages openport, case_extract and case_cancel, answered as printed there."""

import pytest

from console.simulator.default_warehouse import build_warehouse
from console.simulator.warehouse import Warehouse

from .small import call, post, site, wait, with_open_bin

SUCCESS = b'<?xml version="1.0"?>\n<response>\n  <params/>\n</response>'
FAULT_1000 = b'<?xml version="1.0"?>\n<response>\n  <fault>\n    <code>1000</code>\n  </fault>\n</response>'

OPENPORT_XML = """<?xml version="1.0"?>
<methodcall>
  <name>openport</name>
  <params>
    <port_id>4</port_id>
    <req_time>2008-12-12T14:00:00Z</req_time>
    <select>
      <category>1</category>
      <category>2</category>
    </select>
  </params>
</methodcall>"""

OPENPORT_JSON = (
    '{\n    "method": "openport",\n    "params": {\n        "port_id": 1,\n'
    '      \t"req_time": "2008-12-12T14:00:00Z",\n        "select": \n        {\n'
    '            "category": [\n                1,2\n            ]\n        }\n    }\n}'
)

CASE_XML = """<?xml version="1.0"?>
<methodcall>
  <name>{method}</name>
  <params>
    <port_id>4</port_id>
    <bin_id>101337</bin_id>
  </params>
</methodcall>"""

CASE_XML_OF_THE_CSHARP_SAMPLE = CASE_XML.replace("  </params>", "</params>")

CASE_JSON = (
    '{{\n    "method": "{method}",\n    "params": {{\n'
    '        "port_id": 4,\n    \t\t"bin_id": 101337\n\t\t}}\n}}'
)

XML, JSON = "application/xml", "application/json"


def bin_101337_open(world: Warehouse) -> Warehouse:
    """Do what lies between the openport and the case_extract of the pages."""
    post(world, OPENPORT_XML)
    assert call(world, "openbin", port_id=4)["bin_id"] == 101337
    wait(world, 5)
    return world


def test_openport_in_xml() -> None:
    world = build_warehouse()
    assert post(world, OPENPORT_XML).body == SUCCESS
    assert world.ports[4].categories == (1, 2)


def test_openport_in_json() -> None:
    world = build_warehouse()
    assert post(world, OPENPORT_JSON, JSON).body == b'{"params": {}}'
    assert world.ports[1].categories == (1, 2)


@pytest.mark.parametrize(
    ("document", "content_type", "success"),
    [
        (CASE_XML, XML, SUCCESS),
        (CASE_XML_OF_THE_CSHARP_SAMPLE, XML, SUCCESS),
        (CASE_JSON, JSON, b'{"params": {}}'),
    ],
)
def test_the_case_of_bin_101337_jams_is_cancelled_and_then_comes_out(
    document: str, content_type: str, success: bytes
) -> None:
    world = bin_101337_open(build_warehouse())
    extract, cancel = (document.format(method=name) for name in ("case_extract", "case_cancel"))
    assert post(world, extract, content_type).body == success
    wait(world, 4)
    assert call(world, "case_getstate", port_id=4)["case_error"] is True
    assert post(world, cancel, content_type).body == success
    assert post(world, extract, content_type).body == success
    wait(world, 4)
    assert call(world, "case_getstate", port_id=4)["case_state"] == "ECMP"


@pytest.mark.parametrize(
    "body", [OPENPORT_XML, *(CASE_XML.format(method=f"case_{verb}") for verb in ("extract", "cancel"))]
)
def test_the_printed_fault_in_xml(body: str) -> None:
    world = site()
    assert post(world, body.replace(">4<", ">3<")).body == FAULT_1000


def test_the_fault_in_json() -> None:
    body = CASE_JSON.format(method="case_extract").replace(": 4", ": 3")
    assert post(site(), body, JSON).body == b'{"fault": {"code": 1000}}'


def test_the_stray_bracket_of_the_printed_python_sample_is_malformed() -> None:
    world = site()
    with_open_bin(world, 4, 101337)
    assert post(world, CASE_XML.format(method="case_extract") + ">").status == 400
    assert call(world, "case_getstate", port_id=4)["case_state"] == "NOOP"
