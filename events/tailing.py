"""Reading the log as `tail -f` reads a file: what is there, then what comes."""

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import Error, connection
from django.db.models import QuerySet

from events.models import Event
from events.reading import first_seq_since
from events.retrying import is_away

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
# A row may show up after one with a higher `seq`: its transaction took longer. So the last are read again.
OVERLAP = 1000
CHUNK = 500


class Wanted(NamedTuple):
    """Which events: any of `types` (all if there are none), by this actor, in this room."""

    types: Sequence[str] = ()
    actor: int | None = None
    room: UUID | None = None


def matching(wanted: Wanted) -> QuerySet[Event]:
    """Those events, by an index where there is one, oldest first."""
    events = Event.objects.order_by("seq")
    if wanted.types:
        events = events.filter(type__in=wanted.types)
        if "SHIP_HIT" not in wanted.types:
            events = events.exclude(type="SHIP_HIT")  # the condition of the index by type
    if wanted.actor is not None:
        events = events.filter(actor=wanted.actor)
    if wanted.room is not None:
        events = events.filter(room=wanted.room)
    return events


def since(wanted: Wanted, instant: datetime) -> Iterator[Event]:
    """What was recorded from `instant` on."""
    events = matching(wanted).filter(seq__gte=first_seq_since(instant), recorded_at__gte=instant)
    return events.iterator(chunk_size=CHUNK)


def last(wanted: Wanted, count: int) -> list[Event]:
    """The last ones, oldest first."""
    return list(reversed(matching(wanted).order_by("-seq")[:count]))


def follow(wanted: Wanted, *, after: int, seen: set[int]) -> Iterator[Event]:
    """What comes to the log after the row `after` was its last, for ever; `seen` was shown already.

    With the database away it looks again until it is back: who follows in an outage wants to see its end.
    """
    newest = after
    old = Event.objects.filter(seq__gt=after - OVERLAP, seq__lte=after).values_list("seq", flat=True)
    seen = seen | set(old)
    away = False
    while True:
        try:
            for event in matching(wanted).filter(seq__gt=newest - OVERLAP).iterator(chunk_size=CHUNK):
                if event.seq not in seen:
                    yield event
                seen.add(event.seq)
                newest = max(newest, event.seq)
            away = False
        except Error as error:
            if not is_away(error):
                raise
            if not away:
                logger.warning("The database is away, looking again: %s", str(error).strip())
            away = True
            connection.close()
        seen = {seq for seq in seen if seq > newest - 2 * OVERLAP}
        time.sleep(POLL_SECONDS)
