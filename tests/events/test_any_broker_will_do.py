"""Celery's own queues with real workers and a real beat: on Redis, and with TEST_BROKER=sqs on SQS."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from events import players
from events.aws.clients import client, queue_url
from events.aws.names import celery_queue, dead_letters
from events.models import Event, Outbox, RefusedEvent
from events.queues import QUEUES, STORE_QUEUE, STORE_TASK
from events.sender import send_task, sender
from tests.events.making import assert_exact, hit, owe, payload_of
from tests.support.broker import waiting
from tests.support.processes import Program
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.both_brokers, pytest.mark.django_db(transaction=True)]

StartWorker = Callable[..., Program]


@pytest.fixture
def people() -> list[int]:
    """Players whom the worker's own process finds in the database."""
    users = [User(handle=f"player-{n}", name=f"Player {n}") for n in range(3)]
    ids = [user.pk for user in User.objects.bulk_create(users)]
    players.register_player_check(lambda wanted: wanted & set(ids))
    return ids


def test_hits_are_scored_once_however_often_they_are_sent(
    people: list[int], start_worker: StartWorker
) -> None:
    start_worker(*QUEUES)
    batches = [[hit(actor=people[0], victim=people[1]) for _ in range(20)] for _ in range(10)]
    for batch in batches:
        owe(batch)
    for batch in batches:
        owe(batch)
    wait_for(lambda: not Outbox.objects.exists())
    assert_exact([event for batch in batches for event in batch])


@pytest.mark.usefixtures("beat")
def test_beat_and_a_worker_bring_in_what_was_never_sent(people: list[int], start_worker: StartWorker) -> None:
    events = [hit(actor=people[0], victim=people[1])]
    now = timezone.now()
    Outbox.objects.create(
        task=STORE_TASK,
        queue=STORE_QUEUE,
        payload=payload_of(events),
        created_at=now,
        due_at=now - timedelta(1),
    )
    start_worker(*QUEUES)
    wait_for(lambda: not Outbox.objects.exists())
    assert_exact(events)


def test_a_row_too_large_for_a_message_is_fetched_by_its_id(
    people: list[int], start_worker: StartWorker
) -> None:
    """Kept as unbelievable, and thereby seen to have arrived whole."""
    start_worker()
    owe([hit(actor=people[0], victim=people[1], source="x" * 250_000)])
    wait_for(lambda: not Outbox.objects.exists())
    assert RefusedEvent.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.skipif(not settings.SQS, reason="Redis has no dead letters")
def test_a_task_that_raises_ends_in_the_dead_letters_of_its_queue(start_worker: StartWorker) -> None:
    queue = celery_queue("feed")
    client("sqs").set_queue_attributes(QueueUrl=queue_url(queue), Attributes={"VisibilityTimeout": "0"})
    start_worker("feed")
    send_task("events.tasks.deliver", queue="feed", args=("feed",))  # an argument is missing
    wait_for(lambda: waiting(dead_letters(queue)) == 1)
    assert waiting(queue) == 0


def test_what_is_sent_while_nobody_works_waits(people: list[int], start_worker: StartWorker) -> None:
    events = [hit(actor=people[0], victim=people[1])]
    owe(events)
    sender.flush()
    start_worker()
    wait_for(lambda: not Outbox.objects.exists())
    assert_exact(events)
