"""Sending past events to a handler: one that is new, or that was wrong until today.

The deliveries decide what is new: an event that the handler was told of is left alone, unless `again` says
that it is to be told once more. Deliveries are pruned at last: of events from before that horizon nobody
knows what is new, so they are refused without `again`. Only handlers that declare themselves `replayable`
take part.

A replay keeps its place in the log. One that was stopped goes on from there when the same is asked again.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from events.models import Delivery, Event, Replay
from events.outbox import FIRST_PAUSE
from events.pruning import DELIVERIES
from events.reading import first_seq_since
from events.retention import hold_horizon, horizon
from events.retrying import retry_conflicts
from events.subscribing import ALL, VOLUMINOUS, Handler, registry
from events.transports import get_transport

logger = logging.getLogger(__name__)

CHUNK = 500
MINUTE = timedelta(minutes=1)


class CannotReplay(ValueError):
    """Why not, for an operator to read."""


@dataclass(frozen=True)
class Asked:
    """What is to be replayed. `types` empty: all that the handler subscribed to."""

    handler: str
    since: datetime
    until: datetime | None = None
    types: tuple[str, ...] = ()
    again: bool = False


def handler_for(asked: Asked) -> Handler:
    """The handler, if it may be asked this; `CannotReplay` says why not."""
    handler = registry.named(asked.handler)
    if handler is None:
        names = ", ".join(known.name for known in registry if known.replayable) or "none"
        raise CannotReplay(f"There is no handler {asked.handler!r}. Those that may be replayed: {names}.")
    if not handler.replayable:
        raise CannotReplay(f"{handler.name} may not be replayed: what it does cannot be done twice.")
    if foreign := [type for type in asked.types if not handler.wants(type)]:
        raise CannotReplay(f"{handler.name} did not subscribe to {', '.join(foreign)}.")
    return handler


def count(asked: Asked) -> int:
    """How many events would be sent, if nothing was sent yet. Raises `CannotReplay`."""
    _refuse_the_forgotten(asked, _events(asked), horizon(DELIVERIES))
    return _to_send(asked, _events(asked)).count()


def replay(asked: Asked, *, progress: Callable[[int, int], None] = lambda done, total: None) -> Replay:
    """Owe the handler what was asked, and send word of it. `progress` hears events seen, and of how many.

    Raises `CannotReplay`. Word that cannot be sent is the relay's to send.
    """
    handler = handler_for(asked)
    events = _events(asked)
    _refuse_the_forgotten(asked, events, horizon(DELIVERIES))
    place = _place(asked)
    total = events.count()
    end = events.aggregate(end=Max("seq"))["end"] or 0
    seen = events.filter(seq__lte=place.position).count()
    while chunk := list(_after(events, place.position, end)):
        sent = retry_conflicts(lambda chunk=chunk: _owe(asked, handler, place, chunk))  # type: ignore[misc]
        _tell(handler.queue, sent)
        seen += len(chunk)
        progress(seen, total)
    place.finished_at = timezone.now()
    place.save(update_fields=["finished_at"])
    return place


def _tell(queue: str, event_ids: Sequence[UUID]) -> None:
    try:
        get_transport().remind(queue, event_ids)
    except Exception as error:
        logger.warning("The broker is away (%s); the relay will send what is owed.", error)


def _place(asked: Asked) -> Replay:
    """Where an unfinished replay of the same stands, or a new one."""
    words = {name: str(value) for name, value in asdict(asked).items()}
    key = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
    place, _ = Replay.objects.get_or_create(
        key=key,
        finished_at=None,
        defaults={"handler": asked.handler, "asked": words, "started_at": timezone.now()},
    )
    return place


def _events(asked: Asked) -> QuerySet[Event]:
    handler = handler_for(asked)
    types = asked.types or tuple(handler.types - {ALL})
    events = Event.objects.filter(seq__gte=first_seq_since(asked.since), recorded_at__gte=asked.since)
    if asked.until:
        events = events.filter(recorded_at__lt=asked.until)
    if ALL in handler.types and not asked.types:
        return events.exclude(type__in=VOLUMINOUS - handler.types)
    return events.filter(type__in=types)


def _to_send(asked: Asked, events: QuerySet[Event]) -> QuerySet[Event]:
    if asked.again:
        return events
    told = Delivery.objects.filter(handler=asked.handler, event__event_id=OuterRef("event_id"))
    return events.filter(~Exists(told))


def _refuse_the_forgotten(asked: Asked, events: QuerySet[Event], horizon: datetime | None) -> None:
    """Raise `CannotReplay` for events of which deliveries may be missing because they were pruned."""
    if horizon and not asked.again and events.filter(recorded_at__lt=horizon).exists():
        raise CannotReplay(
            f"What {asked.handler} was told of before {horizon:%Y-%m-%dT%H:%M} was pruned, so nobody knows "
            f"which of those events are new to it. Say --since {horizon + MINUTE:%Y-%m-%dT%H:%M} or later, "
            "or --again to send it all of them."
        )


def _after(events: QuerySet[Event], position: int, end: int) -> QuerySet[Event]:
    """The next ones; not what the replay itself makes happen."""
    return events.filter(seq__gt=position, seq__lte=end).order_by("seq").only("seq", "event_id")[:CHUNK]


def _owe(asked: Asked, handler: Handler, place: Replay, chunk: Sequence[Event]) -> list[UUID]:
    """Deliveries for a chunk of the log, and the place after it, in one transaction; gives what is owed."""
    now = timezone.now()
    ids = [event.event_id for event in chunk]
    mine = Delivery.objects.filter(handler=handler.name, event__event_id__in=ids)
    with transaction.atomic():
        # Held until the end, so that nobody prunes what is looked up here.
        _refuse_the_forgotten(asked, Event.objects.filter(event_id__in=ids), hold_horizon(DELIVERIES))
        told = set(mine.values_list("event__event_id", flat=True))
        new = [event_id for event_id in ids if event_id not in told]
        Delivery.objects.bulk_create(
            [
                Delivery(
                    event_id=event_id,
                    handler=handler.name,
                    queue=handler.queue,
                    created_at=now,
                    due_at=now + FIRST_PAUSE,
                )
                for event_id in new
            ],
            ignore_conflicts=True,
        )
        if asked.again:
            mine.filter(event__event_id__in=told).update(
                done_at=None,
                failed_at=None,
                attempts=0,
                sends=0,
                queue=handler.queue,
                due_at=now + FIRST_PAUSE,
            )
        sent = ids if asked.again else new
        position, all_sent = chunk[-1].seq, place.sent + len(sent)
        Replay.objects.filter(pk=place.pk).update(position=position, sent=all_sent)
    place.position, place.sent = position, all_sent
    return sent
