"""Celery's queues as tests see them, whichever broker they are on."""

import os

from django.conf import settings
from django.core.management import call_command
from redis import Redis

from events.aws.clients import client, queue_url
from events.aws.names import celery_queue
from tests.support import environment


def clean_queues() -> None:
    """Leave nothing on SQS but the queues, as our own command makes them. On Redis there is nothing to do."""
    if environment.sqs is None:
        return
    environment.sqs.reset()
    with open(os.devnull, "w") as nowhere:
        call_command("provision_queues", stdout=nowhere)


def messages_in_hand(queue: str, redis: "Redis") -> int:
    """Messages that workers took and did not end yet (of all queues, on Redis)."""
    if settings.SQS:
        return in_flight(celery_queue(queue))
    return int(redis.hlen("unacked"))


def waiting(queue: str) -> int:
    """Messages that lie on an SQS queue, given its whole name."""
    return _count(queue, "ApproximateNumberOfMessages")


def in_flight(queue: str) -> int:
    """Messages that somebody took off an SQS queue and did not end yet."""
    return _count(queue, "ApproximateNumberOfMessagesNotVisible")


def _count(queue: str, attribute: str) -> int:
    answer = client("sqs").get_queue_attributes(QueueUrl=queue_url(queue), AttributeNames=[attribute])
    return int(answer["Attributes"][attribute])
