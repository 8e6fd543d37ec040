"""Whatever wrote a job, it says who hit whom and where, and that is one point."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from events.ingest.raw import RawJob
from events.ingest.taking import TAKEN, take
from events.models import Event, Score
from tests.ingest.making import OLDER, ROOM, active_job, hit, points_of, sidekiq, signed

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def _taken(raw: RawJob) -> Event:
    assert take(raw) == TAKEN
    return Event.objects.latest("seq")


def _of_sidekiq(body: bytes) -> RawJob:
    return RawJob("sidekiq", "sidekiq:hits", body, None)


def test_a_job_of_active_elastic_job_is_one_point(alice: User, bob: User) -> None:
    event = _taken(signed(active_job()))
    assert (event.type, event.actor, event.room, event.points, event.source) == (
        "SHIP_HIT",
        alice.pk,
        ROOM,
        1,
        "sqs:hits",
    )
    assert event.data["shooter_name"] == "Crispy Alice"
    assert (event.data["victim"], event.data["victim_name"]) == (bob.pk, "Bold Bob")
    assert points_of(alice.pk) == 1
    assert Score.objects.get(board=f"room/{ROOM}", player=alice.pk).points == 1


def test_a_job_of_sidekiq_is_one_point(alice: User, bob: User) -> None:
    assert _taken(_of_sidekiq(sidekiq())).source == "sidekiq:hits"
    assert points_of(alice.pk) == 1


def test_the_previous_secret_still_counts(alice: User, bob: User) -> None:
    _taken(signed(active_job(), secret=OLDER))


@pytest.mark.parametrize("by", ["list", "ids", "rails", "without a victim"])
def test_arguments_may_be_a_list_or_an_object_and_players_ids_or_handles(
    alice: User, bob: User, by: str
) -> None:
    arguments: dict[str, list[Any]] = {
        "list": ["alice", str(ROOM), "bob"],
        "ids": [{"shooter": alice.pk, "room": str(ROOM), "victim": bob.pk}],
        "rails": [{**hit(), "_aj_symbol_keys": ["shooter", "room", "victim"]}],
        "without a victim": ["alice", str(ROOM)],
    }
    event = _taken(signed(active_job(*arguments[by])))
    assert event.actor == alice.pk
    assert event.data["victim"] == (None if by == "without a victim" else bob.pk)


def test_a_rails_job_on_sidekiq_lies_wrapped(alice: User, bob: User) -> None:
    inner = {"job_class": "KilledShipJob", "job_id": str(uuid4()), "arguments": [hit()]}
    wrapper = "ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper"
    body = sidekiq(inner, **{"class": wrapper, "wrapped": "KilledShipJob"})
    assert _taken(_of_sidekiq(body)).actor == alice.pk


def test_the_bonus_for_the_last_blow_must_be_claimed(alice: User, bob: User) -> None:
    assert _taken(signed(active_job(hit(destroyed=True)))).points == 3


MINUTE_AGO = (timezone.now() - timedelta(minutes=1)).replace(microsecond=0)
SECONDS = MINUTE_AGO.timestamp()


@pytest.mark.parametrize(
    "raw",
    [
        signed(active_job(enqueued_at=MINUTE_AGO.strftime("%Y-%m-%dT%H:%M:%SZ"))),
        signed(active_job(enqueued_at=MINUTE_AGO.strftime("%Y-%m-%dT%H:%M:%S.000000000Z"))),
        signed(active_job(hit(occurred_at=MINUTE_AGO.isoformat()))),
        signed(
            active_job(
                hit(
                    occurred_at={
                        "_aj_serialized": "ActiveJob::Serializers::TimeWithZoneSerializer",
                        "value": MINUTE_AGO.isoformat(),
                    }
                )
            )
        ),
        _of_sidekiq(sidekiq(enqueued_at=SECONDS)),
        _of_sidekiq(sidekiq(created_at=int(SECONDS * 1000))),
    ],
)
def test_a_hit_happened_when_its_job_was_queued_or_when_it_says(alice: User, bob: User, raw: RawJob) -> None:
    assert _taken(raw).occurred_at == MINUTE_AGO


def test_a_job_without_a_time_happened_when_it_came(alice: User, bob: User) -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert take(_of_sidekiq(sidekiq()), now=now) == TAKEN
    assert Event.objects.get().occurred_at == now
