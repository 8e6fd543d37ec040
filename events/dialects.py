"""The few statements of the scoring transaction, for each database: the same number for any size of batch.

No ORM object on the way. Values are those that Django writes: on SQLite a UUID is 32 hex digits and a time is
text in UTC.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
from django.db.backends.utils import CursorWrapper


class EventRow(msgspec.Struct, gc=False):
    """A row of the log, without when it was recorded. `event_id` and `room` are 32 hex digits."""

    event_id: str
    type: str
    actor: int | None
    room: str | None
    points: int
    data: msgspec.Raw
    source: str
    occurred_at: str


class ScoreRow(msgspec.Struct, gc=False):
    """What a batch adds to one player's total on one board."""

    board: str
    player: int
    points: int
    entries: int


class DeliveryRow(msgspec.Struct, gc=False):
    """What a handler is owed. `event_id` is 32 hex digits."""

    event_id: str
    handler: str
    queue: str


class Dialect(NamedTuple):
    """`insert_events` gives the ids that were new. The others take times and then the rows as JSON:
    `upsert_scores` when it is, `insert_deliveries` that and when the relay is to look after them.
    """

    insert_events: Callable[[CursorWrapper, Sequence[EventRow], str], set[str]]
    upsert_scores: str
    insert_deliveries: str


_EVENT_COLUMNS = ", ".join(EventRow.__struct_fields__)
_SCORE_COLUMNS = ", ".join(ScoreRow.__struct_fields__)

# "WHERE true" tells SQLite that ON CONFLICT is not a join's condition.
_UPSERT_SCORES = (
    f"INSERT INTO events_score ({_SCORE_COLUMNS}, updated_at) SELECT {{columns}}, %s FROM {{rows}} "
    "WHERE true ON CONFLICT (board, player) DO UPDATE SET points = events_score.points + excluded.points, "
    "entries = events_score.entries + excluded.entries, updated_at = excluded.updated_at "
    "RETURNING board, player, points"
)

_DELIVERY_COLUMNS = ", ".join(DeliveryRow.__struct_fields__)
_INSERT_DELIVERIES = (
    f"INSERT INTO events_delivery ({_DELIVERY_COLUMNS}, created_at, due_at, sends, attempts, error) "
    "SELECT {columns}, %s, %s, 0, 0, '' FROM {rows} WHERE true ON CONFLICT (event_id, handler) DO NOTHING"
)

_to_json = msgspec.json.Encoder().encode


# --- SQLite ---------------------------------------------------------------------------------------

_KNOWN = "SELECT event_id FROM events_event WHERE event_id IN (SELECT value FROM json_each(%s))"
_INSERT_EVENT = (
    f"INSERT INTO events_event ({_EVENT_COLUMNS}, recorded_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_SCORE_FIELDS = ", ".join(f"json_extract(value, '$.{name}')" for name in ScoreRow.__struct_fields__)
_DELIVERY_FIELDS = ", ".join(f"json_extract(value, '$.{name}')" for name in DeliveryRow.__struct_fields__)


def _insert_events_on_sqlite(cursor: CursorWrapper, rows: Sequence[EventRow], now: str) -> set[str]:
    """Look up what is there, then one prepared insert for the rest: a fifth cheaper than rows as JSON.

    Nobody writes in between: on SQLite a transaction holds the one write lock from its BEGIN IMMEDIATE.
    """
    cursor.execute(_KNOWN, [_to_json([row.event_id for row in rows]).decode()])
    known = {event_id for (event_id,) in cursor.fetchall()}
    fresh = [row for row in rows if row.event_id not in known]
    cursor.executemany(_INSERT_EVENT, [_values(row, now) for row in fresh])
    return {row.event_id for row in fresh}


def _values(row: EventRow, now: str) -> tuple[str | int | None, ...]:
    data = bytes(row.data).decode()
    return row.event_id, row.type, row.actor, row.room, row.points, data, row.source, row.occurred_at, now


# --- PostgreSQL -----------------------------------------------------------------------------------

_EVENT_TYPES = (
    "event_id uuid, type text, actor bigint, room uuid, points int, data jsonb, source text, "
    "occurred_at timestamptz"
)
_DELIVERY_TYPES = "event_id uuid, handler text, queue text"
_SCORE_TYPES = "board text, player bigint, points bigint, entries bigint"
_INSERT_EVENTS = (
    f"INSERT INTO events_event ({_EVENT_COLUMNS}, recorded_at) SELECT {_EVENT_COLUMNS}, %s "
    f"FROM json_to_recordset(%s::json) AS row({_EVENT_TYPES}) "
    "ON CONFLICT (event_id) DO NOTHING RETURNING event_id"
)


def _insert_events_on_postgresql(cursor: CursorWrapper, rows: Sequence[EventRow], now: str) -> set[str]:
    """One statement with one parameter for all rows; others may insert the same meanwhile."""
    cursor.execute(_INSERT_EVENTS, [now, _to_json(rows).decode()])
    return {event_id.hex for (event_id,) in cursor.fetchall()}


DIALECTS = {
    "sqlite": Dialect(
        insert_events=_insert_events_on_sqlite,
        upsert_scores=_UPSERT_SCORES.format(columns=_SCORE_FIELDS, rows="json_each(%s)"),
        insert_deliveries=_INSERT_DELIVERIES.format(columns=_DELIVERY_FIELDS, rows="json_each(%s)"),
    ),
    "postgresql": Dialect(
        insert_events=_insert_events_on_postgresql,
        upsert_scores=_UPSERT_SCORES.format(
            columns=_SCORE_COLUMNS, rows=f"json_to_recordset(%s::json) AS row({_SCORE_TYPES})"
        ),
        insert_deliveries=_INSERT_DELIVERIES.format(
            columns=_DELIVERY_COLUMNS, rows=f"json_to_recordset(%s::json) AS row({_DELIVERY_TYPES})"
        ),
    ),
}
