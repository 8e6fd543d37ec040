"""Whatever is killed: every hit is scored, and scored once."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis

from events import outbox
from events.contracts import NewEvent
from events.models import Event, Outbox
from events.sender import Message, sender
from tests.events.conftest import KillableRedis
from tests.events.making import assert_exact, hit, owe
from tests.support.broker import messages_in_hand
from tests.support.holding import hold_the_scores
from tests.support.processes import Program
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def _batches(people: list[int], *, count: int) -> list[list[NewEvent]]:
    return [
        [hit(actor=people[n % 5], victim=people[5], destroyed=n % 3 == 0) for n in range(20)]
        for _ in range(count)
    ]


def _message_of(row: Outbox) -> Message:
    return Message(row.task, row.queue, str(row.pk), row.payload)


def _relay_until_nothing_is_owed() -> None:
    for hours in range(1, 30):  # by the relay's clock, so that nobody waits for its pauses
        outbox.relay(now=timezone.now() + timedelta(hours=hours))
        with suppress(AssertionError):
            wait_for(lambda: not Outbox.objects.exists(), seconds=3)
            return


@pytest.mark.both_brokers
def test_a_worker_killed_in_mid_batch_loses_and_doubles_nothing(
    people: list[int], start_worker: Callable[[], Program], redis_client: "Redis"
) -> None:
    batches = _batches(people, count=30)
    worker = start_worker()
    for batch in batches[:15]:
        owe(batch)
    wait_for(Event.objects.exists)
    with transaction.atomic():
        hold_the_scores()
        for batch in batches[15:]:
            owe(batch)
        for row in Outbox.objects.all():
            sender.send(_message_of(row))
        wait_for(lambda: messages_in_hand("scoring", redis_client) > 0)
        worker.kill()
    start_worker()
    _relay_until_nothing_is_owed()
    assert_exact([event for batch in batches for event in batch])


def test_redis_killed_in_mid_game_loses_and_doubles_nothing(
    people: list[int], start_worker: Callable[[], Program], redis_server: KillableRedis
) -> None:
    batches = _batches(people, count=30)
    start_worker()
    for batch in batches[:10]:
        owe(batch)
    wait_for(Event.objects.exists)
    redis_server.kill()
    for batch in batches[10:20]:
        owe(batch)
    sender.flush()
    assert sender.broker_away
    redis_server.start()
    for batch in batches[20:]:
        owe(batch)
    _relay_until_nothing_is_owed()
    assert_exact([event for batch in batches for event in batch])


def test_a_worker_whose_hands_are_full_when_redis_dies_takes_up_work_again(
    people: list[int], start_worker: Callable[[], Program], redis_server: KillableRedis
) -> None:
    batches = _batches(people, count=8)
    worker = start_worker()
    with transaction.atomic():
        hold_the_scores()
        for batch in batches[:6]:
            owe(batch)
            sender.send(_message_of(Outbox.objects.latest("created_at")))
            sender.flush()
        wait_for(
            lambda: messages_in_hand("scoring", redis_server.client) == settings.CELERY_WORKER_CONCURRENCY
        )
        redis_server.kill()
    wait_for(lambda: worker.log.count("Couldn't ack") == settings.CELERY_WORKER_CONCURRENCY)
    redis_server.start()
    for batch in batches[6:]:
        owe(batch)
    _relay_until_nothing_is_owed()
    assert_exact([event for batch in batches for event in batch])
