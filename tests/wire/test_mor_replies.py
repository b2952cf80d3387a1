"""Replies of a MOR server: every way it packs them, lists, errors at any depth, secrets hidden."""

import gzip
from collections.abc import Callable
from functools import partial

import pytest

from console.documents import DocumentError
from console.mor import rows
from console.mor.calls import Call, find
from console.mor.wire import ServerError, decode, decode_rows
from console.secret import Secret

from .mor_deliveries import DELIVERIES, ERROR_SHAPES

DEVICE = (
    "<device><device_id>{id}</device_id><device_type>SIP</device_type><devicegroup_id/>"
    "<primary_device>yes</primary_device><username> 10{id} </username><secret>c4nary{id}</secret>"
    "<ipaddr>10.0.0.{id}</ipaddr><port>5060</port></device>"
)
RULE = (
    "<device_rule><id>1</id><device_id>4</device_id><name>asd</name><enabled>1</enabled><cut>10</cut>"
    "<add>020</add><minlen>1</minlen><maxlen>100</maxlen><pr_type>dst</pr_type>"
    "<change_callerid_name>0</change_callerid_name><devicerulegroup_id>0</devicerulegroup_id></device_rule>"
)
USER = "<user><id>7</id><username>léa</username><first_name>L</first_name><blocked>1</blocked></user>"
ADDED = "<page> <status> <success>Rule added</success> </status> </page>"


def call(name: str) -> Call:
    found = find(name)
    assert found is not None
    return found


DEVICES_GET, RULES_GET, CREATE, USERS_GET = map(
    call, ("devices_get", "device_rules_get", "device_rule_create", "users_get")
)


def devices(*ids: int) -> bytes:
    inside = "\n".join(DEVICE.format(id=number) for number in ids)
    return f"<page>\n <devices>\n{inside}\n </devices>\n</page>".encode()


def device_ids(body: bytes) -> list[int]:
    return [device.device_id for device in decode_rows(DEVICES_GET, body, partial(rows.device, 100))]


@pytest.mark.parametrize("delivery", DELIVERIES.values(), ids=DELIVERIES)
def test_every_delivery_reads_the_same(delivery: Callable[[bytes], bytes]) -> None:
    assert device_ids(delivery(devices(1, 2))) == [1, 2]
    assert decode(CREATE, delivery(ADDED.encode())) == {"status": {"success": "Rule added"}}
    with pytest.raises(ServerError, match="Bad login"):
        device_ids(delivery(b"<page><error>Bad login</error></page>"))


@pytest.mark.parametrize("delivery", DELIVERIES.values(), ids=DELIVERIES)
@pytest.mark.parametrize("body", [devices(1, 2), ADDED.encode()], ids=["list", "success"])
def test_no_delivery_cut_short_is_a_success(delivery: Callable[[bytes], bytes], body: bytes) -> None:
    whole = delivery(body)
    end = whole.rfind(b"</page>")
    last = len(whole) if whole.startswith(b"\x1f\x8b") else end + len(b"</page>")
    for cut in range(last):
        for called in (CREATE, DEVICES_GET):
            with pytest.raises(DocumentError):
                decode(called, whole[:cut])


@pytest.mark.parametrize("count", [0, 1, 2, 3000])
def test_lists_of_any_length(count: int) -> None:
    ids = [*range(1, count + 1)]
    assert device_ids(devices(*ids)) == ids
    listed = decode(DEVICES_GET, devices(*ids))["devices"]
    assert isinstance(listed, tuple)
    assert [row["device_id"] for row in listed] == ids


@pytest.mark.parametrize(
    "body", [b"<page><devices/></page>", b"<page><devices> </devices></page>", b"<page/>", b"<page>\n</page>"]
)
def test_no_devices(body: bytes) -> None:
    assert device_ids(body) == []
    assert decode(DEVICES_GET, body) == {"devices": ()}


@pytest.mark.parametrize("body", [b"<page/>", b"<page></page>"])
def test_an_empty_page_is_an_empty_list_of_devices_and_nothing_else(body: bytes) -> None:
    assert device_ids(body) == []
    for called in (CREATE, RULES_GET, USERS_GET):
        with pytest.raises(DocumentError):
            decode(called, body)


def test_a_device_as_typed_values() -> None:
    (device,) = decode_rows(DEVICES_GET, devices(3), partial(rows.device, 100))
    assert (device.device_id, device.user_id, device.device_type) == (3, 100, "SIP")
    assert (device.username, device.devicegroup_id, device.callerid) == ("103", "", "")
    assert (device.ipaddr, device.port, device.primary, device.registered) == ("10.0.0.3", "5060", True, True)
    assert "c4nary" not in repr(device)


def test_a_rule_and_a_user_as_typed_values() -> None:
    page = f"<page><status><device_rules>{RULE}</device_rules></status></page>".encode()
    (rule,) = decode_rows(RULES_GET, page, partial(rows.rule, 4))
    assert (rule.rule_id, rule.device_id, rule.name, rule.enabled) == (1, 4, "asd", True)
    assert (rule.cut, rule.add, rule.minlen, rule.maxlen) == ("10", "020", 1, 100)
    assert (rule.pr_type, rule.change_callerid_name) == ("dst", False)
    page = f"<page><status><users>{USER}</users></status></page>".encode("iso-8859-1")
    (user,) = decode_rows(USERS_GET, page, rows.user)
    assert (user.user_id, user.username, user.blocked, user.usertype) == (7, "léa", True, "")


def test_rules_of_another_device_are_not_taken() -> None:
    page = f"<page><status><device_rules>{RULE}</device_rules></status></page>".encode()
    with pytest.raises(DocumentError, match="asked for the rules of device 5, answered those of 4"):
        decode_rows(RULES_GET, page, partial(rows.rule, 5))
    unnamed = page.replace(b"<device_id>4</device_id>", b"")
    assert decode_rows(RULES_GET, unnamed, partial(rows.rule, 5))[0].device_id == 5


@pytest.mark.parametrize("broken", ["", "x", "0", "-1", "2147483648", "1.0", "١", "9" * 40])
def test_a_row_without_an_id_is_left_out(broken: str) -> None:
    body = devices(1, 2).replace(b"<device_id>1<", f"<device_id>{broken}<".encode())
    assert device_ids(body) == [2]


def test_rows_in_the_wrong_place_are_no_rows() -> None:
    device = DEVICE.format(id=1)
    for body in (
        f"<page><devices/>{device}</page>",
        f"<page><devices><group>{device}</group></devices></page>",
        f"<page><devices/><other><devices>{device}</devices></other></page>",
    ):
        assert device_ids(body.encode()) == []


ERROR = "Device was not found"


@pytest.mark.parametrize("shape", ERROR_SHAPES)
@pytest.mark.parametrize("called", [CREATE, DEVICES_GET, RULES_GET], ids=lambda called: called.name)
def test_an_error_is_found_at_any_depth(shape: str, called: Call) -> None:
    with pytest.raises(ServerError) as raised:
        decode(called, shape.format(ERROR).encode())
    assert raised.value.text == ERROR


def test_an_error_among_the_rows_of_a_list_is_an_error() -> None:
    for body in (
        devices(1, 2).replace(b"</devices>", b"<error>cut off</error></devices>"),
        devices(1, 2).replace(b"<port>5060", b"<port><error>cut off</error>", 1),
        devices(1, 2).replace(b"<page>", b"<page><status><error>cut off</error></status>"),
    ):
        with pytest.raises(ServerError, match="cut off"):
            device_ids(body)


def test_the_text_is_verbatim_and_its_message_safe() -> None:
    with pytest.raises(ServerError) as raised:
        decode(CREATE, "<page><error>  Add\n failed \x9b31m é [red]</error></page>".encode())
    assert raised.value.text == "Add failed \x9b31m é [red]"
    assert str(raised.value) == "Add failed \\x9b31m é [red]"


def test_a_nested_message_is_part_of_the_error() -> None:
    with pytest.raises(ServerError) as raised:
        decode(CREATE, b"<page><error>Device was not created<message>Name is taken</message></error></page>")
    assert raised.value.text == "Device was not created Name is taken"


def test_the_error_of_an_empty_list_is_an_empty_list() -> None:
    for shape in ERROR_SHAPES:
        body = shape.format("Device has no rules").encode()
        assert decode_rows(RULES_GET, body, partial(rows.rule, 4)) == ()
        assert decode(RULES_GET, body) == {"device_rules": ()}
        with pytest.raises(ServerError, match="Device has no rules"):
            decode(DEVICES_GET, body)


@pytest.mark.parametrize(
    "body",
    [
        ADDED.replace("</status>", "<error>Add failed</error></status>"),
        ADDED.replace("<page>", "<page><error>Add failed</error>"),
        ADDED.replace("Rule added", "Rule <error>added</error>"),
        "<page><error/></page>",
        "<page><status><error> </error></status></page>",
    ],
)
def test_a_command_with_a_doubtful_error_is_neither_done_nor_refused(body: str) -> None:
    with pytest.raises(DocumentError):
        decode(CREATE, body.encode())


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "ok",
        "<page><status/></page>",
        "<page>Rule added</page>",
        "<Page/>",
        "<page><status>Rule added</status></page>",
        "<page><success>Rule added</success></page>",
        "<page><status><success/></status></page>",
        "<page><status><success> </success></status></page>",
        "<status><success>Rule added</success></status>",
        "<page><page><status><success>Rule added</success></status></page></page>",
        "<html><body><h1>500 Internal Server Error</h1></body></html>",
        "<!DOCTYPE html><html><body>We're sorry, but something went wrong.</body></html>",
        "<!DOCTYPE page><page><status><success>Rule added</success></status></page>",
        ADDED + "x",
        ADDED + ADDED,
        '{"status": {"success": "Rule added"}}',
        "</page><page>",
        "<html><page " + "y" * 20,
        "PHP Warning: <br>" + ADDED,
        "x" + ADDED,
    ],
)
def test_what_is_neither_a_success_nor_an_error(body: str) -> None:
    for called in (CREATE, DEVICES_GET, USERS_GET):
        with pytest.raises(DocumentError) as raised:
            decode(called, body.encode())
        assert "Rule added" not in str(raised.value)


CREATE_DEVICE, CLI_ADD = call("device_create"), call("cli_add")


@pytest.mark.parametrize("status", ["Device created", "Device was created", "Something newer", ""])
def test_the_id_is_the_proof_of_a_device(status: str) -> None:
    body = f"<page><status>{status}</status><id> 31 </id><password>c4nary</password></page>".encode()
    reply = decode(CREATE_DEVICE, body)
    assert (reply["id"], reply["password"]) == (31, Secret("c4nary"))
    assert "c4nary" not in repr(reply)


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "2147483648", "<deep>31</deep>"])
def test_without_an_id_a_device_is_not_known_to_be_created(number: str) -> None:
    with pytest.raises(DocumentError, match="not the documented success of device_create"):
        decode(CREATE_DEVICE, f"<page><status>Device created</status><id>{number}</id></page>".encode())


@pytest.mark.parametrize(
    ("called", "body"),
    [
        (CREATE_DEVICE, "<page><id>31</id><error>Device was not created</error></page>"),
        (CREATE_DEVICE, "<page><status>x<error>Device was not created</error></status><id/></page>"),
        (CLI_ADD, "<page><status>CLI successfully created<error>no</error></status></page>"),
        (CLI_ADD, "<page><status>CLI successfully created</status><error>no</error></page>"),
        (CREATE, "<page><status><success/><error>Add failed</error></status></page>"),
    ],
)
def test_a_success_beside_an_error_is_neither(called: Call, body: str) -> None:
    with pytest.raises(DocumentError, match="both a success"):
        decode(called, body.encode())


@pytest.mark.parametrize("status", ["", "CLI not created", "Device was deleted", "cli successfully created"])
def test_a_status_of_other_words_is_no_success(status: str) -> None:
    with pytest.raises(DocumentError, match="not the documented success of cli_add"):
        decode(CLI_ADD, f"<page><status>{status}</status></page>".encode())


def test_a_status_may_be_broken_into_lines() -> None:
    page = b"<page>\n<status>\n CLI successfully\n created\n</status></page>"
    assert decode(CLI_ADD, page)["status"].startswith("CLI successfully")


def test_what_is_repeated_is_a_tuple() -> None:
    page = b"<page><version>1</version><more>a</more><more>b</more></page>"
    assert decode(call("system_version_get"), page) == {"version": "1", "more": ("a", "b")}


def test_passwords_are_hidden_wherever_they_turn_up() -> None:
    body = devices(1).replace(b"<port>", b"<pin>c4nary</pin><more><Password>c4nary</Password></more><port>")
    reply = decode(DEVICES_GET, body)
    assert "c4nary" not in repr(reply)
    assert reply["devices"][0]["secret"] == Secret("c4nary1")
    assert "c4nary" not in repr(decode_rows(DEVICES_GET, body, partial(rows.device, 100)))


def test_errors_do_not_repeat_the_document() -> None:
    for body in (devices(1)[:-3], devices(1) + b"x", devices(1).replace(b"devices>", b"things>")):
        with pytest.raises(DocumentError) as raised:
            device_ids(body)
        assert "c4nary" not in repr(raised.value)


def test_a_hostile_wrapping_costs_little_time() -> None:
    for hostile in (b"<page " * 10**6, b"<page>" + b"</page " * 10**6, b"</page" + b" " * 10**7):
        with pytest.raises(DocumentError):
            decode(DEVICES_GET, b"<html>" + hostile)


def test_limits_of_both_kinds() -> None:
    with pytest.raises(DocumentError, match="unpacks to more than 262144 bytes"):
        decode(CREATE, gzip.compress(b"<page>" + b" " * 300_000 + b"</page>"))
    with pytest.raises(DocumentError, match="larger than 262144 bytes"):
        decode(CREATE, b"<page>" + b" " * 300_000 + b"</page>")
    with pytest.raises(DocumentError, match="unpacks to more than 67108864 bytes"):
        decode(DEVICES_GET, gzip.compress(bytes(67_108_865), 1))
    with pytest.raises(DocumentError, match="more than 5000 elements outside"):
        decode(DEVICES_GET, b"<page><devices>" + b"<a/>" * 1_500_000 + b"</devices></page>")
