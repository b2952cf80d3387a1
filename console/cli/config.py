"""`portside config`: write, show or find the settings."""

import argparse
from pathlib import Path

from console.cli.common import add_config_option
from console.cli.exit import Exit
from console.cli.output import as_json, fail
from console.resources import shipped
from console.settings import SettingsError, begin, find, load, site_files, state_dir
from console.settings.reading import shown_path


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="init|show|path")
    init = actions.add_parser("init", help="write a first settings file, with an example site to change")
    show = actions.add_parser("show", help="check the settings and print what is in effect")
    path = actions.add_parser("path", help="print where the settings are looked for")
    for action in (init, show, path):
        add_config_option(action)
    form = show.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as one JSON object")
    form.add_argument("--defaults", action="store_true", help="every setting with its default, explained")


def run(options: argparse.Namespace) -> int:
    """Carry out the verb and return its exit code."""
    path = find(options.config)
    try:
        match options.action:
            case "init":
                _init(path)
            case "show":
                _show(path, options)
            case _:
                print(shown_path(path))
    except SettingsError as error:
        fail(str(error))
        return Exit.USAGE
    return Exit.DONE


def _init(path: Path) -> None:
    begin(path, shipped("config", "example.toml").read_text("utf-8"))
    print(f"Wrote {shown_path(path)}, with an example site that is read-only.")
    print(
        "Next: put in your addresses and ports, store the MOR key as the file says, then run portside check."
    )


def _show(path: Path, options: argparse.Namespace) -> None:
    from console.settings.document import as_tables, as_toml, defaults_toml

    if options.defaults:
        print(defaults_toml(), end="")
        return
    settings = load(path)
    sites, state = site_files(path), state_dir()
    if options.json:
        files = {
            "settings_file": str(path),
            "site_files": [str(one) for one in sites],
            "state_dir": str(state),
        }
        print(as_json({**files, "settings": as_tables(settings)}))
        return
    for what, place in (("settings", path), *(("sites", one) for one in sites), ("state", state)):
        print(f"# {what}: {shown_path(place)}")
    print(f"\n{as_toml(settings)}", end="")
