"""The consumer is killed in the middle of its work: each hit counts, and counts once."""

from pathlib import Path

import pytest
from django.db import transaction
from redis import Redis

from accounts.models import User
from events.models import Event
from tests.ingest.consumers import consuming
from tests.ingest.making import hit, points_of, sidekiq
from tests.support.holding import hold_the_scores
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

HITS = 150


def _expire(client: "Redis") -> None:
    """The time has passed in which a killed consumer is still believed to live."""
    for key in client.keys("ingest:*:lives:*"):
        client.delete(key)


def test_hits_of_killed_consumers_count_once(
    alice: User, bob: User, redis_client: "Redis", tmp_path: Path
) -> None:
    jobs = [sidekiq(hit(tick=number)) for number in range(HITS)]
    redis_client.lpush("queue:hits", *jobs[:10])
    only = {"INGEST_SQS_QUEUES": ""}
    with consuming(tmp_path, **only) as consumer:
        wait_for(lambda: points_of(alice.pk) == 10, what="some hits to be stored")
        with transaction.atomic():
            hold_the_scores()
            redis_client.lpush("queue:hits", *jobs[10:])
            wait_for(lambda: redis_client.keys("*taken*"), what="some hits to be in hand")
            consumer.kill()
    assert Event.objects.count() == 10
    _expire(redis_client)
    with consuming(tmp_path, **only) as consumer:
        wait_for(lambda: points_of(alice.pk) == HITS, what="all hits to be stored")
        wait_for(lambda: not redis_client.keys("*taken*"), what="nothing to be in hand")
        assert consumer.stop() == 0
    assert redis_client.llen("queue:hits") == 0
    assert points_of(alice.pk) == HITS
    assert Event.objects.count() == HITS
