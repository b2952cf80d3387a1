"""The hash that proves a MOR call comes from someone who knows the secret key (mor.md section 2)."""

import hashlib
from collections.abc import Iterable, Mapping

from console.mor.calls import Call, Profile
from console.secret import Secret


def digest(values: Iterable[str], secret: Secret) -> str:
    """Return the lowercase hex SHA-1 of the values, joined without separators, and the key."""
    return hashlib.sha1(("".join(values) + secret.reveal()).encode(), usedforsecurity=False).hexdigest()


def sign(call: Call, params: Mapping[str, str], secret: Secret, profile: Profile) -> str:
    """Return the hash of a call: the values of its ordered list that are sent, raw and unquoted."""
    return digest((params[name] for name in call.recipe(profile) if name in params), secret)
