"""What a supervisor alone does with the journal: which settings say that this person is one."""

import argparse
import os

from console.operations.actor import is_member
from console.operations.authority import NotAllowed, effective_role, read_only_asked
from console.settings import Settings, SettingsError, find, load
from console.settings.tables import Role
from console.site_spec import READ_ONLY_VARIABLE


def settings_of_supervisor(options: argparse.Namespace, *, otherwise: str) -> Settings:
    """Return the settings that `--config` names, of a person whose role in them is supervisor.

    Args:
        otherwise: what nobody else does, in words such as `retires no records`.

    Raises:
        SettingsError: they are missing or wrong. NotAllowed: it is somebody else, or they only read.
    """
    settings = load(find(options.config))
    if _reads_only():
        raise NotAllowed(f"read-only {otherwise}: see {READ_ONLY_VARIABLE} in the environment")
    role = effective_role(settings.role, settings.groups.by_role, is_member)
    if role is not Role.SUPERVISOR:
        raise NotAllowed(f"the role {role.value} {otherwise}: a supervisor does")
    return settings


def _reads_only() -> bool:
    try:
        return read_only_asked(False, os.environ.get(READ_ONLY_VARIABLE), False)
    except ValueError as error:
        raise SettingsError(f"{READ_ONLY_VARIABLE} in the environment: {error}") from None
