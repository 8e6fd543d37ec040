"""Players that exist, and servers that can be killed."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from redis import Redis

from accounts.models import User
from events import players
from events.sender import sender
from spacegame.embedded import start_redis
from tests.events.making import PLAYERS
from tests.support import environment
from tests.support.processes import CELERY, Program


@pytest.fixture(autouse=True)
def _players() -> Iterator[None]:
    """Alice, Bob, Charlie and some more are players; the app that knows people is not asked."""
    before = players._check
    players.register_player_check(lambda ids: ids & PLAYERS)
    yield
    players._check = before
    players.forget_players()


@pytest.fixture
def people(db: None) -> list[int]:
    """Six players whom the worker's own process finds in the database."""
    users = [User(handle=f"player-{n}", name=f"Player {n}") for n in range(6)]
    ids = [user.pk for user in User.objects.bulk_create(users)]
    players.register_player_check(lambda wanted: wanted & set(ids))
    return ids


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts real Celery workers, of `scoring` unless told which queues, and kills them in the end."""
    workers: list[Program] = []

    def start(*queues: str) -> Program:
        command = [*CELERY, "worker", "-Q", ",".join(queues or ["scoring"]), "-l", "info"]
        calm = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        workers.append(Program(tmp_path / f"worker-{len(workers)}.log", *command, *calm))
        workers[-1].wait_for_line(" ready.")
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()


@pytest.fixture
def beat(tmp_path: Path) -> Iterator[None]:
    """A real beat, with the schedule that the database and the settings have when it starts."""
    running = Program(tmp_path / "beat.log", *CELERY, "--quiet", "beat", "-l", "warning", "--pidfile=")
    yield
    running.kill()


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
