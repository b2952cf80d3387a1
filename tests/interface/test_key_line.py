"""The last line of the screen: what works here, now."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.interface.actions import ACTIONS, Where
from console.interface.drawing import Tone, plain
from console.interface.key_line import LAST, key_line

HERE = (Where.PORTS, Where.DEVICES, Where.ACTIVITY)
UNUSABLE = st.sets(st.sampled_from([action.id for action in ACTIONS if action.id not in LAST]))


def unless(ids: set[str]) -> Callable[[str], str | None]:
    return lambda action_id: "not now" if action_id in ids else None


@given(st.integers(35, 200), st.sampled_from(HERE), UNUSABLE, st.booleans())
def test_it_always_fits_and_the_way_to_everything_else_stays(
    width: int, here: Where, unusable: set[str], one_pane: bool
) -> None:
    line = plain(key_line(here, unless(unusable), width, one_pane=one_pane))
    assert cell_len(line) == width
    assert ": command" in line
    assert "? help" in line
    assert ("1-4 panes  :" in line) is one_pane


@given(st.integers(30, 200), UNUSABLE)
def test_keys_that_work_give_way_last(width: int, unusable: set[str]) -> None:
    line = key_line(Where.PORTS, unless(unusable), width)
    dim = [text for text, tone in line if tone is Tone.DIM and text.strip()]
    usable = [
        action
        for action in ACTIONS
        if action.footer and action.where.covers(Where.PORTS) and action.id not in unusable
    ]
    if dim:
        assert all(action.footer in plain(line) for action in usable)


@pytest.mark.parametrize("here", HERE)
def test_it_offers_what_works_here_and_nothing_else(here: Where) -> None:
    line = plain(key_line(here, unless(set()), 200))
    for action in ACTIONS:
        if action.footer:
            assert (f"{action.shown} {action.footer}  " in line) is action.where.covers(here)


def test_a_key_that_cannot_be_used_now_stays_in_its_place_but_dim() -> None:
    line = key_line(Where.PORTS, unless({"port.close"}), 200)
    assert ("c close  ", Tone.DIM) in [(text.replace("  c", "c"), tone) for text, tone in line]
