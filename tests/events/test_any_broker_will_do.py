"""Celery's own queues with real workers and a real beat: on Redis, and with TEST_BROKER=sqs on SQS."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from redis import Redis

from events.aws.clients import client, queue_url
from events.aws.names import celery_queue, dead_letters
from events.models import Event, Outbox, RefusedEvent
from events.queues import QUEUES, STORE_QUEUE, STORE_TASK
from events.sender import send_task, sender
from tests.events.making import assert_exact, hit, owe, payload_of
from tests.support.broker import messages_in_hand, waiting
from tests.support.processes import Program
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.both_brokers, pytest.mark.django_db(transaction=True)]

StartWorker = Callable[..., Program]


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


def test_a_task_that_raises_ends_where_its_broker_buries_it_and_the_next_is_done(
    people: list[int], start_worker: StartWorker, redis_client: "Redis"
) -> None:
    """SQS has dead letters, of the same queue; Redis has none, and the worker's log has the last word."""
    if settings.SQS:
        url = queue_url(celery_queue("scoring"))
        client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    worker = start_worker("scoring")
    send_task(STORE_TASK, queue="scoring", args=())  # its arguments are missing
    worker.wait_for_line("TypeError")
    if settings.SQS:
        wait_for(lambda: waiting(dead_letters(celery_queue("scoring"))) == 1)
    events = [hit(actor=people[0], victim=people[1])]
    owe(events)
    wait_for(lambda: not Outbox.objects.exists())
    assert_exact(events)
    wait_for(lambda: messages_in_hand("scoring", redis_client) == 0)


def test_what_is_sent_while_nobody_works_waits(people: list[int], start_worker: StartWorker) -> None:
    events = [hit(actor=people[0], victim=people[1])]
    owe(events)
    sender.flush()
    start_worker()
    wait_for(lambda: not Outbox.objects.exists())
    assert_exact(events)
