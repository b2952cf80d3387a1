"""The registry that keys, footer, palette and help are made from."""

import re
from collections import Counter

import pytest

from console.interface.actions import ACTIONS, BY_ID, Action, Where
from console.interface.drawing import plain
from console.interface.screens.help import help_lines
from console.interface.screens.workspace import Workspace
from console.operations.commands import PORT_COMMANDS, Danger

PLACES = (Where.PORTS, Where.DEVICES, Where.ACTIVITY)


def test_ids_are_unique_and_name_their_kind() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", action.id) for action in ACTIONS)


@pytest.mark.parametrize("here", PLACES)
def test_a_key_means_one_thing_in_one_place(here: Where) -> None:
    keys = Counter(key for action in ACTIONS if action.where.covers(here) for key in action.key.split(","))
    assert [key for key, count in keys.items() if count > 1] == []


def test_a_key_means_one_thing_altogether() -> None:
    # The bindings are the workspace's, so that a key of another place can say where it works.
    keys = Counter(key for action in ACTIONS for key in action.key.split(","))
    assert set(keys.values()) == {1}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_an_action_is_whole(action: Action) -> None:
    assert action.title
    assert action.help.endswith(".")
    assert action.shown
    if action.command is None:
        assert callable(getattr(Workspace, f"do_{action.run}"))


def test_every_port_command_has_a_key_and_its_own_words() -> None:
    assert [action.command for action in ACTIONS if action.command] == list(PORT_COMMANDS)
    for action in ACTIONS:
        if action.command is not None:
            assert (action.id, action.title, action.danger) == (
                action.command.id,
                action.command.title,
                action.command.danger,
            )


def test_nothing_vital_is_on_a_key_that_terminals_take_for_another() -> None:
    alone = {action.key for action in ACTIONS}
    assert not alone & {"ctrl+s", "ctrl+q", "ctrl+j", "ctrl+m", "ctrl+h", "ctrl+i"}
    assert not any("ctrl+shift" in key for key in alone)


def test_the_help_names_every_action_its_key_and_whether_it_asks() -> None:
    lines = [plain(line) for line in help_lines()]
    for action in ACTIONS:
        asks = " Asks first." if action.danger is Danger.DISRUPTIVE else ""
        assert f"  {action.shown:<6}{action.help}{asks}" in lines


@pytest.mark.parametrize("sign", ["~", "!", "*", "?"])
def test_the_help_explains_the_signs(sign: str) -> None:
    assert any(plain(line).strip().startswith(f"{sign} ") for line in help_lines())


@pytest.mark.parametrize(
    ("where", "covered"),
    [
        (Where.ANYWHERE, {Where.PORTS, Where.DEVICES, Where.ACTIVITY}),
        (Where.LISTS, {Where.PORTS, Where.DEVICES}),
        (Where.PORTS, {Where.PORTS}),
        (Where.DEVICES, {Where.DEVICES}),
    ],
)
def test_where_things_work(where: Where, covered: set[Where]) -> None:
    assert {here for here in PLACES if where.covers(here)} == covered
