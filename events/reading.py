"""The log as handlers and commands read it: typed events, and places in it by time."""

from datetime import datetime, timedelta

import msgspec

from events.contracts import Contract, contract_of
from events.models import Event
from events.subscribing import Occurred

# `seq` follows `recorded_at` but for transactions that overtook each other.
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
    """A `seq` before which nothing was recorded since `instant`. By halving: no index is by time."""
    target = instant - OVERTAKING
    low, high = 1, (Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = Event.objects.filter(seq__gte=middle).order_by("seq").values_list("seq", "recorded_at").first()
        if row is None or row[1] >= target:
            high = middle
        else:
            low = row[0] + 1
    return low
