"""`portside`: the console on a configured site."""

import argparse
import gc
import logging
import os
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from console.cli.common import add_site_options, chosen_site
from console.cli.exit import Exit
from console.cli.output import fail
from console.settings import SettingsError, find, state_dir
from console.site import Site
from console.site_spec import Connect, Endpoints, SiteSpec, configured, describe

REMOTE_TERMINAL = {
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "TEXTUAL_FPS": "30",
}
"""What a slow link needs; Textual reads these once, when it is imported."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_site_options(parser)
    parser.add_argument("--read-only", action="store_true", help="refuse every command")
    add_screen_options(parser)


def add_screen_options(parser: argparse.ArgumentParser) -> None:
    """Add what concerns the terminal; `portside demo` has the same."""
    parser.add_argument("--theme", metavar="NAME", help="colours to use")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument(
        "--low-bandwidth", action="store_true", help="for slow links: few frames, sixteen colours"
    )


def run(options: argparse.Namespace) -> int:
    """Open the console on the chosen site."""
    try:
        settings, name, site = chosen_site(options)
    except SettingsError as error:
        fail(str(error))
        print(
            "\nNo site to connect to yet? `portside demo` opens a console on a simulated one.",
            file=sys.stderr,
        )
        return Exit.USAGE
    spec = describe(name, settings, site, state_dir(), read_only=options.read_only)
    return run_console(spec, configured(name, site), options, settings.theme)


def run_console(spec: SiteSpec, connect: Connect, options: argparse.Namespace, theme: str) -> int:
    """Run the app in this terminal; returns its exit code."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        fail("the console needs a terminal; the other verbs of portside do not")
        return Exit.USAGE
    _log_to_file(spec.state_dir)
    for name, value in REMOTE_TERMINAL.items():
        os.environ.setdefault(name, value)

    # Half of the garbage collector's work is done while modules are imported, and nothing comes of it.
    gc.disable()
    # Textual is imported only now: no other verb waits for it.
    from console.interface.app import LOW_THEME, PortsideApp
    from console.interface.themes import ThemeError, load_themes

    try:
        themes = load_themes([find().parent / "themes"])
    except ThemeError as error:
        fail(str(error))
        return Exit.USAGE
    wanted = options.theme or (LOW_THEME if options.low_bandwidth else theme)
    if wanted not in themes:
        fail(f"there is no theme {wanted!r}; there are {', '.join(sorted(themes))}")
        return Exit.USAGE
    app = PortsideApp(
        lambda schedule: Site(spec, _then_collect(connect), schedule),
        themes=themes,
        theme=wanted,
        low_bandwidth=options.low_bandwidth,
    )
    app.run(mouse=not options.no_mouse)
    return app.return_code or Exit.DONE


def _then_collect(connect: Connect) -> Connect:
    """Collect garbage again from the moment it connects; what was made until then stays, and is left out."""

    async def connect_then_collect() -> Endpoints:
        gc.freeze()
        gc.enable()
        return await connect()

    return connect_then_collect


def _log_to_file(folder: Path) -> None:
    """Send the log to a file of our own: on the terminal it would tear the screen."""
    handler: logging.Handler = logging.NullHandler()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "portside.log"
        path.touch(mode=0o600)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, delay=True)
    logging.basicConfig(
        handlers=[handler], level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
