"""`portside bin call|close TARGETS ...`: call bins to ports, and send them back."""

import argparse

from console.cli import commanding

ACTIONS = {"call": "bin.call", "close": "bin.close"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the parts."""
    commanding.configure(parser, ACTIONS)


def run(options: argparse.Namespace) -> int:
    """Carry the chosen one out."""
    return commanding.run(options)
