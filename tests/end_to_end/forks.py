"""Verbs as forks of one process that has read the program already: each costs only what it does.

Reading the program takes longer than most verbs. That it starts by itself is seen in `test_cli_programs`,
and wherever a test opens a console in a terminal or starts a simulator.
"""

import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO

LONGEST_ORDER = 100_000
"""Bytes of arguments and environment."""


class Nursery:
    """A process that forks on demand; it ends when this one does.

    Args:
        env: what Python finds in its environment when that process starts.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__, str(theirs.fileno())],
                env=dict(env),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C at the tests is none of its business
            )

    def run(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        out: IO[str],
        err: IO[str],
        *,
        seconds: float,
        login_uid: int | None = None,
    ) -> int:
        """Run `portside ARGV` in the folder we are in, and return its exit code; -N when signal N ended it.

        Args:
            seconds: how long it may take.
            login_uid: as whom it has logged in.

        Raises:
            TimeoutError: it took longer, and was killed.
        """
        order = json.dumps([argv, env, str(Path.cwd()), login_uid])
        socket.send_fds(self._line, [order.encode()], [out.fileno(), err.fileno()])
        pid = self._heard(None)
        try:
            return self._heard(seconds)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            self._heard(None)
            raise

    def close(self) -> None:
        """End it."""
        self._line.close()
        self._process.wait()

    def _heard(self, seconds: float | None) -> int:
        self._line.settimeout(seconds)
        return int(self._line.recv(20))


def _serve(line: socket.socket) -> None:
    """Fork for each order, and say the id and the exit code of each fork; returns only in the forks."""
    while True:
        text, fds, _, _ = socket.recv_fds(line, LONGEST_ORDER, 2)
        if not text:
            sys.exit()
        pid = os.fork()
        if pid == 0:
            line.close()
            _become(*json.loads(text), *fds)
            return
        for fd in fds:
            os.close(fd)
        line.send(b"%d" % pid)
        _, status = os.waitpid(pid, 0)
        line.send(b"%d" % os.waitstatus_to_exitcode(status))


def _become(
    argv: list[str], env: dict[str, str], folder: str, login_uid: int | None, out: int, err: int
) -> None:
    if login_uid is not None:
        Path("/proc/self/loginuid").write_text(str(login_uid))  # as a login does
    for fd, number in ((out, 1), (err, 2)):
        os.dup2(fd, number)
        os.close(fd)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.argv[1:] = argv


if __name__ == "__main__":
    import httpcore  # noqa: F401 - httpx does, at the first command

    import console
    from console.cli.main import run

    for module in pkgutil.walk_packages(console.__path__, "console."):
        if not module.name.startswith(("console.interface", "console.__main__")):
            import_module(module.name)
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    run()
