"""`portside ports`: the ports and what they are doing, looked at once."""

import argparse
import asyncio
from collections.abc import Sequence

from console.autostore.client import AutoStoreClient
from console.autostore.replies import PortReading
from console.cli.common import ALL_PORTS, add_connection_options, add_output_options, add_ports_option
from console.cli.exit import Exit
from console.cli.output import Row, fail, print_rows
from console.cli.site_work import on_site
from console.outcome import CallFailed, Refused
from console.settings import Site as SiteSettings
from console.site import Site

COLUMNS = (
    *("port_id", "type", "mode", "bin_id", "bin_mode", "task_id", "taskgroup_id"),
    *("case_state", "case_error", "problem"),
)

AT_ONCE = 8
EACH_TAKES = 0.03
"""Most looks at the same time, and the least seconds each takes its place: some 250 looks a second."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_connection_options(parser)
    add_ports_option(parser)
    add_output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print a row for each port; without settings or --ports, for each port that there is."""
    return on_site(options, lambda site, settings: _print_ports(site, settings, options))


async def _print_ports(site: Site, settings: SiteSettings, options: argparse.Namespace) -> int:
    if site.autostore is None or settings.autostore is None:
        fail("this site has no AutoStore controller")
        return Exit.USAGE
    wanted = options.ports or settings.autostore.ports
    rows = await look_at(site.autostore, wanted)
    if wanted == ALL_PORTS:
        rows = [row for row in rows if "problem" not in row]
    print_rows(rows, COLUMNS, options.form)
    return Exit.DONE


async def look_at(client: AutoStoreClient, port_ids: Sequence[int]) -> list[Row]:
    """Return a row for each port: its state, or the controller's refusal as `problem`.

    Raises:
        CallFailed: the controller does not answer.
    """
    places = asyncio.Semaphore(AT_ONCE)

    async def look(port_id: int) -> Row:
        async with places:
            pause = asyncio.create_task(asyncio.sleep(EACH_TAKES if len(port_ids) > 100 else 0))
            try:
                return port_row(await client.look(port_id))
            except Refused as refusal:
                return {"port_id": port_id, "problem": f"{refusal.code}: {refusal.meaning}"}
            finally:
                await pause

    try:
        async with asyncio.TaskGroup() as group:
            looks = [group.create_task(look(port_id)) for port_id in port_ids]
    except* CallFailed as lost:
        raise lost.exceptions[0] from None
    return [one.result() for one in looks]


def port_row(reading: PortReading) -> Row:
    """Return a look at a port as a row of the table."""
    status, case = reading.status, reading.case
    return {
        "port_id": status.port_id,
        "type": status.port_type,
        "mode": status.mode,
        "bin_id": status.bin_id,
        "bin_mode": reading.bin.mode if reading.bin else None,
        "task_id": status.task_id,
        "taskgroup_id": status.taskgroup_id,
        "case_state": case.state if case else None,
        "case_error": case.error if case else None,
    }
