"""Word of events by SNS and SQS: one topic, a queue for each kind of work, filters on `event-type`.

A new event goes to the topic once, and SNS copies it to each queue whose filter lets it through. What is sent
again goes straight to the one queue that lacks it. `manage.py consume` is the other end; `events.aws` is what
both stand on.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import UUID

from botocore.exceptions import ClientError
from django.db import connection

from events.aws.clients import client, in_words, queue_url, topic_arn
from events.aws.messages import Entry, body_of, calls
from events.aws.names import event_queue
from events.aws.topology import EVENT_TYPE
from events.models import Event
from events.transports.base import Told, Transport
from events.word import chunks, encode_ids


class NotSent(ConnectionError):
    """AWS refused a call, or took some of its messages and not others. The relay sends those again."""


class SnsTransport(Transport):
    """Publishes to EVENT_TOPIC."""

    name: ClassVar[str] = "sns"

    def announce(self, told: Sequence[Told]) -> None:
        try:
            events = Event.objects.filter(event_id__in=[event.event_id for event in told]).order_by("seq")
            entries = [_entry(event) for event in events]
        finally:
            # The courier's thread has a connection of its own, and needs it once in a while.
            connection.close_if_unusable_or_obsolete()
        with _refusals_in_words():
            for call in calls(entries, text="Message"):
                _check(client("sns").publish_batch(TopicArn=topic_arn(), PublishBatchRequestEntries=call))

    def remind(self, queue: str, event_ids: Sequence[UUID]) -> None:
        entries = [{"Id": str(n), "MessageBody": encode_ids(ids)} for n, ids in enumerate(chunks(event_ids))]
        with _refusals_in_words():
            url = queue_url(event_queue(queue))
            for call in calls(entries, text="MessageBody"):
                _check(client("sqs").send_message_batch(QueueUrl=url, Entries=call))


def _entry(event: Event) -> Entry:
    return {
        "Id": event.event_id.hex,
        "Message": body_of(event),
        "MessageAttributes": {EVENT_TYPE: {"DataType": "String", "StringValue": event.type}},
    }


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise NotSent(in_words(error)) from error


def _check(answer: Mapping[str, Any]) -> None:
    if failed := answer.get("Failed"):
        raise NotSent(f"AWS did not take {len(failed)} messages: {failed[0].get('Code')}")
