"""`portside discover`: asks a controller which ports it has, and writes them into a site file of its own.

No method lists the ports, so each id is asked about once, slowly: beside a warehouse at work.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit

from console.autostore.methods import find as find_method
from console.autostore.values import PORT_ID_RANGE
from console.cli.common import add_connection_options
from console.cli.exit import Exit
from console.cli.output import Row, as_json, fail, print_rows
from console.cli.progress import Progress
from console.cli.signals import stop_event
from console.cli.site_work import on_site
from console.settings import AutoStore, SettingsError, begin, find
from console.settings import Site as SiteSettings
from console.settings.drafts import Draft, IsThere, StandsElsewhere, draft
from console.settings.reading import shown_path
from console.settings.values import ids_text
from console.site import Site
from console.workers.discovery import Answer, Ask, Probe, Survey, asking, carry_out

T = TypeVar("T", int, float)

COLUMNS = ("port_id", "answer", "type", "mode", "reason")

RATES = (1.0, 40.0)
"""Calls a second; the most is what one controller may be asked at all (rule 68)."""

_SHOWN = (Answer.PORT, Answer.REFUSED, Answer.NONE)
_NAME_MOST = 40


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_connection_options(parser)
    first, last = PORT_ID_RANGE
    port_id = _number(first, last, int)
    parser.add_argument(
        "--from", type=port_id, default=first, dest="first", metavar="ID", help="first to ask"
    )
    parser.add_argument("--to", type=port_id, default=last, dest="last", metavar="ID", help="last to ask")
    parser.add_argument(
        "--rate",
        type=_number(*RATES, float),
        default=20.0,
        metavar="N",
        help="calls a second (default: %(default)g)",
    )
    parser.add_argument("--name", help="name of the site to write; made from its address when left out")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(options: argparse.Namespace) -> int:
    """Ask, write the site's file, and print what was found."""
    return on_site(options, lambda site, settings: _discover(site, settings, options))


async def _discover(site: Site, settings: SiteSettings, options: argparse.Namespace) -> int:
    client, autostore = site.autostore, settings.autostore
    if client is None or autostore is None:
        raise SettingsError("this site has no AutoStore controller")
    if find_method("getportstatus", client.interface) is None:
        raise SettingsError(f"the {client.interface} interface has no call that tells of a port")
    if options.first > options.last:
        raise SettingsError(f"--from {options.first} is beyond --to {options.last}")
    target = _target(site, autostore, options)
    await client.system_status()  # before anything else: is that a controller, and there at all
    survey = Survey(range(options.first, options.last + 1), rate=options.rate)
    await _carry_out(survey, asking(client))
    code = _exit(survey)
    try:
        written = target is not None and _write(target, survey, autostore, options)
    except SettingsError as error:  # what was found is printed all the same
        fail(str(error))
        written, code = False, Exit.OUR_FAULT
    _print(survey, target if written else None, options)
    return code


def _target(site: Site, autostore: AutoStore, options: argparse.Namespace) -> Draft | None:
    """Return the file to write; None for a site of a file that a person wrote."""
    by_address = options.autostore_url is not None
    name = options.name or (_name_of(autostore) if by_address else site.spec.name)
    try:
        return draft(find(options.config), name, anew=options.force)
    except IsThere as error:
        raise SettingsError(f"{error}: --force writes it anew, --name another") from None
    except StandsElsewhere as error:
        if by_address or options.name:
            raise SettingsError(f"{error}: give another --name") from None
        fail(f"{error}: nothing will be written")
        return None


def _name_of(autostore: AutoStore) -> str:
    host = urlsplit(autostore.url).hostname or ""
    return re.sub(r"[^a-z0-9]+", "-", host).strip("-")[:_NAME_MOST].strip("-") or "found"


async def _carry_out(survey: Survey, ask: Ask) -> None:
    """Ask, showing how far that is; a signal ends it in order, so that what was found is kept."""
    progress, stopped = Progress(survey.total), stop_event()

    def tell() -> None:
        progress.step(f"{len(survey.that(Answer.PORT))} ports")
        if stopped.is_set():
            survey.stop("it was interrupted")

    try:
        await carry_out(survey, ask, clock=time.monotonic, tell=tell)
    finally:
        progress.end()


def _write(target: Draft, survey: Survey, autostore: AutoStore, options: argparse.Namespace) -> bool:
    """Write the file if it has any port to name, and return whether it did.

    What it named before stays, unless the controller now says that there is no such port.
    """
    gone = {probe.port_id for probe in survey.that(Answer.NO_PORT)}
    found = {probe.port_id for probe in survey.that(Answer.PORT)}
    ports = found.union(target.ports_before(autostore.url)) - gone
    if ports:
        text = target.text(autostore, ports, _title(survey, autostore, options))
        begin(target.path, text, anew=options.force)
    return bool(ports)


def _title(survey: Survey, autostore: AutoStore, options: argparse.Namespace) -> Iterator[str]:
    when = datetime.now(UTC)
    yield f"Written by `portside discover` on {when:%Y-%m-%d} at {when:%H:%M} UTC, which asked"
    yield f"{autostore.url} about ports {options.first} to {options.last}."
    if survey.stopped is not None:
        yield f"It did not get to the end: {survey.stopped}."
        yield f"Go on with --from {survey.go_on_from} --force."
    for answer in (Answer.NONE, Answer.REFUSED):
        probes = survey.that(answer)
        if probes:
            yield f"{answer.capitalize()}: {_ids(probes)}."


def _print(survey: Survey, target: Draft | None, options: argparse.Namespace) -> None:
    if options.json:
        print(as_json(_summary(survey, target)))
    else:
        print_rows([_row(probe) for answer in _SHOWN for probe in survey.that(answer)], COLUMNS, "plain")
    if survey.stopped is not None:
        force = " --force" if target else ""
        fail(f"stopped, since {survey.stopped}: go on with --from {survey.go_on_from}{force}")
    if target is not None:
        print(f"portside: wrote {shown_path(target.path)}: site {target.site}", file=sys.stderr)
        if not find(options.config).exists():
            fail("there is no settings file beside it yet; portside config init begins one")


def _summary(survey: Survey, target: Draft | None) -> dict[str, object]:
    return {
        "file": target and str(target.path),
        "site": target and target.site,
        "ports": [
            {"port_id": one.port_id, "type": one.port_type, "mode": one.mode}
            for one in survey.that(Answer.PORT)
        ],
        "no_port": _ids(survey.that(Answer.NO_PORT)),
        "refused": {str(one.port_id): one.reason for one in survey.that(Answer.REFUSED)},
        "no_answer": {str(one.port_id): one.reason for one in survey.that(Answer.NONE)},
        "stopped": survey.stopped,
        "go_on_from": survey.go_on_from,
    }


def _row(probe: Probe) -> Row:
    return {
        "port_id": probe.port_id,
        "answer": probe.answer.value,
        "type": probe.port_type,
        "mode": probe.mode,
        "reason": probe.reason,
    }


def _ids(probes: list[Probe]) -> str:
    return ids_text(probe.port_id for probe in probes)


def _exit(survey: Survey) -> Exit:
    if survey.stopped is not None or survey.that(Answer.NONE):
        return Exit.INCOMPLETE
    return Exit.DONE if survey.that(Answer.PORT) else Exit.REFUSED


def _number(low: float, high: float, convert: Callable[[str], T]) -> Callable[[str], T]:
    def read(text: str) -> T:
        try:
            number = convert(text)
        except ValueError:
            number = None
        if number is None or not low <= number <= high:
            raise argparse.ArgumentTypeError(f"wanted {low:g} to {high:g}")
        return number

    return read
