"""Players that exist, and servers that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from events import players
from events.sender import sender
from spacegame.embedded import start_redis
from tests.events.making import PLAYERS
from tests.support import environment

WAIT_SECONDS = 30.0


@pytest.fixture(autouse=True)
def _players() -> Iterator[None]:
    """Alice, Bob, Charlie and some more are players; the app that knows people is not asked."""
    before = players._check
    players.register_player_check(lambda ids: ids & PLAYERS)
    yield
    players._check = before
    players.forget_players()


def wait_until(condition: Callable[[], bool], *, seconds: float = WAIT_SECONDS) -> None:
    """Look again and again until `condition` holds; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


def database_url() -> str:
    """Where another process finds the tests' database."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


class Worker:
    """A real Celery worker, in a process group of its own."""

    def __init__(self, log: Path, *queues: str) -> None:
        self.log = log
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "spacegame",
            "worker",
            "-Q",
            ",".join(queues),
            "-l",
            "info",
        ]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"],
                env={**os.environ, "DATABASE_URL": database_url()},
                cwd=settings.BASE_DIR,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_until_ready(self) -> "Worker":
        wait_until(lambda: " ready." in self.log.read_text())
        return self

    def kill(self) -> None:
        """SIGKILL: no last words."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts workers, of `scoring` unless told which queues; kills those that still live at the end."""
    workers: list[Worker] = []

    def start(*queues: str) -> Worker:
        workers.append(Worker(tmp_path / f"worker-{len(workers)}.log", *(queues or ["scoring"])))
        return workers[-1].wait_until_ready()

    yield start
    for worker in workers:
        worker.kill()


@pytest.fixture
def beat(tmp_path: Path) -> Iterator[None]:
    """A real beat, with the schedule that the database and the settings have when it starts."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "spacegame",
        "--quiet",
        "beat",
        "-l",
        "warning",
        "--pidfile=",
    ]
    with (tmp_path / "beat.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url()},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    yield
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class KillableRedis:
    """The tests' own Redis, which can be killed and started again on its port, with its data."""

    def __init__(self, client: "Redis") -> None:
        self.client = client
        self.alive = True

    def kill(self) -> None:
        os.kill(self.client.info("server")["process_id"], signal.SIGKILL)
        self.client.connection_pool.disconnect()
        environment.redis.process.wait(10)
        self.alive = False

    def start(self) -> None:
        server = start_redis(settings.VAR_DIR / "redis", environment.redis.port)
        environment.redis.process = server.process
        self.alive = True


@pytest.fixture
def redis_server(redis_client: "Redis") -> Iterator[KillableRedis]:
    server = KillableRedis(redis_client)
    yield server
    if not server.alive:
        server.start()
    sender._away_until = 0.0
