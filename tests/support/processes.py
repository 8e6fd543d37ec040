"""Programs of ours as processes beside a test, on its database."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from django.db import connection

from tests.support.environment import REPOSITORY
from tests.support.waiting import wait_for

MANAGE = (sys.executable, "manage.py")
CELERY = (sys.executable, "-m", "celery", "-A", "spacegame")


def database_url() -> str:
    """Where another process finds the tests' database."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def _hear_ctrl_c() -> None:
    """A shell lets what it runs in the background ignore SIGINT, and so would all that the tests start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Program:
    """A running command, in a process group of its own. `log` is what it printed so far."""

    def __init__(self, log_file: Path, *command: str, **environment: str) -> None:
        self.log_file = log_file
        with log_file.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                env={**os.environ, "DATABASE_URL": database_url(), **environment},
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_hear_ctrl_c,
            )

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def wait_for_line(self, text: str) -> None:
        """Return once it said this; fail when it ends before."""
        wait_for(lambda: text in self.log or self.process.poll() is not None, what=text)
        assert text in self.log, self.log

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def kill(self) -> None:
        """SIGKILL: no last words."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
