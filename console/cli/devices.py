"""`portside devices --user N`: the devices of a user; their passwords are not among the columns."""

import argparse

from console.cli.common import add_connection_options, add_output_options
from console.cli.exit import Exit
from console.cli.output import fail, print_rows
from console.cli.site_work import on_site
from console.settings import Site as SiteSettings
from console.site import Site

COLUMNS = (
    *("device_id", "user_id", "device_type", "username", "ipaddr", "port"),
    *("registered", "primary", "devicegroup_id", "callerid"),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--user", type=int, action="append", metavar="N", help="id of the user; may be repeated"
    )
    add_connection_options(parser)
    add_output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print a row for each device."""
    return on_site(options, lambda site, settings: _print_devices(site, settings, options))


async def _print_devices(site: Site, settings: SiteSettings, options: argparse.Namespace) -> int:
    if site.mor is None or settings.mor is None:
        fail("this site has no MOR server")
        return Exit.USAGE
    users = options.user or settings.mor.users
    if not users:
        fail("whose devices? name a user with --user N; `portside call users_get` lists them")
        return Exit.USAGE
    devices = [device for user in users for device in await site.mor.devices(user)]
    rows = [{name: getattr(device, name) for name in COLUMNS} for device in devices]
    print_rows(rows, COLUMNS, options.form)
    return Exit.DONE
