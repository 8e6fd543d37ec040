"""Work that is owed, and the promise that it is done: a row until its consumer's own transaction deletes it.

    enqueue (row, in the caller's transaction) -> message after the commit -> task(outbox_id, payload)
        -> does its work and calls `done` in one transaction, or `failed` outside of it
    relay: sends again what is still there when it is due, with growing pauses

A payload of more than 4 kB stays in its row: the message has "" for it, and the task asks `payload_of`.

A consumer may be called more than once for a row. What cannot be done twice must be guarded by its own
unique key; what can (a mail) is at least once. A row that failed `MAX_FAILURES` times lies in the dead
letters, with a `TASK_WORKER_FAILED` in the log: the relay leaves it alone until an operator sends it again.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from events import failures
from events.models import Outbox
from events.queues import STORE_QUEUE, STORE_TASK
from events.retrying import retry_conflicts
from events.sender import Message, message_for, send_all, sender

logger = logging.getLogger(__name__)

MAX_FAILURES = 8
FIRST_PAUSE = timedelta(seconds=5)  # a message needs less; then doubled each time
LONGEST_PAUSE = timedelta(minutes=5)
RELAY_ROWS = 200  # a run: with their payloads usually at most 20 MB
RELAY_CHUNK = 20


def enqueue(*, task: str, queue: str, payload: bytes | str) -> UUID:
    """Owe a call of `task(outbox_id, payload)`: a row in the caller's transaction, a message after it."""
    text = payload.decode() if isinstance(payload, bytes) else payload
    now = timezone.now()
    row = Outbox.objects.create(
        task=task, queue=queue, payload=text, created_at=now, due_at=now + FIRST_PAUSE
    )
    message = message_for(task=task, queue=queue, outbox_id=row.pk, payload=text)
    transaction.on_commit(lambda: sender.send(message))
    return row.pk


def done(outbox_id: UUID | str) -> bool:
    """Delete the row, in the consumer's own transaction; False if it was gone already."""
    return bool(Outbox.objects.filter(pk=outbox_id).delete()[0])


def is_owed(outbox_id: UUID | str) -> bool:
    """Whether the row is still there: a consumer whose work must not be repeated lightly asks first."""
    return Outbox.objects.filter(pk=outbox_id).exists()


def payload_of(outbox_id: UUID | str, payload: str) -> str | None:
    """What the message brought, or what the row has where that was too big; None if the row is gone."""
    return payload or Outbox.objects.filter(pk=outbox_id).values_list("payload", flat=True).first()


def failed(outbox_id: UUID | str, error: str | BaseException) -> None:
    """The task could not do it: again after growing pauses; then it is dead. Call it after the rollback."""
    now = timezone.now()
    row = Outbox.objects.filter(pk=outbox_id, failed_at=None).first()
    if row is None:
        return
    times = row.failures + 1
    dead = times >= MAX_FAILURES
    text = failures.describe(error)
    with transaction.atomic():
        changed = Outbox.objects.filter(pk=row.pk, failures=row.failures, failed_at=None).update(
            failures=times, error=text, due_at=now + pause_after(times), failed_at=now if dead else None
        )
        if changed and dead:
            logger.error("Given up: %s of %s is a dead letter now. %s", row.task, row.pk, text)
            _tell_of_death(row, text, times)


def relay(*, now: datetime | None = None, limit: int = RELAY_ROWS) -> int:
    """Send what is due and still owed, oldest first; gives the number sent. Stops if the broker is away."""
    now = now or timezone.now()
    rows = retry_conflicts(lambda: _claim(now, limit))
    for sent in range(0, len(rows), RELAY_CHUNK):
        try:
            send_all([_message(row) for row in rows[sent : sent + RELAY_CHUNK]])
        except Exception as error:
            logger.warning("The relay cannot reach the broker: %s", error)
            _unclaim(rows[sent:], now)
            return sent
    return len(rows)


def send_again(rows: QuerySet[Outbox]) -> int:
    """Bring dead letters back to life, on an operator's word; gives their number."""
    now = timezone.now()
    return rows.filter(failed_at__isnull=False).update(failed_at=None, failures=0, sends=0, due_at=now)


def pause_after(times: int) -> timedelta:
    """How long to wait after the n-th failure or send."""
    return min(FIRST_PAUSE * 2 ** min(times, 10), LONGEST_PAUSE)


def _message(row: Outbox) -> Message:
    return message_for(task=row.task, queue=row.queue, outbox_id=row.pk, payload=row.payload)


def _tell_of_death(row: Outbox, error: str, times: int) -> None:
    """Once, and not of the death of the telling itself."""
    if failures.TYPE in row.payload:
        return
    data = failures.of_task(task=row.task, queue=row.queue, outbox_id=row.pk, error=error, attempts=times)
    enqueue(task=STORE_TASK, queue=STORE_QUEUE, payload=failures.as_payload(data))


def _claim(now: datetime, limit: int) -> list[Outbox]:
    """Mark rows as sent before sending: a second relay finds them no longer due."""
    with transaction.atomic():
        due = Outbox.objects.select_for_update(skip_locked=True).filter(failed_at=None, due_at__lte=now)
        rows = list(due.order_by("due_at")[:limit])
        Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(
            sent_at=now, sends=F("sends") + 1, due_at=_next_due(now)
        )
    return rows


def _next_due(now: datetime) -> Case:
    """`now + pause_after(sends + 1)`, for each row by itself."""
    steps = [When(Q(sends=n), then=Value(now + pause_after(n + 1))) for n in range(6)]
    return Case(*steps, default=Value(now + LONGEST_PAUSE))


def _unclaim(rows: list[Outbox], now: datetime) -> None:
    Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(
        sends=F("sends") - 1, due_at=now + FIRST_PAUSE
    )
