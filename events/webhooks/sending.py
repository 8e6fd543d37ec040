"""Webhooks that are owed: a row for each endpoint and event, until it was taken or given up.

    fan_out (in the handler's transaction) -> rows -> after the commit a message each -> delivering.deliver
    send_due (beat): a message for each row that is due, as the first may be lost and failures come again

A message names the row and how many attempts there were, so that it is worth one attempt: see delivering.py.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from events.retrying import retry_conflicts
from events.sender import Message, send_all, sender
from events.subscribing import Occurred
from events.webhooks.leaving import LEAVING, TEST, body_for, body_of_test
from events.webhooks.models import Endpoint, Sending

logger = logging.getLogger(__name__)

TASK = "events.webhooks.tasks.send"
QUEUE = "webhooks"
FIRST_PAUSE = timedelta(seconds=10)  # a message needs less
# Longer than an attempt may take, and than messages usually wait in their queue.
LEASE = timedelta(minutes=2)
ROWS = 200  # a run


def fan_out(*, event: Occurred, now: datetime) -> int:
    """Owe the event to every endpoint that chose its type; gives their number."""
    if event.type not in LEAVING:
        return 0
    active = Endpoint.objects.filter(state=Endpoint.State.ACTIVE)
    chosen = [endpoint for endpoint in active.only("id", "types") if event.type in endpoint.types]
    body = body_for(event) if chosen else ""
    for endpoint in chosen:
        _owe(endpoint, event_id=event.event_id, type=event.type, body=body, now=now)
    return len(chosen)


def send_test(*, endpoint: Endpoint, now: datetime) -> Sending:
    """Owe it a webhook that means nothing, to see whether it arrives."""
    event_id = uuid4()
    body = body_of_test(event_id=event_id, now=now)
    with transaction.atomic():
        return _owe(endpoint, event_id=event_id, type=TEST, body=body, now=now)


def send_again(rows: QuerySet[Sending], *, now: datetime) -> int:
    """Owe rows anew, under their old ids, where the endpoint is active; gives their number.

    Also those that have long to wait for their next attempt: the receiver may have been mended meanwhile.
    What a worker has in hand, or gets within minutes, is left alone.
    """
    waits = Q(due_at__gt=now + LEASE) | ~Q(state=Sending.State.OWED)
    with transaction.atomic():
        idle = rows.filter(waits, endpoint__state=Endpoint.State.ACTIVE)
        again = list(idle.select_for_update(of=("self",)))
        again_ids = [row.pk for row in again]
        Sending.objects.filter(pk__in=again_ids).update(
            state=Sending.State.OWED, failures=0, due_at=now + FIRST_PAUSE
        )
        _tell_after_commit(again)
    return len(again)


def send_due(*, now: datetime | None = None, limit: int = ROWS) -> int:
    """A message for each row that is due, oldest first; gives their number. Stops if the broker is away."""
    now = now or timezone.now()
    rows = retry_conflicts(lambda: _claim(now, limit))
    for sent, row in enumerate(rows):
        try:
            send_all([_message(row)])
        except Exception as error:
            logger.warning("Webhooks that are due cannot be told to the broker: %s", error)
            _unclaim(rows[sent:], now)
            return sent
    return len(rows)


def _owe(endpoint: Endpoint, *, event_id: UUID, type: str, body: str, now: datetime) -> Sending:
    row, new = Sending.objects.get_or_create(
        endpoint=endpoint,
        event_id=event_id,
        defaults={"type": type, "body": body, "due_at": now + FIRST_PAUSE, "created_at": now},
    )
    if new:
        _tell_after_commit([row])
    return row


def _tell_after_commit(rows: Iterable[Sending]) -> None:
    messages = [_message(row) for row in rows]

    def tell() -> None:
        for message in messages:
            sender.send(message)

    transaction.on_commit(tell)


def _message(row: Sending) -> Message:
    return Message(TASK, QUEUE, str(row.pk), str(row.attempts))


def _claim(now: datetime, limit: int) -> list[Sending]:
    """Put their next message off before sending this one: a second beat finds them no longer due."""
    with transaction.atomic():
        due = Sending.objects.select_for_update(skip_locked=True).filter(
            state=Sending.State.OWED, due_at__lte=now
        )
        rows = list(due.only("id", "attempts").order_by("due_at")[:limit])
        Sending.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now + LEASE)
    return rows


def _unclaim(rows: list[Sending], now: datetime) -> None:
    Sending.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now)
