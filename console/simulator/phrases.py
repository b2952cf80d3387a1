"""Functions that are said by name: `stick-case port=4` for `stick_case(world, port_id=4)`.

The functions are the vocabulary: each takes one world and then keyword arguments, whose types say
what can be written.
"""

from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter, signature
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from console.simulator.filling import Wrong, fill, instead, join, shown, split

Function: TypeAlias = Callable[..., Any]


class Phrase(Struct, frozen=True):
    """One function with its arguments, as somebody said it; prints as the line it was read from."""

    word: str
    function: Function
    arguments: Struct

    def __call__(self, *worlds: object) -> Any:
        """Do it to the one of the worlds that it is about; returns and raises what the function does."""
        about = next(iter(signature(self.function).parameters.values())).annotation
        world = next(world for world in worlds if isinstance(world, about))
        names = _parameters(self.function)
        given = msgspec.structs.asdict(self.arguments)
        return self.function(world, **{names[name]: value for name, value in given.items()})

    def __str__(self) -> str:
        return join(self.word, self.arguments)


class Vocabulary:
    """The functions that can be said."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self._functions: Mapping[str, Function] = {
            function.__name__.replace("_", "-"): function for function in functions
        }

    def __contains__(self, word: str) -> bool:
        return word in self._functions

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self._functions)

    def parse(self, line: str) -> Phrase:
        """Read a line of text.

        Raises:
            Wrong: a word that is none of them, or an option that does not fit.
        """
        word, options = split(line)
        function = self._functions.get(word)
        if function is None:
            raise Wrong(f"{shown(word)} is not known here: {instead(self.words, word)}")
        return Phrase(word, function, fill(_shape(function), options, text=True))


def _parameters(function: Function) -> dict[str, str]:
    """Return the keyword parameters by what they are called in a line: port for port_id."""
    every = signature(function).parameters.values()
    return {one.name.removesuffix("_id"): one.name for one in every if one.kind is Parameter.KEYWORD_ONLY}


def _shape(function: Function) -> type[Struct]:
    """Return a struct with a field for each keyword parameter."""
    every = signature(function).parameters
    fields: list[Any] = [
        (said, every[name].annotation)
        if every[name].default is Parameter.empty
        else (said, every[name].annotation, every[name].default)
        for said, name in _parameters(function).items()
    ]
    return msgspec.defstruct(function.__name__, fields, frozen=True, kw_only=True)
