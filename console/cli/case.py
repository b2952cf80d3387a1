"""`portside case extract|cancel TARGETS ...`: extract cases at AutoCase ports, and cancel what is stuck."""

import argparse

from console.cli import commanding

ACTIONS = {"extract": "case.extract", "cancel": "case.cancel"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the parts."""
    commanding.configure(parser, ACTIONS)


def run(options: argparse.Namespace) -> int:
    """Carry the chosen one out."""
    return commanding.run(options)
