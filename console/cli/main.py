"""Finds the verb and hands over; imports nothing that a verb does not need.

`portside --help` must answer at once on a slow machine, so neither Textual nor HTTP is
imported here, and each verb's module only when it was asked for.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple, NoReturn, Protocol

from console import __version__
from console.cli.exit import Exit


class VerbModule(Protocol):
    """What a verb's module offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


class Verb(NamedTuple):
    """One line of the help and the module behind it."""

    module: str
    summary: str


VERBS = {
    "demo": Verb("console.cli.demo", "a console on a simulated site, nothing to set up"),
    "simulate": Verb("console.cli.simulate", "only the two simulated servers, for tests and training"),
    "check": Verb("console.cli.check", "is each thing in the settings reachable and accepting us"),
    "discover": Verb("console.cli.discover", "ask a controller which ports it has, and write them down"),
    "ports": Verb("console.cli.ports", "the ports and what they are doing"),
    "devices": Verb("console.cli.devices", "the devices of a user"),
    "port": Verb("console.cli.port", "open, run out or close ports: port open TARGETS"),
    "bin": Verb("console.cli.bin", "call bins to ports, and send them back"),
    "case": Verb("console.cli.case", "extract cases, and cancel what is stuck"),
    "rule": Verb("console.cli.rule", "add and delete rules of devices"),
    "bulk": Verb("console.cli.bulk", "plans for many targets: plan, preview, run, report, retry, undo"),
    "runs": Verb("console.cli.runs", "the runs of this host: list, attach, pause, resume, abort"),
    "call": Verb("console.cli.call", "one call of either protocol: call METHOD name=value ..."),
    "journal": Verb("console.cli.journal", "what was commanded here, and what became of it"),
    "config": Verb("console.cli.config", "write, show or find the settings"),
}

CONSOLE = Verb("console.cli.open", "the console")


def help_text() -> str:
    """Return what `portside --help` prints."""
    verbs = "\n".join(f"  {name:<10} {verb.summary}" for name, verb in VERBS.items())
    codes = "\n".join(f"  {code.value:<10} {code.meaning}" for code in Exit)
    return (
        "portside: a terminal console for AutoStore ports and MOR phones\n\n"
        "usage: portside [--config FILE] [--site NAME] [options]   open the console\n"
        "       portside VERB [options]                            portside VERB --help tells more\n\n"
        f"verbs:\n{verbs}\n\nexit codes:\n{codes}\n"
    )


def main(argv: Sequence[str]) -> int:
    """Run `portside` with `argv` (without the program's name) and return its exit code."""
    match list(argv):
        case ["-h" | "--help" | "help", *_]:
            print(help_text(), end="")
            return Exit.DONE
        case ["--version", *_]:
            print(f"portside {__version__}")
            return Exit.DONE
        case [name, *rest] if name in VERBS:
            return _hand_over(f"portside {name}", VERBS[name], rest)
        case [name, *_] if not name.startswith("-"):
            print(f"portside: there is no verb {name!r}; portside --help lists them", file=sys.stderr)
            return Exit.USAGE
        case options:
            return _hand_over("portside", CONSOLE, options)


def _hand_over(program: str, verb: Verb, argv: Sequence[str]) -> int:
    module: VerbModule = import_module(verb.module)
    parser = argparse.ArgumentParser(prog=program, description=verb.summary, allow_abbrev=False)
    module.configure(parser)
    try:
        return module.run(parser.parse_args(argv))
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.OUR_FAULT
    except KeyboardInterrupt:
        return 130


def run() -> NoReturn:
    """Entry point of the `portside` command."""
    sys.exit(main(sys.argv[1:]))
