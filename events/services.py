"""All that other apps may ask of events: publish what happened, and owe work."""

from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.utils import timezone

from events import payloads
from events.contracts import Contract, NewEvent, contract_of
from events.outbox import enqueue

__all__ = ["enqueue", "publish"]

STORE_TASK = "events.tasks.store_events"
STORE_QUEUE = "scoring"


def publish(
    *,
    type: str,
    actor: int | None = None,
    room: UUID | None = None,
    data: Contract,
    occurred_at: datetime | None = None,
    event_id: UUID | None = None,
    source: str,
) -> UUID:
    """Say in the caller's transaction that something happened; gives the event's id.

    Raises `ValueError` if `data` is not of the type's contract: that is a fault in the caller's code.
    """
    if contract_of(type) is not data.__class__:
        raise ValueError(f"{data.__class__.__name__} is not the contract of {type!r}")
    event = NewEvent(
        event_id=event_id or uuid4(),
        type=type,
        actor=actor,
        room=room,
        data=msgspec.to_builtins(data),
        occurred_at=occurred_at or timezone.now(),
        source=source,
    )
    payload = payloads.join([payloads.encode_event(event)])
    enqueue(task=STORE_TASK, queue=STORE_QUEUE, payload=payload)
    return event.event_id
