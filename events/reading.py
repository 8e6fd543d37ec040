"""The log as handlers and commands read it: typed events, and places in it by time."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import QuerySet

from events.contracts import Contract, contract_of
from events.models import Event
from events.subscribing import Occurred

# Keys follow the time of a row but for transactions that overtook each other.
OVERTAKING = timedelta(minutes=1)


def occurred(event: Event) -> Occurred:
    """A row of the log as a handler gets it; `msgspec.ValidationError` if its contract is another one now."""
    return Occurred(
        seq=event.seq,
        event_id=event.event_id,
        type=event.type,
        actor=event.actor,
        room=event.room,
        data=msgspec.convert(event.data, contract_of(event.type) or Contract),
        points=event.points,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        source=event.source,
    )


def first_seq_since(instant: datetime) -> int:
    """A `seq` before which nothing was recorded since `instant`."""
    return first_pk_since(Event.objects.all(), "recorded_at", instant)


def first_pk_since(rows: QuerySet[Any], field: str, instant: datetime) -> int:
    """A key before which no row's `field` is at `instant` or later, where keys follow that time.

    By halving: no index is by time.
    """
    target = instant - OVERTAKING
    low, high = 1, (rows.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = rows.filter(pk__gte=middle).order_by("pk").values_list("pk", field).first()
        if row is None or row[1] >= target:
            high = middle
        else:
            low = row[0] + 1
    return low
