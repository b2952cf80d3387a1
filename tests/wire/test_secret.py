"""A secret never shows, whichever way it is printed, raised or stored."""

import copy
import json
import pickle
import traceback
from collections.abc import Callable

import msgspec
import pytest

from console.mor.calls import Profile
from console.mor.wire import Caller
from console.secret import HIDDEN, Secret

CANARY = "c4nary-hunter2"


def caller() -> Caller:
    return Caller(user="admin", secret=Secret(CANARY), password=None, profile=Profile.LIVE)


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        ascii,
        "{}".format,
        "{:>20}".format,
        "{!r:.3}".format,
        lambda secret: f"{secret} {secret!r} {secret!s}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
        lambda secret: str([secret, {"key": secret}]),
        lambda secret: repr(caller()),
    ],
)
def test_printing_hides_it(show: Callable[[Secret], str]) -> None:
    shown = show(Secret(CANARY))
    assert CANARY[:3] not in shown
    assert HIDDEN in shown


@pytest.mark.parametrize(
    "store",
    [json.dumps, msgspec.json.encode, msgspec.to_builtins, pickle.dumps, copy.copy, copy.deepcopy],
)
def test_it_cannot_be_stored_by_accident(store: Callable[[object], object]) -> None:
    with pytest.raises(TypeError) as raised:
        store(Secret(CANARY))
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize("store", [msgspec.json.encode, msgspec.to_builtins, pickle.dumps])
def test_neither_can_a_record_that_holds_one(store: Callable[[object], object]) -> None:
    with pytest.raises(TypeError) as raised:
        store([caller()])
    assert CANARY not in str(raised.value)


def test_it_has_no_dictionary_to_look_into() -> None:
    with pytest.raises(TypeError):
        vars(Secret(CANARY))


def fail_with(password: Secret) -> None:
    raise RuntimeError(f"cannot use {password}")


def test_a_traceback_with_locals_hides_it() -> None:
    try:
        fail_with(Secret(CANARY))
    except RuntimeError as error:
        frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    shown = "".join(frames.format())
    assert f"password = {HIDDEN}" in shown
    assert f"cannot use {HIDDEN}" in shown
    assert CANARY not in shown


@pytest.mark.parametrize("text", ["", "key", "pässword", "half \ud800"])
def test_reveal_and_equality(text: str) -> None:
    assert Secret(text).reveal() == text
    assert Secret(text) == Secret(text)
    assert hash(Secret(text)) == hash(Secret(text))
    assert Secret(text) != Secret(text + "x")
    assert Secret(text) != text
    assert bool(Secret(text)) is bool(text)
