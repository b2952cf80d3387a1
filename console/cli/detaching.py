"""A run in a process of its own, which no lost terminal ends."""

import argparse
import asyncio
import os

from console.cli.exit import Exit
from console.cli.output import as_json, fail
from console.operations.bulk import detached
from console.operations.bulk.desk import Bulk
from console.operations.bulk.plan import Plan

BEGINS_WITHIN = 30.0
"""Seconds until a detached run has to be seen in the journal."""

_LOOK_EVERY = 0.1

_PASSED_ON = (
    *("config", "site", "autostore_url", "interface", "encoding", "mor_url", "mor_user", "mor_profile"),
    *("timeout", "fan_out", "per_second"),
)


async def detach(desk: Bulk, options: argparse.Namespace, plan: Plan) -> int:
    """Start a recorded plan in another process, and say how to watch it; DONE once it has begun."""
    pid = detached.start(
        ["bulk", "run", plan.digest, "--yes", plan.digest, "--on-its-own", *_options(options)]
    )
    end = asyncio.get_running_loop().time() + BEGINS_WITHIN
    while True:
        run = next((told.run for told in desk.runs(5) if told.plan == plan.digest), None)
        if run is not None:
            _tell(options.form, run, plan, pid)
            return Exit.DONE
        if (ended := _ended(pid)) is not None:
            fail("the run did not begin; `portside bulk run` without --detach says why")
            return ended or Exit.OUR_FAULT
        if asyncio.get_running_loop().time() > end:
            fail(f"process {pid} has not begun the run within {BEGINS_WITHIN:g} s; see `portside runs list`")
            return Exit.UNKNOWN
        await asyncio.sleep(_LOOK_EVERY)


def _ended(pid: int) -> int | None:
    """Return the exit code of a process of ours, or None while it runs."""
    gone, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if gone else None


def _tell(form: str, run: str, plan: Plan, pid: int) -> None:
    if form == "json":
        print(as_json({"run": run, "plan": plan.digest, "pid": pid}))
    else:
        print(f"run {run} goes on by itself: portside runs attach {run}, portside runs abort {run}")


def _options(options: argparse.Namespace) -> list[str]:
    """Return the options that lead the other process to the same site."""
    passed = ["--allow-http"] if options.allow_http else []
    for name in _PASSED_ON:
        value = getattr(options, name, None)
        if value is not None:
            passed += [f"--{name.replace('_', '-')}", str(value)]
    return passed
