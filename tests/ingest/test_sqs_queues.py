"""Active Elastic Job's messages on a real SQS queue, as moto has it."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from accounts.models import User
from events.aws.clients import client, queue_url
from events.aws.names import dead_letters
from events.consuming.consumer import Consumer
from events.ingest import taking
from events.ingest.models import RefusedJob
from events.ingest.sources import sqs_source
from tests.ingest.making import active_job, message_attributes, points_of
from tests.support.aws import MotoServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _queue(aws: MotoServer, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("provision_queues")


def _send(body: bytes, **signature: Any) -> None:
    client("sqs").send_message(
        QueueUrl=queue_url("hits"),
        MessageBody=body.decode(),
        MessageAttributes=message_attributes(body, **signature),
    )


def _work() -> int:
    """Fetch once and do it; gives how many came."""
    source = sqs_source("hits")
    works = source.fetch(most=10, seconds=1)
    for work in works:
        Consumer([source], max_workers=1).do(work)
    return len(works)


def _left() -> int:
    """Messages that are on the queue, fetched or not."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = client("sqs").get_queue_attributes(QueueUrl=queue_url("hits"), AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def test_the_command_makes_the_queue_and_its_dead_letters(aws: MotoServer) -> None:
    assert queue_url("hits")
    assert queue_url(dead_letters("hits"))


def test_a_signed_job_is_a_point_and_off_the_queue(alice: User, bob: User) -> None:
    _send(active_job())
    assert _work() == 1
    assert points_of(alice.pk) == 1
    assert _left() == 0


def test_a_bad_signature_is_kept_and_off_the_queue(alice: User, bob: User) -> None:
    _send(active_job(), secret="somebody else's")
    assert _work() == 1
    assert RefusedJob.objects.get().code == "bad_signature"
    assert points_of(alice.pk) == 0
    assert _left() == 0


def test_a_message_that_comes_twice_counts_once(alice: User, bob: User) -> None:
    body = active_job()
    _send(body)
    _send(body)
    assert _work() == 2
    assert points_of(alice.pk) == 1
    assert _left() == 0


def test_with_the_database_away_a_message_stays(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store_batches(batches: Any) -> Any:
        raise OperationalError("the connection is closed")

    _send(active_job())
    with monkeypatch.context() as broken:
        broken.setattr(taking, "store_batches", store_batches)
        source = sqs_source("hits")
        (work,) = source.fetch(most=1, seconds=1)
        Consumer([source], max_workers=1).do(work)
    assert _left() == 1
    work.give_back()  # its time is over
    assert _work() == 1
    assert points_of(alice.pk) == 1


def test_killed_after_the_transaction_the_hit_still_counts_once(alice: User, bob: User) -> None:
    _send(active_job())
    (work,) = sqs_source("hits").fetch(most=1, seconds=1)
    work.do()  # and dies before `finish`
    work.give_back()
    assert _work() == 1
    assert points_of(alice.pk) == 1
    assert _left() == 0
