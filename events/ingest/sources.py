"""The queues of other game servers, as `manage.py consume --ingest` reads them."""

from functools import partial

from django.conf import settings

from events.consuming.sources import Source
from events.consuming.sqs import QueueSource, Received
from events.ingest.raw import RawJob, source_name
from events.ingest.sidekiq import SidekiqSource
from events.ingest.taking import take

SIDEKIQ = "sidekiq"


def ingest_sources() -> list[Source]:
    """One for each queue that the settings name."""
    return [
        *(sqs_source(queue) for queue in settings.INGEST_SQS_QUEUES),
        *(sidekiq_source(queue) for queue in settings.INGEST_SIDEKIQ_QUEUES),
    ]


def sqs_source(queue: str) -> QueueSource:
    """The SQS queue of that name, with Active Elastic Job's messages."""
    return QueueSource(queue=queue, handle=partial(_take_message, source_name("sqs", queue)))


def sidekiq_source(queue: str) -> SidekiqSource:
    """Sidekiq's queue of that name."""
    return SidekiqSource(
        url=settings.INGEST_REDIS_URL,
        key=sidekiq_key(queue),
        handle=partial(_take_body, source_name(SIDEKIQ, queue)),
    )


def sidekiq_key(queue: str) -> str:
    """The list in which a queue's jobs are; clients may put a namespace before all of their keys."""
    namespace = settings.INGEST_SIDEKIQ_NAMESPACE
    return f"{namespace}:queue:{queue}" if namespace else f"queue:{queue}"


def _take_message(source: str, message: Received) -> None:
    take(RawJob("active_job", source, message.body.encode(), message.attributes, message.receives))


def _take_body(source: str, body: bytes, tries: int) -> None:
    take(RawJob("sidekiq", source, body, None, tries))
