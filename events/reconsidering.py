"""A second look at refused events, on an operator's word: a rule of ours was wrong, or a worker too old."""

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from events.models import RefusedEvent
from events.outbox import enqueue
from events.queues import STORE_QUEUE, STORE_TASK


def reconsider(rows: QuerySet[RefusedEvent]) -> int:
    """Have them stored as if they came anew; gives their number. What is refused again is kept again.

    What could not even be read has no id, and is left alone.
    """
    count = 0
    for row in rows.exclude(event_id=""):
        payload = msgspec.json.encode([row.payload]).decode()
        with transaction.atomic():
            if RefusedEvent.objects.filter(pk=row.pk).delete()[0]:
                enqueue(task=STORE_TASK, queue=STORE_QUEUE, payload=payload)
                count += 1
    return count
