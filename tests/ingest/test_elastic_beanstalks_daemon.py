"""Elastic Beanstalk's worker form: jobs posted by its daemon, which deletes what is answered with 200."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from events.ingest import taking, views
from events.ingest.models import RefusedJob
from tests.ingest.making import active_job, attributes, points_of

pytestmark = pytest.mark.django_db

Post = Callable[..., HttpResponse]
PATH = "/ingest/beanstalk/"


@pytest.fixture
def post(settings: Any) -> Post:
    """Posts as aws-sqsd does, from a browser's point of view a stranger."""
    settings.INGEST_BEANSTALK = True
    client = Client(enforce_csrf_checks=True)

    def send(body: bytes, *, path: str = PATH, receives: int = 1, **signature: Any) -> HttpResponse:
        headers = {
            f"X-Aws-Sqsd-Attr-{name.title()}": value for name, value in attributes(body, **signature).items()
        }
        daemon = {"User-Agent": "aws-sqsd/3.0.4", "X-Aws-Sqsd-Receive-Count": str(receives)}
        return client.post(path, body, content_type="application/json", headers={**headers, **daemon})

    return send


def test_a_signed_job_is_a_point(alice: User, bob: User, post: Post) -> None:
    answer = post(active_job())
    assert (answer.status_code, answer.json()) == (200, {"result": "taken"})
    assert points_of(alice.pk) == 1


def test_a_job_that_also_came_by_sqs_counts_once(alice: User, bob: User, post: Post) -> None:
    body = active_job()
    taking.take(taking.RawJob("active_job", "sqs:hits", body, attributes(body)))
    assert post(body).json() == {"result": "replay"}
    assert points_of(alice.pk) == 1


def test_a_bad_signature_is_kept_and_deleted(alice: User, bob: User, post: Post) -> None:
    answer = post(active_job(), secret="somebody else's")
    assert (answer.status_code, answer.json()) == (200, {"result": "bad_signature"})
    assert RefusedJob.objects.get().source == "beanstalk"
    assert points_of(alice.pk) == 0


def test_the_daemons_name_proves_nothing(client: Client, settings: Any, alice: User) -> None:
    settings.INGEST_BEANSTALK = True
    headers = {"User-Agent": "aws-sqsd/3.0.4", "X-Aws-Sqsd-Taskname": "KilledShip"}
    answer = client.post("/ingest/beanstalk/", active_job(), content_type="application/json", headers=headers)
    assert answer.json() == {"result": "no_signature"}


def test_with_the_database_away_it_comes_again(
    alice: User, bob: User, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store_batches(batches: Any) -> Any:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(taking, "store_batches", store_batches)
    assert post(active_job()).status_code == 503
    assert not RefusedJob.objects.exists()


def test_what_keeps_failing_is_kept_and_deleted_at_last(
    alice: User, bob: User, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store_batches(batches: Any) -> Any:
        raise RuntimeError("the oven is broken")

    monkeypatch.setattr(taking, "store_batches", store_batches)
    body = active_job()
    assert post(body, receives=taking.MOST_TRIES - 1).status_code == 503
    assert post(body, receives=taking.MOST_TRIES).json() == {"result": "failed"}


def test_a_flood_is_not_kept_and_locks_nobody_out(
    alice: User, bob: User, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "FAILURES", 2)
    answers = [post(active_job(), secret="x").status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]
    assert RefusedJob.objects.count() == 2
    assert post(active_job()).json() == {"result": "taken"}


def test_a_giant_is_refused(alice: User, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    assert post(b" " * (views.MAX_BYTES + 10)).json() == {"result": "bad_signature"}
    assert len(RefusedJob.objects.get().body) == 20_000


def test_without_the_setting_there_is_no_door(post: Post, settings: Any) -> None:
    settings.INGEST_BEANSTALK = False
    assert post(active_job()).status_code == 404


def test_only_post_is_taken(client: Client, settings: Any) -> None:
    settings.INGEST_BEANSTALK = True
    assert client.get("/ingest/beanstalk/").status_code == 405


@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/")], ids=["with a slash", "without"])
def test_the_daemon_asks_by_http_from_the_same_machine(
    post: Post, settings: Any, alice: User, path: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert post(active_job(), path=path).status_code == 200
