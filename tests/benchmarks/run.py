"""Measures what the console costs, each figure beside its floor in the same run.

    python tests/benchmarks/run.py [NAME ...] [--json]

Absolute figures mean little on a shared machine; the ratios hold.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bulk import bulk_open, journal_append, journal_million, plan
from benchmarks.change_bytes import bytes_per_change
from benchmarks.devices import device_filter, device_load
from benchmarks.figure import HEADING, Figure
from benchmarks.key_paint import key_to_paint
from benchmarks.log_line import log_line
from benchmarks.paint import first_paint, first_value
from benchmarks.simulated import simulator_speed
from benchmarks.standing import idle, memory
from benchmarks.sweep import sweep, sweep_growth

BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "first_paint": first_paint,
    "first_value": first_value,
    "bulk_open": bulk_open,
    "bytes_per_change": bytes_per_change,
    "key_to_paint": key_to_paint,
    "device_filter": device_filter,
    "device_load": device_load,
    "idle": idle,
    "journal_append": journal_append,
    "journal_million": journal_million,
    "log_line": log_line,
    "memory": memory,
    "plan": plan,
    "simulator_speed": simulator_speed,
    "sweep": sweep,
    "sweep_growth": sweep_growth,
}


def main() -> int:
    """Run the benchmarks asked for, all of them by default."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="a list of objects instead of a table")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    if not options.json:
        print(HEADING)
    figures: list[Figure] = []
    for name in options.names or BENCHMARKS:
        for figure in BENCHMARKS[name]():
            figures.append(figure)
            if not options.json:
                print(figure.as_row(), flush=True)
    if options.json:
        print(json.dumps([figure.as_dict() for figure in figures], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
