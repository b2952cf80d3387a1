"""What the pages devices_get and device_rule_create print, sent and answered as printed there."""

import pytest

from console.simulator.default_softswitch import build_softswitch

from .phones import ask, create_rule, phones

PRINTED_HASH = "71516eea4850f7e0300ac86adf9fb64bca845aa7"
PRINTED_QUERY = f"u=admin&user_id=100&hash={PRINTED_HASH}"

DEVICES = """<page>
  <devices>
    <device>
       <device_id>2</device_id>
       <device_type>SIP</device_type>
       <devicegroup_id>1</devicegroup_id>
       <primary_device>yes</primary_device>
       <username>gate</username>
       <secret>s&lt;3&amp;cr3t</secret>
       <ipaddr>10.0.0.7</ipaddr>
       <port>5060</port>
     </device>
     <device>
       <device_id>7</device_id>
       <device_type>FAX</device_type>
       <devicegroup_id></devicegroup_id>
       <primary_device>no</primary_device>
       <username>fax</username>
       <secret></secret>
       <ipaddr>0.0.0.0</ipaddr>
       <port>0</port>
     </device>
   </devices>
 </page>"""


@pytest.mark.parametrize("call", ["devices_get", "device_list"])
def test_devices_get_in_the_layout_of_its_page(call: str) -> None:
    assert ask(phones(), call, PRINTED_QUERY).body.decode() == DEVICES


def test_the_printed_example_works_in_the_default_world() -> None:
    answer = ask(build_softswitch(), "devices_get", PRINTED_QUERY).body.decode()
    assert answer.startswith("<page>\n  <devices>\n    <device>\n       <device_id>1</device_id>\n")
    assert answer.endswith("     </device>\n   </devices>\n </page>")


def test_rule_added_as_printed() -> None:
    assert create_rule(phones()) == "<page> <status> <success>Rule added</success> </status> </page>"


def test_the_printed_rule_request_carries_a_stale_hash() -> None:
    query = "u=admin&device=2&name=myrule&cut=353&add=0&hash=297dab8c386794b2e947d52affb8f576c643569e"
    answer = ask(phones(key="secret", device_alias=True), "device_rule_create", query).body.decode()
    assert answer == "<page> <error>Incorrect hash</error> </page>"
