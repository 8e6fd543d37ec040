"""The real thing for a test: Redis, web, worker and beat as processes, as a deployment runs them.

DEBUG is off, static files are collected and hashed, mail is written to files by the worker.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from spacegame.embedded import RedisServer, start_redis
from spacegame.play import Address, Program, not_ready, programs
from tests.support import environment
from tests.support.environment import REPOSITORY
from tests.support.ports import free_port
from tests.support.static_files import collected_files
from tests.support.waiting import wait_for

READY_SECONDS = 120.0


class Server:
    """One running platform in a temporary directory; its processes have the names that play gives them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = directory / "db.sqlite3"
        self.redis: RedisServer
        self.redis_port = free_port()
        self.environment = self._environment()
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "spacegame.settings",
            "VAR_DIR": str(self.directory),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "EMAIL_URL": f"filemail:///{self.directory / 'mail'}",
            "SECRET_KEY": "a-key-for-the-browser-tests-that-is-long-enough-to-please-every-check",
            "BASE_URL": self.url,
            "DEBUG": "false",
            "HTTPS": "false",
            "READ_DOT_ENV": "false",
            # Each visitor says that it came from an address of its own, as a proxy of ours would.
            "TRUSTED_PROXIES": "1",
            "PYTHONUNBUFFERED": "1",
        }

    # --- processes ---------------------------------------------------------------------------------

    def open(self) -> None:
        """Migrate, bring static files, start every process, and wait until it is ready to play."""
        self.start("redis")
        self.manage("migrate", "--verbosity", "0")
        if environment.sqs is not None:
            self.manage("provision_queues")
        self.bring_static_files()
        for name in ("web", "worker", "beat"):
            self.start(name)
        self.wait_until_ready()

    def bring_static_files(self) -> None:
        """As `manage.py collectstatic` would have made them here."""
        shutil.copytree(collected_files(), self.directory / "static", dirs_exist_ok=True)

    def close(self) -> None:
        """Stop every process; those that will not are killed."""
        for process in self.running.values():
            process.terminate()
        for name in list(self.running):
            self._end(name, patience=10)
        self.redis.stop()

    def start(self, name: str) -> None:
        """Start one of the processes. Its output goes to `<name>.log`."""
        if name == "redis":
            self.redis = start_redis(self.directory / "redis", self.redis_port)
            return
        program = self._program(name)
        with (self.directory / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                program.command,
                cwd=REPOSITORY,
                env=self.environment | program.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> None:
        """SIGKILL: no process gets to say goodbye."""
        process = self.redis.process if name == "redis" else self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def restart(self, name: str) -> None:
        """Kill it and start it again."""
        self.kill(name)
        self.start(name)

    def _program(self, name: str) -> Program:
        address = Address(host="127.0.0.1", port=self.port)
        return next(program for program in programs(address) if program.name == name)

    def _end(self, name: str, *, patience: float) -> None:
        process = self.running.pop(name)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 or not check, f"{arguments}:\n{done.stdout}\n{done.stderr}"
        return done

    # --- looking at it -------------------------------------------------------------------------------

    def wait_until_ready(self) -> None:
        """Every part is up, a worker included."""
        address = Address(host="127.0.0.1", port=self.port)
        try:
            wait_for(lambda: not_ready(address) == [], what="a server that is ready", seconds=READY_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.logs()}") from None

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the database says, read beside the server."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(query, parameters).fetchall()
        finally:
            connection.close()

    def value(self, query: str, *parameters: Any) -> Any:
        """The first column of the first row."""
        return self.rows(query, *parameters)[0][0]

    def mails(self, to: str) -> list[EmailMessage]:
        """The mails that the worker has sent to this address, oldest first."""
        folder = self.directory / "mail"
        paths = sorted(folder.glob("*"), key=lambda path: path.stat().st_mtime_ns) if folder.exists() else []
        found = [message for path in paths for message in _messages(path)]
        return [message for message in found if to in str(message["to"])]

    def logs(self) -> str:
        """The end of each process's output, for a failure's message."""
        return "\n".join(
            f"--- {path.name} ---\n{path.read_text(errors='replace')[-3000:]}"
            for path in sorted(self.directory.glob("*.log"))
        )


def _messages(path: Path) -> list[EmailMessage]:
    """One file of Django's file backend: messages with a ruler of dashes after each. One that has none yet
    is still being written."""
    *whole, _ = path.read_bytes().split(b"\n" + b"-" * 79 + b"\n")
    return [message_from_bytes(part, _class=EmailMessage, policy=policy.default) for part in whole]


@contextmanager
def running_server() -> Iterator[Server]:
    """A platform for the time of the block; its directory is removed afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="space-pizzas-e2e-"))
    server = Server(directory)
    try:
        server.open()
        yield server
    finally:
        server.close()
        shutil.rmtree(directory, ignore_errors=True)
