"""`portside rule add|delete DEVICES ...`: give devices a rule, or take one from them."""

import argparse

from console.cli import commanding

ACTIONS = {"add": "rule.add", "delete": "rule.delete"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the parts."""
    commanding.configure(parser, ACTIONS)


def run(options: argparse.Namespace) -> int:
    """Carry the chosen one out."""
    return commanding.run(options)
