"""The platform with all parts killable: PostgreSQL too, a consumer of SQS, and Redis behind a bad network."""

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from spacegame.embedded import start_redis
from spacegame.processes import Program
from tests.e2e.server import Server
from tests.support.aws import MotoServer
from tests.support.postgres import PostgresServer
from tests.support.proxy import Proxy

PROCESSES = ("web", "worker", "beat")


class Kitchen(Server):
    """On PostgreSQL with word by SNS and SQS, or on SQLite with word by Celery: `aws` says which."""

    def __init__(self, directory: Path, *, postgres: PostgresServer | None, aws: MotoServer | None) -> None:
        self.postgres, self.aws = postgres, aws
        super().__init__(directory)
        self.network = Proxy(self.redis_port)
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "REDIS_URL": f"redis://127.0.0.1:{self.network.port}/0",
            "EVENT_TRANSPORT": "sns" if aws else "celery",
            **(aws.environment if aws else {}),
        }
        if postgres:
            self.environment["DATABASE_URL"] = postgres.url
        self.processes = (*PROCESSES, "consume") if aws else PROCESSES
        # What can be killed. A database in a file has no process of its own.
        self.parts = (*self.processes, "redis", *(["postgres"] if postgres else []))

    def open(self) -> None:
        """Start all, with the table of the witnesses."""
        if self.postgres:
            self.postgres.start()
        self.start("redis")
        self.manage("migrate", "--run-syncdb", "--verbosity", "0")
        self.bring_static_files()
        if "consume" in self.processes:
            self.manage("provision_queues")
        for name in self.processes:
            self.start(name)
        self.wait_until_ready()

    def close(self) -> None:
        super().close()
        self.network.stop()
        if self.postgres:
            self.postgres.stop()

    def start(self, name: str) -> None:
        if name == "postgres":
            assert self.postgres
            self.postgres.start()
        elif name == "redis":
            self.redis = start_redis(self.directory / "redis", self.redis_port)
        else:
            super().start(name)

    def kill(self, name: str) -> None:
        if name == "postgres":
            assert self.postgres
            self.postgres.kill()
        else:
            super().kill(name)

    def ended(self) -> list[str]:
        """Processes that ended by themselves, as a supervisor would see them."""
        assert self.aws is None or self.aws.process.poll() is None, "moto's server was ended by somebody else"
        return [name for name, process in self.running.items() if process.poll() is not None]

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the database says; `?` stands for a parameter."""
        if self.postgres is None:
            return super().rows(query, *parameters)
        with psycopg.connect(self.postgres.url) as connection:
            return connection.execute(query.replace("?", "%s"), parameters).fetchall()

    def write(self, statement: str, *parameters: Any) -> None:
        """Change the database behind the platform's back; `?` stands for a parameter."""
        if self.postgres is None:
            with sqlite3.connect(self.database, timeout=20) as file:
                file.execute(statement, parameters)
        else:
            with psycopg.connect(self.postgres.url) as connection:
                connection.execute(statement.replace("?", "%s"), parameters)

    def _program(self, name: str) -> Program:
        if name != "consume":
            return super()._program(name)
        return Program(name=name, command=[sys.executable, "manage.py", "consume"], colour=0)


@contextmanager
def running_kitchen(*, aws: bool) -> Iterator[Kitchen]:
    """A platform for the time of the block: on PostgreSQL with SNS and SQS, or on SQLite with Celery."""
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="space-pizzas-chaos-"))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        postgres = moto = None
        if aws:
            moto = MotoServer()
            stack.callback(moto.stop)
            # A directory of its own: PostgreSQL runs as another user, who must be let in.
            base = Path(tempfile.mkdtemp(prefix="space-pizzas-pg-"))
            stack.callback(shutil.rmtree, base, ignore_errors=True)
            postgres = PostgresServer(base, durable=True)
        kitchen = Kitchen(directory, postgres=postgres, aws=moto)
        stack.callback(kitchen.close)
        kitchen.open()
        yield kitchen
