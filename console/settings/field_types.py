"""What the type of a setting says about it: its range in words, and its sentence."""

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from msgspec import Meta

from console.settings.tables import Table
from console.settings.values import FORMS


class FieldType(NamedTuple):
    """A field's type taken apart: what it is at heart, and what was noted beside it."""

    base: Any
    metas: tuple[Meta, ...]

    @property
    def is_table(self) -> bool:
        """Whether it is a table of the file."""
        return isinstance(self.base, type) and issubclass(self.base, Table)

    @property
    def sentence(self) -> str:
        """The setting in one sentence."""
        return next((meta.description for meta in reversed(self.metas) if meta.description), "")

    @property
    def wanted(self) -> str:
        """What would be right, in words that follow 'wanted'."""
        if self.base in FORMS:
            return FORMS[self.base].wanted
        if self.base is bool:
            return "true or false"
        if self.base in (int, float):
            low, high = self._bound("ge"), self._bound("le")
            unit = next((meta.extra["unit"] for meta in self.metas if meta.extra), "")
            number = "a whole number" if self.base is int else "a number"
            return f"{number} {low:g} to {high:g}" + (f" ({unit})" if unit else "")
        if self.base is str:
            return f"text of {self._bound('min_length')} to {self._bound('max_length')} characters"
        if get_origin(self.base) is Literal:
            return " or ".join(f'"{choice}"' for choice in get_args(self.base))
        return " or ".join(f'"{choice.value}"' for choice in self.base)

    def _bound(self, name: str) -> Any:
        return next(value for meta in self.metas if (value := getattr(meta, name)) is not None)


def field_type(annotation: Any) -> FieldType:
    """Return the type behind `Annotated` and `| None`."""
    metas: tuple[Meta, ...] = ()
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *notes = get_args(annotation)
            metas = (*notes, *metas)
        elif get_origin(annotation) in (Union, UnionType):
            (annotation,) = (one for one in get_args(annotation) if one is not NoneType)
        else:
            return FieldType(annotation, metas)
