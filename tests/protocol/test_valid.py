"""The values that the other tests here are made of: right, and leaving nothing untried."""

import pytest

from console.mor.calls import CALLS

from .valid import EDGES, METHODS, Entry, valid

ENTRIES = [*(method for _, method in METHODS), *CALLS]


@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_they_are_right(entry: Entry, edge: int) -> None:
    values = valid(entry, edge)
    assert set(entry.check(values)) == set(values)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_parameter_is_in_one_of_them(entry: Entry) -> None:
    given = {name for edge in EDGES.values() for name in valid(entry, edge)}
    assert given == {field.name for field in entry.params}
