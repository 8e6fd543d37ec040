"""What topic, queues and subscriptions there should be, made from settings and subscriptions. It asks nobody.

`manage.py provision_queues` brings AWS to this state (`provisioning.py`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from events.aws.names import celery_queue, dead_letters, event_queue
from events.queues import QUEUES
from events.subscribing import ALL, VOLUMINOUS, Handler, registry

EVENT_TYPE = "event-type"  # the attribute that filters look at

EVENT_VISIBILITY = 60  # seconds; the consumer extends it while a handler works
# Celery's worker cannot extend it: kombu's `visibility_timeout` must agree.
CELERY_VISIBILITY = 120  # seconds
MOST_RECEIVES = 5  # then a message goes to the dead letters
DAYS = 86_400
# What is owed is sent again by the relay, so nothing is lost here. What beat sends is stale after seconds,
# and SQS knows no other expiry: a long one would let a night without workers pile up. A poisonous message
# still has the time to be received MOST_RECEIVES times.
CELERY_RETENTION = 900  # seconds
EVENT_RETENTION = 4 * DAYS
DEAD_RETENTION = 14 * DAYS  # the longest that SQS offers

FilterPolicy = Mapping[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class PlannedQueue:
    """A queue and its attributes. `feeds_from_topic`: SNS may send to it."""

    name: str
    visibility: int = 30
    retention: int
    dead: str | None = None
    feeds_from_topic: bool = False
    long_poll: int = field(default=0)

    @property
    def attributes(self) -> dict[str, str]:
        """SQS's plain attributes; policies hold addresses, and are added where those are known."""
        return {
            "VisibilityTimeout": str(self.visibility),
            "MessageRetentionPeriod": str(self.retention),
            "ReceiveMessageWaitTimeSeconds": str(self.long_poll),
        }


@dataclass(frozen=True, kw_only=True)
class PlannedSubscription:
    """A queue that hears of events; `filter_policy` is None if of all of them."""

    queue: str
    filter_policy: FilterPolicy | None


def kinds_with_handlers(handlers: Iterable[Handler] = registry) -> list[str]:
    """The kinds of work that some handler does, in the usual order."""
    used = {handler.queue for handler in handlers}
    return [kind for kind in QUEUES if kind in used]


def planned_queues() -> list[PlannedQueue]:
    """Every queue, each after its dead letters."""
    queues = [
        *(_celery() if settings.SQS else []),
        *(_events() if settings.EVENT_TRANSPORT == "sns" else []),
        *_ingest(),
    ]
    return [planned for queue in queues for planned in (_dead(queue), queue)]


def planned_subscriptions() -> list[PlannedSubscription]:
    """Which queue hears of what."""
    if settings.EVENT_TRANSPORT != "sns":
        return []
    return [
        PlannedSubscription(queue=event_queue(kind), filter_policy=filter_policy(kind, registry))
        for kind in kinds_with_handlers()
    ]


def filter_policy(kind: str, handlers: Iterable[Handler]) -> FilterPolicy | None:
    """SNS's filter for a kind of work: the types that its handlers named; `ALL`: all but the voluminous."""
    types = {type for handler in handlers if handler.queue == kind for type in handler.types}
    named = sorted(types - {ALL})
    if ALL not in types:
        return {EVENT_TYPE: named}
    unwanted = sorted(VOLUMINOUS.difference(named))
    return {EVENT_TYPE: [{"anything-but": unwanted}]} if unwanted else None


def redrive_policy(dead_arn: str) -> str:
    """As SQS writes it."""
    return json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": MOST_RECEIVES})


def _celery() -> list[PlannedQueue]:
    return [
        _with_dead(name=celery_queue(kind), visibility=CELERY_VISIBILITY, retention=CELERY_RETENTION)
        for kind in QUEUES
    ]


def _events() -> list[PlannedQueue]:
    return [
        _with_dead(
            name=event_queue(kind),
            visibility=EVENT_VISIBILITY,
            retention=EVENT_RETENTION,
            feeds_from_topic=True,
        )
        for kind in kinds_with_handlers()
    ]


def _ingest() -> list[PlannedQueue]:
    """Where other game servers put their jobs; nothing owes those again, so they are kept for long."""
    return [
        _with_dead(name=name, visibility=EVENT_VISIBILITY, retention=DEAD_RETENTION)
        for name in settings.INGEST_SQS_QUEUES
    ]


def _with_dead(*, name: str, **fields: Any) -> PlannedQueue:
    return PlannedQueue(name=name, dead=dead_letters(name), long_poll=20, **fields)


def _dead(queue: PlannedQueue) -> PlannedQueue:
    return PlannedQueue(name=dead_letters(queue.name), retention=DEAD_RETENTION)
