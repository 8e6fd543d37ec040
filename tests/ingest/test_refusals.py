"""What is not believed is kept with its reason, counted, and done with."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.models import User
from events.ingest import refusing, taking
from events.ingest.jobs import MAX_BYTES
from events.ingest.metrics import refusals
from events.ingest.models import RefusedJob
from events.ingest.raw import RawJob
from events.ingest.taking import MOST_TRIES, TAKEN, take
from events.models import Event, RefusedEvent
from tests.ingest.making import active_job, hit, points_of, sidekiq, signed

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

FUTURE = (timezone.now() + timedelta(days=1)).isoformat()
LONG_AGO = (timezone.now() - timedelta(days=40)).isoformat()

REFUSED: dict[str, tuple[bytes, str, str]] = {
    "unknown class": (active_job(job_class="EatPizza"), "unknown_class", "EatPizza"),
    "no argument": (active_job([]), "wrong_arguments", ""),
    "too many": (active_job(*[1] * 20), "wrong_arguments", "20 arguments"),
    "unknown field": (active_job(hit(cheese=True)), "wrong_arguments", "cheese"),
    "no room": (active_job({"shooter": "alice"}), "wrong_arguments", "room"),
    "room by name": (active_job(hit(room="Napoli")), "wrong_arguments", "UUID"),
    "player by list": (active_job(hit(shooter=[1])), "wrong_arguments", "shooter"),
    "NUL in a handle": (active_job(hit(shooter="al\0ice")), "wrong_arguments", "shooter"),
    "huge id": (active_job(hit(shooter=2**70)), "wrong_arguments", ""),
    "GlobalID": (
        active_job(hit(shooter={"_aj_globalid": "gid://app/User/1"})),
        "wrong_arguments",
        "GlobalID",
    ),
    "unknown handle": (active_job(hit(shooter="mallory")), "unknown_player", "mallory"),
    "unknown id": (active_job(hit(shooter=10**9)), "unknown_player", "1000000000"),
    "unknown victim": (active_job(hit(victim="mallory")), "unknown_player", "mallory"),
    "the future": (active_job(hit(occurred_at=FUTURE)), "not_believed", "future"),
    "long ago": (active_job(hit(occurred_at=LONG_AGO)), "not_believed", "30 days"),
    "queued in the future": (active_job(enqueued_at=FUTURE), "not_believed", "future"),
    "no time": (active_job(enqueued_at="yesterday"), "wrong_time", "yesterday"),
    "oneself": (active_job(hit(victim="alice")), "not_believed", "own ship"),
    "no JSON": (b"hello", "unreadable", ""),
    "no UTF-8": (b'{"job_class": "\xff"}', "unreadable", ""),
    "no object": (b"[]", "unreadable", ""),
    "deep": (b"[" * 10_000, "unreadable", ""),
    "no id": (active_job(job_id=""), "unreadable", "job_id"),
    "odd id": (active_job(job_id="a b c d e f g"), "unreadable", "job_id"),
    "too large": (active_job(hit(), locale="x" * MAX_BYTES), "too_large", ""),
    "NUL": (active_job(hit(victim=None, victim_name="a\0b")), "not_believed", "NUL"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_refusal_says_what_is_wrong(alice: User, bob: User, name: str) -> None:
    body, code, part = REFUSED[name]
    assert take(signed(body)) == code
    row = RefusedJob.objects.get()
    assert (row.code, row.source, row.times) == (code, "sqs:hits", 1)
    assert part in row.reason
    assert row.body[:100] == body.decode(errors="replace").replace("\0", "�")[:100]
    assert "message-digest" in row.attributes
    assert not Event.objects.exists()
    assert not RefusedEvent.objects.exists()


def test_a_bad_signature_is_refused_before_anything_is_read(alice: User, bob: User) -> None:
    assert take(signed(active_job(), secret="somebody else's")) == "bad_signature"
    assert points_of(alice.pk) == 0
    assert refusals() == [("sqs:hits", "bad_signature", 1)]


@pytest.mark.parametrize(
    "body",
    [
        sidekiq(jid="short"),
        sidekiq(created_at=1e300),
        sidekiq(**{"class": ""}),
        sidekiq("text", wrapped="KilledShip"),
        b"null",
    ],
    ids=["short id", "no time", "no class", "nothing wrapped", "nothing"],
)
def test_sidekiq_jobs_are_looked_at_as_closely(alice: User, bob: User, body: bytes) -> None:
    assert take(RawJob("sidekiq", "sidekiq:hits", body, None)) in ("unreadable", "wrong_time")


def test_a_duplicate_counts_once_and_is_kept_once(alice: User, bob: User) -> None:
    job = signed(active_job())
    assert [take(job) for _ in range(4)] == [TAKEN, "replay", "replay", "replay"]
    assert points_of(alice.pk) == 1
    assert RefusedJob.objects.get().times == 3
    assert refusals() == [("sqs:hits", "replay", 3)]


def test_a_job_copied_to_another_queue_counts_once(alice: User, bob: User) -> None:
    job = signed(active_job())
    take(job)
    assert take(job._replace(source="sqs:other")) == "replay"
    assert points_of(alice.pk) == 1


def test_an_id_that_is_used_for_another_hit_is_told_from_a_copy(alice: User, bob: User) -> None:
    job_id = str(uuid4())
    take(signed(active_job(hit(), job_id=job_id)))
    assert take(signed(active_job(hit(shooter="bob", victim="alice"), job_id=job_id))) == "id_used_twice"
    assert points_of(bob.pk) == 0


def test_a_flood_is_kept_within_bounds_and_counted_in_full(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusing, "KEPT_JOBS", 10)
    for _ in range(15):
        take(signed(active_job(), secret="x"))
    assert RefusedJob.objects.count() == 10
    assert refusals() == [("sqs:hits", "bad_signature", 15)]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Has the storing fail."""

    def fail(error: Exception) -> None:
        def store_batches(batches: Any) -> Any:
            raise error

        monkeypatch.setattr(taking, "store_batches", store_batches)

    return fail


def test_a_database_that_is_away_refuses_nothing(
    alice: User, bob: User, failing: Callable[[Exception], None]
) -> None:
    failing(OperationalError("the connection is closed"))
    with pytest.raises(OperationalError):
        take(signed(active_job(), tries=100))
    assert not RefusedJob.objects.exists()


def test_what_keeps_failing_is_kept_with_its_error_after_a_few_tries(
    alice: User, bob: User, failing: Callable[[Exception], None]
) -> None:
    failing(RuntimeError("the oven is broken"))
    body = active_job()
    for tries in range(1, MOST_TRIES):
        with pytest.raises(RuntimeError):
            take(signed(body, tries=tries))
    assert take(signed(body, tries=MOST_TRIES)) == "failed"
    row = RefusedJob.objects.get()
    assert "the oven is broken" in row.reason
    assert json.loads(row.body) == json.loads(body)
