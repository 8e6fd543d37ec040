"""Fixtures for everybody: the real Redis of this process, flushed before each test, and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.support import environment
from tests.support.postgres import postgres_server


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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The DATABASE_URL of a PostgreSQL server started for this process, with an empty database."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top folder of the project."""
    return environment.REPOSITORY
