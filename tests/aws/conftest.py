"""Queues of the tests' own, and a consumer that runs in a thread."""

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from events.aws.clients import client, queue_url
from events.consuming.consumer import Consumer
from events.consuming.sources import Source
from tests.support.aws import MotoServer

QUEUE = "space-pizzas-tests"
DEAD = f"{QUEUE}-dead"

Consume = Callable[..., Consumer]


@pytest.fixture
def queue(aws: MotoServer) -> str:
    """A queue with dead letters, which come after two receives."""
    sqs = client("sqs")
    sqs.create_queue(QueueName=DEAD)
    arn = sqs.get_queue_attributes(QueueUrl=queue_url(DEAD), AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 2}}'
    sqs.create_queue(QueueName=QUEUE, Attributes={"RedrivePolicy": policy})
    return QUEUE


def send(*bodies: str, queue: str = QUEUE) -> None:
    """Put messages on the queue."""
    for body in bodies:
        client("sqs").send_message(QueueUrl=queue_url(queue), MessageBody=body)


@pytest.fixture
def consume() -> Iterator[Consume]:
    """Runs consumers in threads, and stops those that still run at the end."""
    running: list[tuple[Consumer, threading.Thread]] = []

    def start(*sources: Source, max_workers: int = 3) -> Consumer:
        consumer = Consumer(sources, max_workers=max_workers)
        thread = threading.Thread(target=consumer.run, daemon=True)
        thread.start()
        running.append((consumer, thread))
        return consumer

    yield start
    for consumer, thread in running:
        consumer.stop()
        thread.join(60)
        assert not thread.is_alive()


def names(sources: Sequence[Source]) -> list[str]:
    """What the sources are called."""
    return [source.name for source in sources]
