"""Which rule applies to which call, how often, and how a rule is written."""

import pytest

from console.simulator.faults import UNTOUCHED, FaultRule, Faults, Trouble, Verdict, parse

OPENPORT = ("autostore", "openport", 4)


def kind(verdict: Verdict) -> str:
    return verdict.rule.kind.value if verdict.rule else ""


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("drop-after", FaultRule(kind=Trouble.DROP_AFTER)),
        (
            "drop-after method=openport port=4 count=1",
            FaultRule(kind=Trouble.DROP_AFTER, method="openport", port=4, count=1),
        ),
        (
            "latency server=mor seconds=0.5 jitter=0.25",
            FaultRule(kind=Trouble.LATENCY, server="mor", seconds=0.5, jitter=0.25),
        ),
        ("html-500 execute=false", FaultRule(kind=Trouble.HTML, execute=False)),
        (
            "fault server=mor 'text=Add failed' code=1001",
            FaultRule(kind=Trouble.FAULT, server="mor", text="Add failed", code=1001),
        ),
    ],
)
def test_a_rule_is_one_line_of_text(line: str, rule: FaultRule) -> None:
    assert parse(line) == rule
    assert parse(str(rule)) == rule


@pytest.mark.parametrize(
    "line",
    [
        "",
        "explode",
        "drop-after 4",
        "drop-after port=x",
        "drop-after colour=red",
        "drop-after port=1 port=2",
        "drop-after server=web",
        "drop-after kind=latency",
        "drop-after 'port=4",
        "latency seconds=soon",
        "latency seconds=-1",
        "empty count=0",
        "redirect status=0",
    ],
)
def test_what_is_no_rule(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Faults().add(line)


@pytest.mark.parametrize(
    ("line", "applies"),
    [
        ("empty", True),
        ("empty server=autostore method=openport port=4", True),
        ("empty server=mor", False),
        ("empty method=closeport", False),
        ("empty port=5", False),
    ],
)
def test_a_rule_applies_where_it_matches(line: str, applies: bool) -> None:
    faults = Faults()
    faults.add(line)
    assert (faults.judge(*OPENPORT).rule is not None) == applies


def test_without_rules_a_call_is_untouched() -> None:
    assert Faults().judge(*OPENPORT) is UNTOUCHED


def test_a_counted_rule_ends_and_the_next_one_takes_over() -> None:
    faults = Faults()
    faults.add("empty count=2")
    faults.add("garbage")
    assert [kind(faults.judge(*OPENPORT)) for _ in range(4)] == ["empty", "empty", "garbage", "garbage"]
    assert [rule.kind for rule in faults.rules.values()] == [Trouble.GARBAGE]


def test_a_count_is_not_spent_on_other_calls() -> None:
    faults = Faults()
    faults.add("empty port=4 count=1")
    faults.judge("autostore", "openport", 5)
    assert kind(faults.judge(*OPENPORT)) == "empty"


def test_delays_add_up_and_leave_room_for_a_trouble() -> None:
    faults = Faults()
    faults.add("latency seconds=2 count=1")
    faults.add("latency seconds=1")
    faults.add("late-reply seconds=4")
    faults.add("cut")
    first, second = faults.judge(*OPENPORT), faults.judge(*OPENPORT)
    assert (first.wait_before, first.wait_after, kind(first)) == (3.0, 4.0, "cut")
    assert (second.wait_before, second.wait_after, kind(second)) == (1.0, 4.0, "cut")


def test_jitter_is_seeded_and_bounded() -> None:
    def waits(seed: int) -> list[float]:
        faults = Faults(seed)
        faults.add("latency seconds=1 jitter=2")
        return [faults.judge(*OPENPORT).wait_before for _ in range(50)]

    assert waits(1) == waits(1) != waits(2)
    assert all(0.0 <= wait <= 3.0 for wait in waits(1))
    assert len(set(waits(1))) > 10


def test_rules_can_be_removed() -> None:
    faults = Faults()
    number = faults.add("empty count=1")
    faults.add("garbage")
    faults.remove(number)
    assert kind(faults.judge(*OPENPORT)) == "garbage"
    faults.clear()
    assert faults.judge(*OPENPORT) is UNTOUCHED


@pytest.mark.parametrize(
    ("line", "executes"),
    [
        ("drop-before", False),
        ("drop-after", True),
        ("reset-before", False),
        ("reset-after", True),
        ("fault", False),
        ("server-error", True),
        ("html-500", True),
        ("html-500 execute=false", False),
        ("fault execute=true", True),
    ],
)
def test_whether_the_call_is_carried_out(line: str, executes: bool) -> None:
    assert parse(line).executes == executes
