"""The ground that every other test stands on."""

import os

import psycopg
from django.conf import settings
from django.core.cache import cache
from redis import Redis

from tests.support import environment


def test_the_settings_use_the_redis_of_this_process(redis_url: str, redis_client: Redis) -> None:
    cache.set("pizza", "margherita")
    assert settings.REDIS_URL == redis_url == os.environ["REDIS_URL"]
    assert any(b"pizza" in key for key in redis_client.scan_iter())


def test_redis_is_empty_when_a_test_begins(redis_client: Redis) -> None:
    assert redis_client.dbsize() == 0


def test_redis_listens_on_this_machine_only_and_keeps_an_append_only_file(redis_client: Redis) -> None:
    assert redis_client.config_get("bind")["bind"] == "127.0.0.1"
    assert redis_client.config_get("append*")["appendonly"] == "yes"
    assert redis_client.config_get("append*")["appendfsync"] == "everysec"


def test_the_files_of_a_test_run_are_not_those_of_the_developer() -> None:
    assert settings.VAR_DIR != environment.REPOSITORY / "var"


def test_a_real_postgresql_is_at_hand(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert "PostgreSQL" in connection.execute("select version()").fetchone()[0]
