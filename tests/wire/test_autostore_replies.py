"""Whole replies of the controller: successes, faults, and the ways its own pages differ."""

import json
from typing import Any

import pytest

from console.autostore import replies
from console.autostore.catalogue import Method
from console.autostore.methods import METHODS, find
from console.autostore.wire import Encoding, Fault, decode
from console.documents import DocumentError

DONE = b'<?xml version="1.0"?>\n<response>\n  <params/>\n</response>'
REFUSED = b'<?xml version="1.0"?>\n<response>\n  <fault>\n    <code>1000</code>\n  </fault>\n</response>'


def method(name: str) -> Method:
    found = find(name)
    assert found is not None
    return found


def xml(name: str, body: bytes | str) -> Any:
    body = body if isinstance(body, bytes) else body.encode()
    return decode(method(name), body, "application/xml", Encoding.XML)


def from_json(name: str, document: object) -> Any:
    return decode(method(name), json.dumps(document).encode(), "application/json", Encoding.JSON)


def params(inside: str) -> str:
    return f"<response><params>{inside}</params></response>"


@pytest.mark.parametrize("name", ["openport", "case_extract", "case_cancel", "closeport", "closebin"])
def test_the_printed_replies(name: str) -> None:
    assert xml(name, DONE) == {}
    assert xml(name, REFUSED) == Fault(1000)


@pytest.mark.parametrize(
    "body",
    [
        "<response><params></params></response>",
        "<response> <params> \n </params> </response>",
        "<response><!-- done --><params><!-- nothing --></params></response>",
        "<response><params/><note>from a newer server</note></response>",
    ],
)
def test_other_ways_to_write_an_empty_success(body: str) -> None:
    assert xml("openport", body) == {}


@pytest.mark.parametrize("document", [{"params": {}}, {"params": None}, {"response": {"params": {}}}])
def test_an_empty_success_in_json(document: object) -> None:
    assert from_json("openport", document) == {}


DOCUMENTED_CODES = sorted({code for one in METHODS for code in one.faults})


@pytest.mark.parametrize("code", [*DOCUMENTED_CODES, 1027, 1999, 5, 123456])
def test_every_fault_code_arrives(code: int) -> None:
    assert xml("openport", f"<response><fault><code>{code}</code></fault></response>") == Fault(code)
    assert xml("openport", f"<response><fault><code> {code}\n</code><x/></fault></response>") == Fault(code)
    assert from_json("openport", {"fault": {"code": code}}) == Fault(code)
    assert from_json("openport", {"fault": {"code": str(code)}}) == Fault(code)
    assert from_json("openport", {"response": {"fault": {"code": code}}}) == Fault(code)


def test_a_port_status() -> None:
    inside = (
        "<port_id>4</port_id><port_type>AC</port_type><mode> OPEN </mode><selected_bin>7</selected_bin>"
        "<selected_task>8</selected_task><selected_taskgroup>9</selected_taskgroup><is_ready>1</is_ready>"
    )
    wanted = replies.PortStatus(4, "AC", "OPEN", bin_id=7, task_id=8, taskgroup_id=9, ready=True)  # type: ignore[arg-type]
    assert replies.port_status(4, xml("getportstatus", params(inside))) == wanted
    values = {"port_id": 4, "port_type": "AC", "mode": "OPEN", "selected_bin": 7}
    more = {"selected_task": "8", "selected_taskgroup": 9, "is_ready": True}
    assert replies.port_status(4, from_json("getportstatus", {"params": {**values, **more}})) == wanted


def test_what_is_missing_is_unknown() -> None:
    for inside in ("", "<port_id>4</port_id>", "<mode/><port_type> </port_type><is_ready/><selected_bin/>"):
        assert replies.port_status(4, xml("getportstatus", params(inside))) == replies.PortStatus(
            4, None, None
        )
    nulls = {"mode": None, "port_type": None, "selected_bin": None, "is_ready": None}
    assert replies.port_status(4, from_json("getportstatus", {"params": nulls})) == replies.PortStatus(
        4, None, None
    )


@pytest.mark.parametrize(
    ("text", "ready"),
    [
        ("1", True),
        ("true", True),
        ("TRUE", True),
        (" True ", True),
        ("0", False),
        ("false", False),
        ("FALSE", False),
        ("", None),
        ("yes", None),
        ("2", None),
    ],
)
def test_booleans_in_every_spelling(text: str, ready: bool | None) -> None:
    reply = xml("getportstatus", params(f"<is_ready>{text}</is_ready>"))
    assert reply["is_ready"] is ready
    assert from_json("getportstatus", {"params": {"is_ready": text}})["is_ready"] is ready


@pytest.mark.parametrize(
    "value",
    ["", "x", "0", "4000001", "7.0", "+7", "7_0", "٧", "-7", "9" * 30, 0, 7.5, True, [7], {"a": 7}, None],
)
def test_a_bin_that_cannot_be_is_unknown(value: object) -> None:
    assert from_json("getportstatus", {"params": {"selected_bin": value}})["selected_bin"] is None
    if isinstance(value, str):
        reply = xml("getportstatus", params(f"<selected_bin>{value}</selected_bin>"))
        assert reply["selected_bin"] is None


@pytest.mark.parametrize("inside", ["<mode>OPEN</mode><mode>CLOSED</mode>", "<mode><x>OPEN</x></mode>"])
def test_a_mode_that_is_not_one_word_is_unknown(inside: str) -> None:
    assert replies.port_status(4, xml("getportstatus", params(inside))).mode is None


@pytest.mark.parametrize("answered", ["5", "0", "x", "", "2001"])
def test_an_answer_about_another_port_is_not_taken(answered: str) -> None:
    reply = xml("getportstatus", params(f"<port_id>{answered}</port_id><mode>OPEN</mode>"))
    with pytest.raises(ValueError, match="asked about port 4, answered about port"):
        replies.port_status(4, reply)
    with pytest.raises(ValueError, match="asked about port 4, answered about port"):
        replies.case_status(4, reply)


def test_unknown_elements_are_kept_and_not_used() -> None:
    inside = "<mode>OPEN</mode><colour>red</colour><more><a>1</a><a>2</a></more><Mode>CLOSED</Mode>"
    reply = xml("getportstatus", params(inside))
    assert reply == {"mode": "OPEN", "colour": "red", "more": {"a": ("1", "2")}, "Mode": "CLOSED"}
    extra = {"mode": "OPEN", "n": 1.5, "no": None, "yes": True, "list": [1, {"a": "b"}]}
    assert from_json("getportstatus", {"params": extra}) == {
        "mode": "OPEN",
        "n": "1.5",
        "no": "",
        "yes": "true",
        "list": ("1", {"a": "b"}),
    }


def test_text_is_safe_wherever_it_stands() -> None:
    hostile = "x\u202e\x9b31m"
    reply = xml("getportstatus", params(f"<mode>{hostile}</mode><note><deep>{hostile}</deep></note>"))
    assert reply == {"mode": "x\\u202e\\x9b31m", "note": {"deep": "x\\u202e\\x9b31m"}}
    named = from_json("getportstatus", {"params": {"mode": "\x1b[2J", hostile: {hostile: [hostile]}}})
    assert "\x1b" not in repr(named)
    assert named["mode"] == "\\x1b[2J"
    assert [*named] == ["mode", "x\\u202e\\x9b31m"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("declared", [True, False])
def test_both_encodings_declared_or_not(encoding: str, declared: bool) -> None:
    head = f'<?xml version="1.0" encoding="{encoding.upper()}"?>' if declared else '<?xml version="1.0"?>'
    body = head + params("<mode>ÖPPEN</mode>")
    assert xml("getportstatus", body.encode(encoding))["mode"] == "ÖPPEN"


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], []),
        (["<bin_id>1</bin_id><bin_mode>GRID</bin_mode>"], [(1, "GRID", None)]),
        (["<bin_id>1</bin_id><bin_mode>G</bin_mode><port_id>0</port_id>"], [(1, "GRID", None)]),
        (["<bin_id>1</bin_id><bin_mode>O</bin_mode><port_id>4</port_id>"], [(1, "OPEN", 4)]),
        (["<bin_id>1</bin_id><bin_mode>Q</bin_mode>"], [(1, "Q", None)]),
        (["<bin_id>1</bin_id>", "<bin_id>2</bin_id><new>x</new>"], [(1, None, None), (2, None, None)]),
        (["", "<bin_mode>OPEN</bin_mode>", "<bin_id>0</bin_id>", "<bin_id>3</bin_id>"], [(3, None, None)]),
    ],
)
def test_lists_of_bins(rows: list[str], wanted: list[tuple[object, ...]]) -> None:
    inside = "<bins>" + "\n".join(f"<bin>{row}</bin>" for row in rows) + "</bins>"
    found = replies.bin_statuses(xml("getbinstate", params(inside)))
    assert [(one.bin_id, one.mode, one.port_id) for one in found] == wanted


@pytest.mark.parametrize(
    ("letter", "word"),
    [
        ("G", "GRID"),
        ("F", "FORECAST"),
        ("T", "PREPARED"),
        ("P", "PORT"),
        ("R", "TOGRID"),
        ("O", "OPEN"),
        ("C", "CLOSED"),
        ("X", "OUTSIDE"),
        ("D", "DELETED"),
    ],
)
def test_bin_modes_as_letters_and_words(letter: str, word: str) -> None:
    for mode in (letter, word):
        row = f"<bins><bin><bin_id>1</bin_id><bin_mode>{mode}</bin_mode></bin></bins>"
        assert replies.bin_statuses(xml("getbinstate", params(row)))[0].mode == word


@pytest.mark.parametrize(
    "bins",
    [
        {"bin": [{"bin_id": 1}, {"bin_id": 2}]},
        [{"bin_id": 1}, {"bin_id": 2}],
        [{"bin": {"bin_id": 1}}, {"bin": [{"bin_id": 2}]}],
    ],
)
def test_lists_of_bins_in_json(bins: object) -> None:
    found = replies.bin_statuses(from_json("getbinstate", {"params": {"bins": bins}}))
    assert [one.bin_id for one in found] == [1, 2]


@pytest.mark.parametrize("bins", [{"bin": {"bin_id": 1}}, {"bin": [{"bin_id": 1}]}, {"bin_id": 1}])
def test_one_bin_is_still_a_list(bins: object) -> None:
    found = replies.bin_statuses(from_json("getbinstate", {"params": {"bins": bins}}))
    assert [one.bin_id for one in found] == [1]


@pytest.mark.parametrize("bins", [{}, None, "", [], {"bin": []}, {"bin": None}, {"bin": "x"}, 7])
def test_no_bins_in_json(bins: object) -> None:
    assert replies.bin_statuses(from_json("getbinstate", {"params": {"bins": bins}})) == ()


def test_bins_in_the_wrong_place_are_no_bins() -> None:
    for body in (
        params("<bin><bin_id>1</bin_id></bin>"),
        params("<x><bins><bin><bin_id>1</bin_id></bin></bins></x><bins/>"),
        "<response><params/><bins><bin><bin_id>1</bin_id></bin></bins></response>",
    ):
        assert replies.bin_statuses(xml("getbinstate", body)) == ()


def test_case_and_system() -> None:
    inside = (
        "<port_id>4</port_id><bin_id>7</bin_id><case_state>EREQ</case_state><case_error>FALSE</case_error>"
    )
    case = replies.case_status(4, xml("case_getstate", params(inside)))
    assert (case.bin_id, case.state, case.error) == (7, "EREQ", False)
    system = replies.system_status(xml("getsystemmode", params("<mode>20</mode><stopcode>0</stopcode>")))
    assert (system.mode, system.stopcode, system.name) == (20, 0, "RUNNING")
    odd = replies.system_status(from_json("getsystemmode", {"params": {"mode": 77}}))
    assert (odd.name, odd.stopcode) == ("MODE 77", None)
    with pytest.raises(ValueError, match="no system mode"):
        replies.system_status(xml("getsystemmode", params("<mode>RUNNING</mode>")))


def test_a_large_list() -> None:
    rows = "".join(f"<bin><bin_id>{n}</bin_id><bin_mode>G</bin_mode></bin>" for n in range(1, 20_001))
    found = replies.bin_statuses(xml("getbinstate", params(f"<bins>{rows}</bins>")))
    assert [one.bin_id for one in found] == [*range(1, 20_001)]
    with pytest.raises(DocumentError):
        xml("getportstatus", params(f"<bins>{rows}</bins>"))
