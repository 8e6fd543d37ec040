"""The storing transaction: log, scores, deliveries and outbox row change together or not at all.

Only rows that are new to the log change a score or owe a delivery, so a batch may come twice, late, split
or in any order.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import connection, transaction

from events import payloads
from events.boards import boards_for
from events.combining import Combiner
from events.dialects import DIALECTS, DeliveryRow, EventRow, ScoreRow
from events.judging import Believed, judge, players_in, read
from events.models import Outbox, RefusedEvent
from events.outbox import FIRST_PAUSE
from events.players import known_players
from events.refusing import refused_json, refused_row
from events.retrying import is_away, retry_conflicts
from events.scoring import game_of
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
    increments = _increments(new)
    totals = _add(increments, now) if increments else []
    return Stored(new=len(new), totals=totals, refused=len(refused), told=_promise(new, now))


def _insert(believed: Sequence[Believed], now: datetime) -> list[Believed]:
    """Insert what the log lacks; gives those. Everybody inserts in the same order, so nobody deadlocks."""
    by_id = {event.event_id: (event, points) for event, points in reversed(believed)}
    ordered = sorted(by_id.values(), key=lambda row: (row[0].occurred_at, row[0].event_id))
    rows = [
        EventRow(
            event_id=event.event_id.hex,
            type=event.type,
            actor=event.actor,
            room=event.room.hex if event.room else None,
            points=points,
            data=event.data,
            source=event.source,
            occurred_at=_timestamp(event.occurred_at),
        )
        for event, points in ordered
    ]
    with connection.cursor() as cursor:
        new = DIALECTS[connection.vendor].insert_events(cursor, rows, _timestamp(now))
    return [Believed(event, points) for event, points in ordered if event.event_id.hex in new]


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


def _increments(new: Iterable[Believed]) -> list[ScoreRow]:
    """What the new rows add, in the order of the key."""
    sums: dict[tuple[str, int], ScoreRow] = {}
    for event, points in new:
        if not points or event.actor is None:
            continue
        for board in boards_for(game_of(event.type), event.room, event.occurred_at):
            row = sums.setdefault((board, event.actor), ScoreRow(board, event.actor, 0, 0))
            row.points += points
            row.entries += 1
    return [sums[key] for key in sorted(sums)]


def _add(increments: Sequence[ScoreRow], now: datetime) -> list[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        statement = DIALECTS[connection.vendor].upsert_scores
        cursor.execute(statement, [_timestamp(now), _to_json(increments).decode()])
        return [(board, player, points) for board, player, points in cursor.fetchall()]


def _timestamp(instant: datetime) -> str:
    """A time as Django keeps it on SQLite; PostgreSQL's connection is in UTC and reads the same."""
    return str(instant.astimezone(UTC).replace(tzinfo=None))
