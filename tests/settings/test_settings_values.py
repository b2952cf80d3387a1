"""The forms of a setting: ids, URLs, paths and variable names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.settings.values import (
    Unfit,
    base_url,
    file_path,
    ids_text,
    is_private_line,
    log_address,
    port_ids,
    syslog_address,
    user_ids,
    variable_name,
)


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("7", (7,)),
        ("1-3,77", (1, 2, 3, 77)),
        (" 77 , 1 - 3 ", (1, 2, 3, 77)),
        ("0017", (17,)),
        ("5-5", (5,)),
        ("1-2000", tuple(range(1, 2001))),
        ([3, 1], (1, 3)),
    ],
)
def test_ports_are_read(written: object, ids: tuple[int, ...]) -> None:
    assert port_ids(written) == ids


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ([], "empty"),
        ("1,", "comma"),
        (",1", "comma"),
        ("1,,2", "comma"),
        ("5-1", "5-1 runs backwards"),
        ("0", "0 is not within 1 to 2000"),
        ("2001", "2001 is not within"),
        ("1-2001", "2001 is not within"),
        ("4,4", "4 is there twice"),
        ("1-10,7-12", "7 is there twice"),
        ([4, 4], "4 is there twice"),
        ("abc", '"abc" is not an id'),
        ("-4", '"-4" is not an id'),
        ("1-2-3", '"1-2-3" is not an id'),
        ("1.5", '"1.5" is not an id'),
        ("٣", "is not an id"),
        ("1\x1b[2J", '"1\\x1b[2J" is not an id'),
        ([True], "whole numbers"),
        (["1-4"], "whole numbers"),
        ([1.0], "whole numbers"),
        ([2**70], "a number beyond 64 bits is not within"),
        ([int("9" * 4000) ** 2], "a number beyond 64 bits is not within"),
        (5, ""),
        (None, ""),
    ],
)
def test_wrong_ports_are_refused(written: object, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        port_ids(written)
    assert why in str(refused.value)


def test_a_range_of_all_numbers_costs_nothing() -> None:
    with pytest.raises(Unfit, match="more than 1000"):
        user_ids("1-2147483647")
    with pytest.raises(Unfit, match="more than 1000"):
        user_ids("1-600,1001-1600")


@given(st.sets(st.integers(1, 2000), min_size=1))
def test_ids_written_short_are_read_back(ids: set[int]) -> None:
    assert port_ids(ids_text(ids)) == tuple(sorted(ids))


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("http://10.0.0.5:44000", "http://10.0.0.5:44000"),
        ("http://10.0.0.5:44000/", "http://10.0.0.5:44000"),
        ("HTTPS://Mor.Example", "https://mor.example"),
        ("http://[::1]:80", "http://[::1]:80"),
        ("http://host_1", "http://host_1"),
    ],
)
def test_urls_are_read(written: str, url: str) -> None:
    assert base_url(written) == url


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "http://"),
        ("10.0.0.5:44000", "http://"),
        ("ftp://10.0.0.5", "http://"),
        ("http:10.0.0.5", "http://"),
        ("http://", "no host"),
        ("http://:80", "no host"),
        ("http://10.0.0.256", "IP address"),
        ("http://10.0.5", "IP address"),
        ("http://[::1", "cannot be right"),
        ("http://[nonsense]", "cannot be right"),
        ("http://a..b", "cannot be right"),
        ("http://-a", "cannot be right"),
        ("http://a:99999", "cannot be right"),
        ("http://a:b", "cannot be right"),
        ("http://a:0", "port 0"),
        ("http://a/api/v2/task", "goes on"),
        ("http://a b", "blanks"),
        ("http://a\n", "blanks"),
        ("http://ä", "blanks"),
        (5, ""),
    ],
)
def test_wrong_urls_are_refused(written: object, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        base_url(written)
    assert why in str(refused.value)
    assert refused.value.echo


@pytest.mark.parametrize(
    "written",
    ["http://u:canary@a", "http://a?key=canary", "http://a#canary", "u:canary@a", "http://u:canary@a b"],
)
def test_urls_with_a_place_for_secrets_are_not_echoed(written: str) -> None:
    with pytest.raises(Unfit) as refused:
        base_url(written)
    assert not refused.value.echo
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://10.0.0.9", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]", True),
        ("http://localhost:80", True),
        ("http://10.0.0.9", False),
        ("http://localhost.example", False),
    ],
)
def test_who_may_listen(url: str, private: bool) -> None:
    assert is_private_line(base_url(url)) is private


@pytest.mark.parametrize("written", ["canary", "", 5, "./a\nb"])
def test_what_is_no_path_is_not_echoed(written: object) -> None:
    with pytest.raises(Unfit) as refused:
        file_path(written)
    assert not refused.value.echo


@pytest.mark.parametrize("written", ["canary", "", 5, "A=B", "A B", "1A"])
def test_what_is_no_variable_name_is_not_echoed(written: object) -> None:
    with pytest.raises(Unfit) as refused:
        variable_name(written)
    assert not refused.value.echo


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("10.0.0.5:44001", "10.0.0.5:44001"),
        ("10.0.0.5", "10.0.0.5:44001"),
        ("10.0.0.5:7", "10.0.0.5:7"),
        ("Controller.example", "controller.example:44001"),
        ("[::1]", "[::1]:44001"),
        ("[::1]:7", "[::1]:7"),
    ],
)
def test_the_address_of_a_log_publisher(written: str, address: str) -> None:
    assert log_address(written) == address
    assert log_address(address) == address


@pytest.mark.parametrize(
    "written",
    [
        "",
        ":44001",
        "a b",
        "::1",
        "10.0.0.5:0",
        "10.0.0.5:65536",
        "10.0.0.5:x",
        "http://10.0.0.5",
        "a/b",
        44001,
    ],
)
def test_what_is_no_address_of_a_log_publisher(written: object) -> None:
    with pytest.raises(Unfit):
        log_address(written)


@pytest.mark.parametrize("written", ["me:opensesame@10.0.0.5", "10.0.0.5?key=opensesame"])
def test_an_address_with_a_password_is_not_shown(written: str) -> None:
    with pytest.raises(Unfit) as refused:
        log_address(written)
    assert not refused.value.echo


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("udp://10.0.0.8:5514", "udp://10.0.0.8:5514"),
        ("udp://LogHost", "udp://loghost:514"),
        ("tcp://[::1]", "tcp://[::1]:514"),
        ("unix:/dev/log", "unix:/dev/log"),
    ],
)
def test_the_address_of_a_syslog(written: str, address: str) -> None:
    assert syslog_address(written) == address
    assert syslog_address(address) == address


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "loghost:514",
            "http://loghost",
            "udp:loghost",
            "udp://",
            "udp://a b",
            "udp://loghost:0",
            "://a",
        ),
        *("tcp://loghost/path", "unix:dev/log", "unix:/dev/\x1blog", "UDP://loghost", 514, None),
    ],
)
def test_what_is_no_address_of_a_syslog(written: object) -> None:
    with pytest.raises(Unfit):
        syslog_address(written)


@pytest.mark.parametrize("written", ["udp://me:opensesame@loghost", "https://me:opensesame@loghost"])
def test_an_address_of_a_syslog_with_a_password_is_not_shown(written: str) -> None:
    with pytest.raises(Unfit) as refused:
        syslog_address(written)
    assert not refused.value.echo
