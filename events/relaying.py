"""Deliveries that are due: word of them is sent (again) until they are done or dead."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from events.models import Delivery
from events.outbox import FIRST_PAUSE, LONGEST_PAUSE, pause_after
from events.retrying import retry_conflicts
from events.transports import get_transport

logger = logging.getLogger(__name__)

# A run. Word of them is a hundred to a message, as after a commit.
RELAY_DELIVERIES = 10_000


def relay_deliveries(*, now: datetime | None = None, limit: int = RELAY_DELIVERIES) -> int:
    """Send word of what is due, oldest first; gives the number of deliveries. Stops if the broker is away."""
    now = now or timezone.now()
    due = retry_conflicts(lambda: _claim(now, limit))
    by_queue: defaultdict[str, list[Delivery]] = defaultdict(list)
    for delivery in due:
        by_queue[delivery.queue].append(delivery)
    sent = 0
    for queue, deliveries in by_queue.items():
        try:
            get_transport().remind(queue, _ids(deliveries))
        except Exception as error:
            logger.warning("The relay cannot send word of deliveries on %s: %s", queue, error)
            _unclaim(deliveries, now)
        else:
            sent += len(deliveries)
    return sent


def send_again(rows: QuerySet[Delivery]) -> int:
    """Bring dead letters back to life, on an operator's word; gives their number."""
    return rows.filter(failed_at__isnull=False).update(
        failed_at=None, attempts=0, sends=0, due_at=timezone.now()
    )


def _ids(deliveries: Sequence[Delivery]) -> list[UUID]:
    return list(dict.fromkeys(delivery.event_id for delivery in deliveries))


def _claim(now: datetime, limit: int) -> list[Delivery]:
    """Mark rows as sent before sending: a second relay finds them no longer due."""
    with transaction.atomic():
        due = Delivery.objects.select_for_update(skip_locked=True)
        due = due.filter(done_at=None, failed_at=None, due_at__lte=now)
        rows = list(due.only("pk", "queue", "event_id").order_by("due_at")[:limit])
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            sends=F("sends") + 1, due_at=_next_due(now)
        )
    return rows


def _next_due(now: datetime) -> Case:
    """`now + pause_after(sends + 1)`, for each row by itself."""
    steps = [When(Q(sends=n), then=Value(now + pause_after(n + 1))) for n in range(6)]
    return Case(*steps, default=Value(now + LONGEST_PAUSE))


def _unclaim(rows: Sequence[Delivery], now: datetime) -> None:
    Delivery.objects.filter(pk__in=[row.pk for row in rows], done_at=None).update(
        sends=F("sends") - 1, due_at=now + FIRST_PAUSE
    )
