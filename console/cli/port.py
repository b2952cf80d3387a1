"""`portside port open|runout|close TARGETS ...`: open, run out and close ports."""

import argparse

from console.cli import commanding

ACTIONS = {"open": "port.open", "runout": "port.runout", "close": "port.close"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the parts."""
    commanding.configure(parser, ACTIONS)


def run(options: argparse.Namespace) -> int:
    """Carry the chosen one out."""
    return commanding.run(options)
