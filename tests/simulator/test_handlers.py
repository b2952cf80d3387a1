"""Every method of the catalogue is there, on the interfaces and with the parameters of its page."""

import pytest

from console.autostore.catalogue import Interface, Method
from console.autostore.methods import METHODS, find, offered
from console.simulator import methods

from .small import site

ENTRIES = [(interface, method) for interface in Interface for method in offered(interface)]


def test_nothing_is_missing_and_nothing_is_too_much() -> None:
    assert methods.HANDLERS.keys() == {(interface, method.name) for interface, method in ENTRIES}
    assert len({method.name for method in METHODS}) == 39


@pytest.mark.parametrize(("interface", "method"), ENTRIES, ids=lambda part: getattr(part, "name", part))
def test_a_handler_takes_the_parameters_of_its_page(interface: Interface, method: Method) -> None:
    handler = methods.HANDLERS[interface, method.name]
    taken = set(handler.__annotations__) - {"world", "return"}
    own_to_the_other = {"target_grid"} if (interface, method.name) == (Interface.TASK, "insertbin") else set()
    assert taken - own_to_the_other == {field.name for field in method.params}


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_call_is_in_the_record_if_the_method_changes_anything(method: Method) -> None:
    world = site()
    methods.note(world, method, {}, "ok")
    assert len(world.record.entries) == method.mutating


def test_the_worlds_own_people_call_as_anyone_does() -> None:
    world = site()
    assert methods.call(world, "crew", "openport", port_id=1, category=(1,)) == {}
    assert [(entry.who, entry.method, entry.result) for entry in world.record.entries] == [
        ("crew", "openport", "ok")
    ]
    assert find("openport") is not find("openport", Interface.BIN)
