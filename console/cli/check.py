"""`portside check`: is each thing in the settings reachable, and does it accept us; a line each."""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from console.autostore.stream import Connected, Disconnected, LogStream
from console.cli.common import ALL_PORTS, add_connection_options, add_output_options
from console.cli.exit import Exit
from console.cli.output import print_rows
from console.cli.ports import look_at
from console.cli.site_work import exit_of, on_site
from console.operations.journal import JournalError
from console.operations.journal.syslog import line, send
from console.outcome import CallFailed
from console.settings import AutoStore, read_keys
from console.settings import Site as SiteSettings
from console.settings.certificates import tls_of
from console.settings.tables import LogPublisher
from console.settings.values import SyslogAddress
from console.site import Site

COLUMNS = ("result", "what", "detail")


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"


class Finding(NamedTuple):
    """One line of the check."""

    result: Verdict
    what: str
    detail: str
    code: Exit = Exit.DONE


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_connection_options(parser)
    add_output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print a line for each thing, and return the code of the first that failed."""
    return on_site(options, lambda site, settings: _check(site, settings, options.form))


async def _check(site: Site, settings: SiteSettings, form: str) -> int:
    findings = [finding async for finding in _findings(site, settings)]
    rows = [{"result": one.result.value, "what": one.what, "detail": one.detail} for one in findings]
    print_rows(rows, COLUMNS, form)
    return next((one.code for one in findings if one.code is not Exit.DONE), Exit.DONE)


async def _findings(site: Site, settings: SiteSettings) -> AsyncIterator[Finding]:
    if settings.autostore is not None:
        yield await _controller(site, settings.autostore.url)
        if settings.autostore.ports != ALL_PORTS:
            yield await _ports(site, settings.autostore.ports)
        if settings.autostore.log_publisher is not None:
            yield await _publisher(settings.autostore, settings.autostore.log_publisher)
    if settings.mor is not None:
        yield await _switch(site, settings.mor.url)
        for user_id in settings.mor.users:
            yield await _user(site, user_id)
        for warning in read_keys(settings.mor).warnings:
            yield Finding(Verdict.WARNING, "MOR key", warning)
    yield await _journal(site)
    copies = site.spec.journal_copies
    for what, address in (("journal's head", copies.heads_to), ("journal's copies", copies.copy_to)):
        if address is not None:
            yield await _syslog(f"{what} {address}", address)


async def _controller(site: Site, url: str) -> Finding:
    assert site.autostore is not None
    what = f"AutoStore {url}"
    try:
        status = await site.autostore.system_status()
    except CallFailed as failure:
        return _failed(what, failure)
    return Finding(Verdict.OK, what, f"system mode {status.name}")


async def _ports(site: Site, port_ids: tuple[int, ...]) -> Finding:
    assert site.autostore is not None
    what = f"AutoStore ports {len(port_ids)}"
    try:
        rows = await look_at(site.autostore, port_ids)
    except CallFailed as failure:
        return _failed(what, failure)
    refused = [str(row["port_id"]) for row in rows if "problem" in row]
    if refused:
        return Finding(Verdict.FAILED, what, f"the controller refuses {', '.join(refused)}", Exit.REFUSED)
    return Finding(Verdict.OK, what, "the controller knows them all")


async def _publisher(autostore: AutoStore, publisher: LogPublisher) -> Finding:
    what = f"Log Publisher {publisher.address}"
    tls = tls_of(autostore, "autostore") if publisher.tls else None
    stream = LogStream(publisher.host, publisher.port, tls=tls, backoff=lambda _: 1.0, clock=time.monotonic)
    async with stream as events:
        async for event in events:
            if isinstance(event, Disconnected):
                return Finding(Verdict.FAILED, what, event.reason, Exit.NOT_SENT)
            if isinstance(event, Connected):
                break
    return Finding(Verdict.OK, what, "connected")


async def _switch(site: Site, url: str) -> Finding:
    assert site.mor is not None
    what = f"MOR {url}"
    try:
        users = await site.mor.users()
    except CallFailed as failure:
        return _failed(what, failure)
    return Finding(Verdict.OK, what, f"accepts us, shows {len(users)} users")


async def _user(site: Site, user_id: int) -> Finding:
    assert site.mor is not None
    what = f"MOR user {user_id}"
    try:
        devices = await site.mor.devices(user_id)
    except CallFailed as failure:
        return _failed(what, failure)
    return Finding(Verdict.OK, what, f"{len(devices)} devices")


async def _journal(site: Site) -> Finding:
    journal = site.journal
    what = f"journal {journal.path}"
    try:
        await journal.write()
    except JournalError as error:
        return Finding(Verdict.FAILED, what, f"commands would be refused: {error}", Exit.OUR_FAULT)
    return Finding(Verdict.OK, what, "can be written")


async def _syslog(what: str, address: SyslogAddress) -> Finding:
    told = line(address, "check", "portside check", datetime.now(UTC))
    try:
        await asyncio.to_thread(send, address, [told])
    except (OSError, ValueError) as error:
        return Finding(Verdict.WARNING, what, f"cannot be sent: {error}")
    return Finding(Verdict.OK, what, "sent; whether it was kept is seen there")


def _failed(what: str, failure: CallFailed) -> Finding:
    return Finding(Verdict.FAILED, what, failure.reason, exit_of(failure))
