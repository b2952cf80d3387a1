"""What people do about alarms: each act is a record, so that every console on the host knows of it.

Acknowledging says that somebody knows; shelving puts an alarm out of sight for a while, for a reason
(operations-safety rules 37, 39 and 43).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from console.operations.authority import Authority, NotAllowed
from console.operations.journal import Entry, Journal, Record, RecordKind, read
from console.settings.tables import Role
from console.state.alarm_life import Shelf
from console.text import safe


class Act(StrEnum):
    """What a SHELVE record says was done."""

    SHELVED = "shelved"
    OUT_OF_SERVICE = "out of service"
    BACK = "back"


class AlarmDesk:
    """The way to do something about the alarms of a site.

    Args:
        most_hours: how long an alarm may be shelved (rule 39).
    """

    def __init__(self, journal: Journal, authority: Authority, most_hours: float) -> None:
        self.most_hours = most_hours
        self._journal = journal
        self._authority = authority

    @property
    def refusal(self) -> str | None:
        """Why the person at this console does nothing about alarms, or None."""
        return self._authority.refusal

    @property
    def refusal_to_take_out(self) -> str | None:
        """Why the person at this console takes no alarm out of service, or None."""
        if self.refusal is None and self._authority.role is not Role.SUPERVISOR:
            return "only a supervisor takes an alarm out of service"
        return self.refusal

    async def acknowledge(self, names: Collection[str]) -> None:
        """Record that somebody knows of these alarms.

        Raises:
            NotAllowed: not this person. JournalError: it is not recorded.
        """
        _allow(self.refusal)
        await self._journal.write(*(Entry(kind=RecordKind.ACK, target=name) for name in names))

    async def shelve(self, name: str, reason: str, hours: float) -> None:
        """Put an alarm out of sight for some hours.

        Raises:
            NotAllowed: not this person, or not for so long. JournalError: it is not recorded.
        """
        _allow(self.refusal)
        if not 0 < hours <= self.most_hours:
            raise NotAllowed(f"an alarm is shelved for at most {self.most_hours:g} hours")
        await self._note(Act.SHELVED, name, reason, until=datetime.now(UTC) + timedelta(hours=hours))

    async def take_out(self, name: str, reason: str) -> None:
        """Take an alarm out of service, until somebody puts it back.

        Raises:
            NotAllowed: not this person. JournalError: it is not recorded.
        """
        _allow(self.refusal_to_take_out)
        await self._note(Act.OUT_OF_SERVICE, name, reason)

    async def put_back(self, name: str) -> None:
        """Let an alarm call again.

        Raises:
            NotAllowed: not this person. JournalError: it is not recorded.
        """
        _allow(self.refusal)
        await self._note(Act.BACK, name)

    def shelves(self) -> dict[str, Shelf]:
        """Return what is shelved or out of service at this site, by the alarm's name.

        Raises:
            JournalError: the journal cannot be read.
        """
        return shelved(self._of_this_site(RecordKind.SHELVE))

    def acknowledged(self, since: datetime) -> set[str]:
        """Return the alarms that anybody on this host acknowledged since a time of day.

        Raises:
            JournalError: the journal cannot be read.
        """
        return {record.entry.target for record in self._of_this_site(RecordKind.ACK, since)}

    def _of_this_site(self, kind: RecordKind, since: datetime | None = None) -> Iterable[Record]:
        records = read(self._journal.path.parent, kinds=(kind,), since=since)
        return (record for record in records if record.site == self._journal.site)

    async def _note(self, act: Act, name: str, reason: str = "", until: datetime | None = None) -> None:
        detail = {} if until is None else {"until": until.isoformat(timespec="seconds")}
        entry = Entry(kind=RecordKind.SHELVE, target=name, action=act.value, reason=reason, detail=detail)
        await self._journal.write(entry)


def _allow(refusal: str | None) -> None:
    if refusal is not None:
        raise NotAllowed(refusal)


def shelved(records: Iterable[Record]) -> dict[str, Shelf]:
    """Return what records leave shelved, by the alarm's name: the last one counts; pure."""
    shelves: dict[str, Shelf] = {}
    for record in records:
        entry = record.entry
        shelves.pop(entry.target, None)
        if entry.action != Act.BACK:
            shelves[entry.target] = Shelf(
                reason=safe(entry.reason), by=safe(record.actor.operator), until=_until(entry.detail)
            )
    return shelves


def _until(detail: Mapping[str, object]) -> float | None:
    until = detail.get("until")
    return datetime.fromisoformat(until).timestamp() if isinstance(until, str) else None
