"""Whatever right values a method is given, the controller reads what the client meant, in both encodings."""

from datetime import UTC
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from console.autostore.catalogue import Method
from console.autostore.wire import Encoding, encode
from console.fields import EARLIEST, LATEST, Arguments, Field, Invalid, Kind
from console.simulator import parameters
from console.simulator.requests import read_json, read_xml
from console.simulator.switches import AutoStoreSwitches

from .valid import METHODS

READERS = {Encoding.XML: read_xml, Encoding.JSON: read_json}


@given(st.data())
def test_any_right_values_mean_the_same_on_both_sides(data: st.DataObject) -> None:
    _, method = data.draw(st.sampled_from(METHODS))
    arguments = data.draw(arguments_of(method))
    for encoding, read in READERS.items():
        request = read(encode(method, arguments, encoding))
        assert request.method == method.name
        assert parameters.read(method, request.params, AutoStoreSwitches()) == arguments


@st.composite
def arguments_of(draw: st.DrawFn, method: Method) -> Arguments:
    """Return any arguments that a method takes."""
    try:
        return method.check(draw(record_of(method.params)))
    except Invalid:
        assume(False)
        raise


def record_of(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    needed = {field.name: values_of(field) for field in fields if field.required}
    others = {field.name: values_of(field) for field in fields if not field.required}
    return st.fixed_dictionaries(needed, optional=others)


def values_of(field: Field) -> st.SearchStrategy[Any]:
    one = value_of(field)
    return st.lists(one, min_size=1, max_size=3) if field.repeated else one


def value_of(field: Field) -> st.SearchStrategy[Any]:
    if field.choices:
        return st.sampled_from([str(choice) for choice in field.choices])
    match field.kind:
        case Kind.INTEGER:
            return st.integers(field.low, field.high)
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.TIME:
            low, high = (moment.replace(tzinfo=None) for moment in (EARLIEST, LATEST))
            return st.datetimes(low, high, timezones=st.just(UTC))
        case Kind.RECORD:
            return record_of(field.fields)
        case _:
            return st.sampled_from(field.fields).flatmap(entry_of)


def entry_of(field: Field) -> st.SearchStrategy[dict[str, Any]]:
    values = st.just(True) if field.kind is Kind.BOOLEAN else value_of(field)
    return values.map(lambda value: {field.name: value})
