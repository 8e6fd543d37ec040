"""All that other apps may ask of events: publish what happened, and owe work."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.db import transaction
from django.utils import timezone

from events import payloads
from events.contracts import Contract, NewEvent, contract_of
from events.outbox import enqueue
from events.queues import STORE_QUEUE, STORE_TASK

__all__ = ["STORE_QUEUE", "STORE_TASK", "TooBig", "enqueue", "new_event", "publish", "publish_batch"]

MAX_EVENT_BYTES = 1_000_000


class TooBig(ValueError):
    """An event that no log should hold. Put what is big where it belongs, and publish where that is."""


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

    Raises `ValueError` if `data` is not of the type's contract, and `TooBig` from a megabyte on: those are
    faults in the caller's code.
    """
    event = new_event(
        type=type,
        actor=actor,
        room=room,
        data=data,
        occurred_at=occurred_at,
        event_id=event_id,
        source=source,
    )
    publish_batch([event])
    return event.event_id


def publish_batch(events: Iterable[NewEvent]) -> None:
    """Say in the caller's transaction that several things happened: one row for each 100 kB of them.

    Make the events with `new_event`, which checks them. Raises `TooBig`.
    """
    encoded = [_encoded(event) for event in events]
    with transaction.atomic():
        for payload in payloads.split(encoded):
            enqueue(task=STORE_TASK, queue=STORE_QUEUE, payload=payload)


def new_event(
    *,
    type: str,
    actor: int | None = None,
    room: UUID | None = None,
    data: Contract,
    occurred_at: datetime | None = None,
    event_id: UUID | None = None,
    source: str,
) -> NewEvent:
    """An event for `publish_batch`. Raises `ValueError` if `data` is not of the type's contract."""
    if contract_of(type) is not data.__class__:
        raise ValueError(f"{data.__class__.__name__} is not the contract of {type!r}")
    return NewEvent(
        event_id=event_id or uuid4(),
        type=type,
        actor=actor,
        room=room,
        data=msgspec.to_builtins(data),
        occurred_at=occurred_at or timezone.now(),
        source=source,
    )


def _encoded(event: NewEvent) -> bytes:
    encoded = payloads.encode_event(event)
    if len(encoded) > MAX_EVENT_BYTES:
        raise TooBig(
            f"A {event.type} of {len(encoded):,} bytes: at most {MAX_EVENT_BYTES:,} go into the log. "
            "Keep what is big elsewhere, and publish where it is."
        )
    return encoded
