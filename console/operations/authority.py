"""Who may command here, and what (operations-safety rules 17, 45, 48 and 67); pure.

Read-only beats every role. A role is what the settings ask for, as far as the Unix groups allow it.
"""

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct

from console.settings.tables import Role

_RISING = (Role.VIEWER, Role.TECHNICIAN, Role.SUPERVISOR)
_COMMAND = frozenset({Role.TECHNICIAN, Role.SUPERVISOR})
_APPROVE = frozenset({Role.SUPERVISOR, Role.APPROVER})


class NotAllowed(Exception):
    """The command is refused by this console; nothing was sent and nothing was recorded as sent."""


def named(names: Collection[str], command: str, method: str) -> bool:
    """Return whether a setting that names commands means this one: by its id, or by its method."""
    return command in names or method in names


class Authority(Struct, frozen=True):
    """What the person at this console may do at this site.

    `attributed` says whether the kernel knows who logged in, or need not. `critical` commands need
    a second person, `emergency` ones stay with a supervisor while the journal cannot be written.
    """

    role: Role = Role.TECHNICIAN
    read_only: bool = False
    attributed: bool = True
    critical: frozenset[str] = frozenset()
    emergency: frozenset[str] = frozenset()

    @property
    def refusal(self) -> str | None:
        """Why this console gives no commands at all, or None."""
        if self.read_only:
            return "this console is read-only here"
        if self.role not in _COMMAND:
            return f"the role {self.role.value} gives no commands"
        if not self.attributed:
            return "the system does not say who logged in here, so no commands: see allow_unattributed"
        return None

    @property
    def may_approve(self) -> bool:
        """Whether this person may approve what somebody else wants to do."""
        return self.role in _APPROVE and self.attributed and not self.read_only

    def refuses(self, command: str, method: str, *, approved: bool) -> str | None:
        """Return why the command of this id is not carried out, or None."""
        if self.refusal is not None:
            return self.refusal
        if named(self.critical, command, method) and not approved:
            return f"{command} is critical here: make a plan that a second person approves"
        return None

    def despite_journal(self, command: str, method: str) -> bool:
        """Whether the command of this id may be given while the journal cannot be written (rule 48)."""
        return self.role is Role.SUPERVISOR and named(self.emergency, command, method)


def effective_role(asked: Role, groups: Mapping[Role, str], is_member: Callable[[str], bool]) -> Role:
    """Return the role a person has: the one asked for, or the next lower one that their groups allow.

    A role for which no group is named is open to everybody. Nobody falls from approver into a role
    that commands.
    """
    if asked is Role.APPROVER:
        return asked if _open_to(asked, groups, is_member) else Role.VIEWER
    for role in reversed(_RISING[: _RISING.index(asked) + 1]):
        if _open_to(role, groups, is_member):
            return role
    return Role.VIEWER


def _open_to(role: Role, groups: Mapping[Role, str], is_member: Callable[[str], bool]) -> bool:
    return role not in groups or is_member(groups[role])


def read_only_asked(flag: bool, environment: str | None, file: bool) -> bool:
    """Return whether commands are off: the flag counts first, then the environment, then the file.

    Raises:
        ValueError: the environment says something that is neither yes nor no.
    """
    if flag:
        return True
    if environment is None or not environment.strip():
        return file
    word = environment.strip().lower()
    if word not in _YES | _NO:
        raise ValueError(f"wanted one of {', '.join(sorted(_YES | _NO))}")
    return word in _YES


_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
