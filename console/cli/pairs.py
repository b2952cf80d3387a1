"""Values as people write them after a verb: `name=value`, a name again for a list, a secret from a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from console.fields import Field, Invalid, Kind
from console.settings import secret_from_file

VALUES_HELP = "a repeated name makes a list; a secret is name=@FILE, a file of its owner only that holds it"


def pair(fields: Sequence[Field], text: str) -> tuple[str, str]:
    """Return name and value of `name=value`; the value of a secret is what its file holds.

    Raises:
        Invalid: there is no value, or a secret stands there itself. SettingsError: its file cannot be used.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise Invalid(text, "without a value", "name=value")
    secret = any(field.name == name and field.kind is Kind.SECRET for field in fields)
    return name, _secret(name, value) if secret and value else value


def collected(fields: Sequence[Field], texts: Iterable[str]) -> dict[str, object]:
    """Return the values of `name=value` words by name, as a form would give them.

    Raises:
        Invalid: an unknown name, or one that is repeated and may not be. And as `pair`.
    """
    known = {field.name: field for field in fields}
    values: dict[str, object] = {}
    for name, value in (pair(fields, text) for text in texts):
        if name not in known:
            raise Invalid(name, "unknown", f"one of {', '.join(known)}" if known else "no values at all")
        if not known[name].repeated:
            if name in values:
                raise Invalid(name, "named twice", "one value")
            values[name] = value
        else:
            several = values.setdefault(name, [])
            assert isinstance(several, list)
            several.append(value)
    return values


def _secret(name: str, value: str) -> str:
    """Read a secret from the file that stands for it: everybody here can see arguments (rule 64)."""
    if not value.startswith("@"):
        raise Invalid(name, "not shown", f"{name}=@FILE: a secret is never an argument itself")
    return secret_from_file(name, Path(value[1:]), "in the folder you are in").reveal()
