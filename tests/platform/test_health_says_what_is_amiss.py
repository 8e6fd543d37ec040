"""/healthz, /readyz and /metrics."""

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings

from events.consuming.heartbeat import EVENTS_SEEN, INGEST_SEEN, alive
from spacegame import health
from tests.support.ports import free_port


@pytest.fixture
def _worker_seen() -> None:
    cache.set(health.WORKER_SEEN_KEY, time.time())


@pytest.mark.django_db
@pytest.mark.usefixtures("_worker_seen")
def test_all_parts_are_ok_when_everything_is_there(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["state"] == "ok"
    assert {part["state"] for part in response.json()["parts"].values()} == {"ok"}
    assert set(response.json()["parts"]) == {
        *("database", "redis", "broker", "worker", "handlers", "recorder"),
    }


@pytest.mark.django_db
def test_without_a_worker_people_are_served_and_the_lack_is_named(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["state"] == "degraded"
    assert response.json()["parts"]["worker"]["state"] == "degraded"


@pytest.mark.django_db
@pytest.mark.usefixtures("_worker_seen")
def test_where_events_come_by_sns_the_consumer_is_asked_for_too(client: Client) -> None:
    with override_settings(EVENT_TRANSPORT="sns"):
        assert client.get("/readyz").json()["parts"]["consumer"] == {
            "state": "degraded",
            "detail": "no consumer was seen yet: handlers of events wait",
        }
        alive([INGEST_SEEN])()
        assert client.get("/readyz").json()["state"] == "degraded"
        alive([EVENTS_SEEN])()
        assert client.get("/readyz").json()["state"] == "ok"


@pytest.mark.django_db
@pytest.mark.usefixtures("_worker_seen")
def test_where_other_servers_queue_hits_who_takes_them_is_asked_for(client: Client) -> None:
    with override_settings(INGEST_SIDEKIQ_QUEUES=["hits"]):
        assert "--ingest" in client.get("/readyz").json()["parts"]["ingest"]["detail"]
        alive([INGEST_SEEN])()
        assert client.get("/readyz").json()["state"] == "ok"


@pytest.mark.django_db
def test_a_worker_that_was_last_seen_long_ago_is_named(client: Client) -> None:
    cache.set(health.WORKER_SEEN_KEY, time.time() - 3600)
    assert "was seen for 36" in client.get("/readyz").json()["parts"]["worker"]["detail"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_worker_seen")
def test_redis_away_makes_us_unready_and_is_named(client: Client) -> None:
    with override_settings(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["redis"] == {"state": "away", "detail": "ConnectionError"}
    assert response.json()["parts"]["database"]["state"] == "ok"


@pytest.mark.usefixtures("_worker_seen")
def test_the_database_away_makes_us_unready_and_shows_no_address(client: Client) -> None:
    # pytest-django refuses the database to a test that does not ask for it: as good as away.
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["database"]["state"] == "away"
    assert str(connection.settings_dict["NAME"]) not in response.content.decode()


def test_alive_asks_nobody_else(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_metrics_are_for_this_machine_unless_there_is_a_token(client: Client) -> None:
    assert b"python_info" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404


@pytest.mark.django_db
@override_settings(METRICS_TOKEN="parmesan")
def test_a_token_opens_the_metrics_from_anywhere(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer pecorino"}).status_code == 404
    right = client.get("/metrics", headers={"Authorization": "Bearer parmesan"}, REMOTE_ADDR="203.0.113.7")
    assert right.status_code == 200


@pytest.mark.django_db
def test_metrics_say_how_much_is_owed(client: Client) -> None:
    text = client.get("/metrics").content.decode()
    assert "space_pizzas_outbox_depth 0.0" in text
    assert "space_pizzas_outbox_age_seconds 0.0" in text
