"""What becomes of a delivery that failed: it rests as a row that is due later, and at last is a dead letter.

After `MAX_ATTEMPTS` rounds it is given up, and a `TASK_WORKER_FAILED` is published in the same transaction.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from events import failures
from events.models import Delivery
from events.outbox import enqueue
from events.queues import STORE_QUEUE, STORE_TASK

logger = logging.getLogger(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 1800, 7200, 21_600))
MAX_ATTEMPTS = len(PAUSES) + 1


def note_failure(delivery: Delivery, error: str | Exception) -> None:
    """Again later, or never."""
    now, text = timezone.now(), failures.describe(error)
    attempts = min(delivery.attempts + 1, MAX_ATTEMPTS)
    dead = attempts >= MAX_ATTEMPTS
    logger.warning("%s failed for the %d. time: %s", delivery, attempts, text)
    with transaction.atomic():
        # "lte": it was counted already if it was begun alone.
        pending = Delivery.objects.filter(
            pk=delivery.pk, attempts__lte=attempts, done_at=None, failed_at=None
        )
        changed = pending.update(
            attempts=attempts,
            error=text,
            due_at=now + PAUSES[min(attempts, len(PAUSES)) - 1],
            failed_at=now if dead else None,
        )
        if changed and dead:
            logger.error("Given up: %s is a dead letter now. %s", delivery, text)
            _tell_of_death(delivery, text, attempts)


def _tell_of_death(delivery: Delivery, error: str, attempts: int) -> None:
    """Once, and not of the death of a handler of deaths."""
    if delivery.event.type == failures.TYPE:
        return
    data = failures.of_handler(
        handler=delivery.handler,
        queue=delivery.queue,
        event_id=delivery.event_id,
        event_type=delivery.event.type,
        error=error,
        attempts=attempts,
    )
    enqueue(task=STORE_TASK, queue=STORE_QUEUE, payload=failures.as_payload(data))
