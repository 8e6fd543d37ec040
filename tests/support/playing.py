"""The whole game as a process of its own, as `bin/play` starts it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.environment import REPOSITORY
from tests.support.ports import free_port
from tests.support.waiting import wait_for

# What the tests' own process has set, and a stranger's has not.
OURS = ("REDIS_URL", "DATABASE_URL", "SECRET_KEY", "HTTPS", "EMAIL_URL", "DJANGO_SETTINGS_MODULE")


class Game:
    """A running `manage.py play`. `log` is what it printed so far."""

    def __init__(self, var: Path, port: int, *arguments: str, **environment: str) -> None:
        self.var = var
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log_file = var.parent / f"{var.name}.log"
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        with self.log_file.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "play", "--port", str(port), *arguments],
                cwd=REPOSITORY,
                env={**inherited, "VAR_DIR": str(var), **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def wait_until_open(self) -> None:
        """Return once it says that it is open; fail when it ends before."""
        wait_for(
            lambda: "is open at" in self.log or self.process.poll() is not None,
            seconds=120,
            what="the game to open",
        )
        assert self.process.poll() is None, self.log

    def readyz(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/readyz", timeout=60) as response:
            report: dict[str, Any] = json.load(response)
        return report

    def children(self) -> dict[str, int]:
        """Pids of the running children by their names."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rsplit(")", 1)[1].split()
                command = (stat.parent / "cmdline").read_bytes().decode(errors="replace")
                if int(fields[1]) == self.process.pid and fields[0] != "Z":
                    found[_name(command)] = int(stat.parent.name)
        return found

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and wait; gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)


@contextlib.contextmanager
def game(var: Path, *arguments: str, **environment: str) -> Iterator[Game]:
    """A game on a free port, open, and stopped afterwards whatever happens."""
    running = Game(var, free_port(), *arguments, **environment)
    try:
        running.wait_until_open()
        yield running
    finally:
        running.stop()


def _name(command: str) -> str:
    for name, part in (("web", "uvicorn"), ("worker", "worker"), ("beat", "beat"), ("redis", "redis-server")):
        if part in command:
            return name
    return command
