"""TARGETS of a verb: `1-40,77`, `all`, `@file`, a filter, or the devices of a user."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from console.interface.filtering import Candidate, UnknownWord, parse
from console.operations.bulk import targets
from console.operations.bulk.action import Action
from console.operations.bulk.planning import Known
from console.operations.bulk.targets import WrongTargets
from console.operations.bulk.wishes import same_for_all
from console.settings.files import read_regular
from console.site import Site
from console.state.entities import Kind, Port
from console.state.quality import Quality

PORTS_HELP = "ports like 1-40,77, or all, or @FILE that names them, then name=value ..."
DEVICES_HELP = "devices like 2-8,17, or @FILE that names them, then name=value ..."

MOST_BYTES = 1024 * 1024
"""Size of a file of targets."""


def add_target_arguments(parser: argparse.ArgumentParser, action: Action) -> None:
    """Add TARGETS and what can stand for them."""
    if action.looks_at is Kind.PORT:
        parser.add_argument("words", nargs="*", metavar="TARGETS", help=PORTS_HELP)
        parser.add_argument(
            "--where", metavar="WORDS", help="ports that a filter keeps: 'mode:closed type:ac'"
        )
        parser.set_defaults(user=None)
    else:
        parser.add_argument("words", nargs="*", metavar="DEVICES", help=DEVICES_HELP)
        parser.add_argument("--user", type=int, metavar="N", help="all devices of a user")
        parser.set_defaults(where=None)


def parted(words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the words that name targets as one text, and those that are `name=value`."""
    names = [word for word in words if word.startswith("@") or "=" not in word]
    return ",".join(names), tuple(word for word in words if word not in names)


async def chosen(site: Site, action: Action, options: argparse.Namespace) -> tuple[int, ...]:
    """Return the targets that the command line names, ascending.

    Raises:
        WrongTargets: none, several ways to name them at once, or wrong ones. OSError: a file cannot be read.
        CallFailed: the devices of a user cannot be read.
    """
    text, _ = parted(options.words)
    given = [one for one in (text, options.where, options.user) if one not in (None, "")]
    if len(given) > 1:
        raise WrongTargets("targets are named in one way: as TARGETS, or by an option")
    if options.where is not None:
        return await _matching(site, action, options.where)
    if options.user is not None:
        return await _devices_of(site, options.user)
    if "@" in text:
        text = _from_file(text)
    if action.looks_at is Kind.PORT:
        return targets.ports(text, site.store.ports.keys())
    return targets.devices(text)


def _from_file(text: str) -> str:
    if not text.startswith("@") or "," in text:
        raise WrongTargets("@FILE stands alone: a file names all targets")
    data = read_regular(Path(text[1:]), MOST_BYTES).data
    try:
        return targets.from_file(data.decode())
    except UnicodeDecodeError:
        raise WrongTargets("the file of targets is not UTF-8") from None


async def _devices_of(site: Site, user: int) -> tuple[int, ...]:
    if site.mor is None:
        raise WrongTargets("this site has no MOR server")
    found = sorted(device.device_id for device in await site.mor.devices(user))
    if not found:
        raise WrongTargets(f"user {user} has no devices")
    return tuple(found)


async def _matching(site: Site, action: Action, words: str) -> tuple[int, ...]:
    assert site.bulk is not None
    known_ports = tuple(site.store.ports)
    seen = await site.bulk.survey(same_for_all(action.id, known_ports))
    unread = [key.id for key, one in seen.items() if one.belief is None]
    if unread:
        named = ", ".join(map(str, unread[:5]))
        raise WrongTargets(
            f"{len(unread)} ports could not be read, so the filter says nothing of them: {named}"
        )
    return targets.matching(words, kept_by(seen), known_ports)


def kept_by(seen: Known) -> Callable[[str], list[int]]:
    """Return what resolves a filter on ports that were just read."""

    def where(words: str) -> list[int]:
        try:
            keeps = parse(words, strict=True).keeps
        except UnknownWord as unknown:
            raise WrongTargets(str(unknown)) from None
        return [
            int(key.id)
            for key, one in seen.items()
            if isinstance(one.belief, Port) and keeps(Candidate(one.belief, Quality.LIVE, marked=False))
        ]

    return where
