"""Fixtures for everybody: this process's own Redis, flushed before each test, PostgreSQL, SNS and SQS; and
three players, for the folders that do not cast their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from redis import Redis

from accounts.models import User
from events.aws import clients
from tests.support import broker, environment
from tests.support.aws import MotoServer
from tests.support.people import make_player
from tests.support.postgres import postgres_server

# The same examples in each run, whoever runs it, and as much time for each as the machine needs.
hypothesis_settings.register_profile(
    "tests", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only PostgreSQL has is tried in the run on PostgreSQL."""
    if connection.vendor != "postgresql":
        others = [item for item in items if item.get_closest_marker("only_postgresql")]
        items[:] = [item for item in items if item not in others]
        config.hook.pytest_deselected(items=others)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of this process's own Redis; the settings use it already."""
    return environment.redis.url


@pytest.fixture(scope="session")
def redis_client(redis_url: str) -> Iterator["Redis"]:
    """A client of it."""
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture(autouse=True)
def _clean_redis(redis_client: "Redis") -> None:
    redis_client.flushall()


@pytest.fixture(autouse=True)
def _clean_queues() -> None:
    broker.clean_queues()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The DATABASE_URL of a PostgreSQL server started for this process, with an empty database."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top folder of the project."""
    return environment.REPOSITORY


@pytest.fixture(scope="session")
def moto_server() -> Iterator[MotoServer]:
    """A local SNS and SQS, started when the first test asks for it."""
    server = MotoServer()
    clients.client.cache_clear()  # they keep the address of what they found first
    yield server
    server.stop()


@pytest.fixture
def aws(moto_server: MotoServer, monkeypatch: pytest.MonkeyPatch) -> MotoServer:
    """An empty SNS and SQS, which this process and those that it starts use."""
    for name, value in moto_server.environment.items():
        monkeypatch.setenv(name, value)
    moto_server.reset()
    clients.forget_addresses()
    return moto_server


@pytest.fixture
def alice(db: None) -> User:
    return make_player("Alice")


@pytest.fixture
def bob(db: None) -> User:
    return make_player("Bob")


@pytest.fixture
def charlie(db: None) -> User:
    return make_player("Charlie")


@pytest.fixture
def plain_static(settings: Any) -> None:
    """Hashed names need `collectstatic`, which pages under test do not."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
