"""The storing transaction: log, scores, deliveries and outbox row change together or not at all.

Only rows that are new to the log change a score or owe a delivery, so a batch may come twice, late, split
or in any order.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import connection, transaction

from events import payloads
from events.combining import Combiner
from events.contracts import Incoming
from events.dialects import DIALECTS, DeliveryRow, EventRow, ScoreRow
from events.increments import increments_of
from events.judging import Believed, judge, players_in, read
from events.models import Outbox, RefusedEvent
from events.outbox import FIRST_PAUSE
from events.players import known_players
from events.refusing import refused_json, refused_row
from events.retrying import is_away, retry_conflicts
from events.subscribing import registry
from events.transports.base import Told

_to_json = msgspec.json.Encoder().encode


class Stored(NamedTuple):
    """What a batch did: how many rows were new to the log, the new totals (board, player, points), and which
    queues are to be told of what.
    """

    new: int
    totals: list[tuple[str, int, int]]
    refused: int
    told: list[Told]


class Batch(NamedTuple):
    """Payloads that were read and judged: what is to be written, and whose outbox rows are done then."""

    outbox_ids: Sequence[UUID]
    believed: Sequence[Believed]
    refused: Sequence[RefusedEvent]
    now: datetime


def store_payload(*, outbox_id: UUID | None, payload: str, now: datetime) -> Stored:
    """Store what is believed in `payload`, keep what is refused, and delete the outbox row.

    Batches of other threads that come meanwhile share a transaction. Then what it did is told to one of them.
    """
    return _combiner.do(read_batch(outbox_id=outbox_id, payload=payload, now=now))


def store_payloads(rows: Sequence[tuple[UUID, str]], *, now: datetime) -> Stored:
    """Store the payloads of several outbox rows, all or none of them."""
    batches = [read_batch(outbox_id=outbox_id, payload=payload, now=now) for outbox_id, payload in rows]
    return _combiner.do(
        Batch(
            [outbox_id for outbox_id, _ in rows],
            [event for batch in batches for event in batch.believed],
            [event for batch in batches for event in batch.refused],
            now,
        )
    )


def read_batch(*, outbox_id: UUID | None, payload: str, now: datetime) -> Batch:
    """Read and judge a payload; writes nothing."""
    believed, refused = _sift(payload, now)
    return Batch([outbox_id] if outbox_id else [], believed, refused, now)


def store_batches(batches: Sequence[Batch]) -> list[Stored]:
    """Write batches in one transaction. The first result says what all of them did."""
    now = max(batch.now for batch in batches)
    believed = [event for batch in batches for event in batch.believed]
    refused = [event for batch in batches for event in batch.refused]
    owed = [outbox_id for batch in batches for outbox_id in batch.outbox_ids]

    def commit() -> Stored:
        with transaction.atomic():
            stored = _store(believed, refused, now)
            if owed:
                Outbox.objects.filter(pk__in=owed).delete()
            return stored

    return [retry_conflicts(commit), *[Stored(0, [], 0, [])] * (len(batches) - 1)]


MOST_AT_ONCE = 16  # batches in a transaction
_combiner = Combiner(store_batches, most=MOST_AT_ONCE, nobodys_fault=is_away)


def _sift(payload: str, now: datetime) -> tuple[list[Believed], list[RefusedEvent]]:
    try:
        incoming, misshapen = payloads.decode(payload)
    except payloads.Unreadable as error:
        return [], [refused_json(payload.encode(errors="replace"), f"Unreadable: {error}", now)]
    readable, unreadable = read(incoming)
    players = known_players(players_in(readable))
    believed, objections = judge(readable, players=players, now=now)
    refused = [refused_json(row, reason, now) for row, reason in misshapen]
    refused += [refused_row(refusal, now) for refusal in (*unreadable, *objections)]
    return believed, refused


def _store(believed: Sequence[Believed], refused: Sequence[RefusedEvent], now: datetime) -> Stored:
    if refused:
        RefusedEvent.objects.bulk_create(refused, ignore_conflicts=True)
    new = _insert(believed, now) if believed else []
    increments = increments_of(new)
    totals = _add(increments, now) if increments else []
    return Stored(new=len(new), totals=totals, refused=len(refused), told=_promise(new, now))


def _insert(believed: Sequence[Believed], now: datetime) -> list[Believed]:
    """Insert what the log lacks; gives those. Everybody inserts in the same order, so nobody deadlocks."""
    by_id = {event.event.event_id.hex: event for event in reversed(believed)}
    rows = sorted((_row(event_id, *event) for event_id, event in by_id.items()), key=_PLACE)
    with connection.cursor() as cursor:
        new = DIALECTS[connection.vendor].insert_events(cursor, rows, _timestamp(now))
    return [by_id[row.event_id] for row in rows if row.event_id in new]


_PLACE = attrgetter("occurred_at", "event_id")  # texts: an id compares itself in Python, a text does not


def _row(event_id: str, event: Incoming, points: int) -> EventRow:
    return EventRow(
        event_id=event_id,
        type=event.type,
        actor=event.actor,
        room=event.room.hex if event.room else None,
        points=points,
        data=event.data,
        source=event.source,
        occurred_at=_timestamp(event.occurred_at),
    )


def _promise(new: Sequence[Believed], now: datetime) -> list[Told]:
    """Owe each handler what it subscribed to. Types that nobody listens to, such as hits, cost nothing."""
    heard = {type for type in {event.type for event, _ in new} if registry.of_type(type)}
    told = [event for event, _ in new if event.type in heard] if heard else []
    rows = [
        DeliveryRow(event.event_id.hex, handler.name, handler.queue)
        for event in told
        for handler in registry.of_type(event.type)
    ]
    if rows:
        times = [_timestamp(now), _timestamp(now + FIRST_PAUSE)]
        with connection.cursor() as cursor:
            statement = DIALECTS[connection.vendor].insert_deliveries
            cursor.execute(statement, [*times, _to_json(rows).decode()])
    return [Told(event.event_id, event.type, _queues(event.type)) for event in told]


def _queues(type: str) -> frozenset[str]:
    return frozenset(handler.queue for handler in registry.of_type(type))


def _add(increments: Sequence[ScoreRow], now: datetime) -> list[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        statement = DIALECTS[connection.vendor].upsert_scores
        cursor.execute(statement, [_timestamp(now), _to_json(increments).decode()])
        return [(board, player, points) for board, player, points in cursor.fetchall()]


@lru_cache(maxsize=256)  # the hits of a tick have one time
def _timestamp(instant: datetime) -> str:
    """A time as Django keeps it on SQLite; PostgreSQL's connection is in UTC and reads the same."""
    return instant.astimezone(UTC).isoformat(" ").removesuffix("+00:00")
