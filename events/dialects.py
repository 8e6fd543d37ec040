"""The few statements of the scoring transaction, for each database. Rows come as one JSON list.

One statement for any number of rows, one parameter for all of them: no ORM object and no parsing of long SQL
on the way. Values are those that Django writes: on SQLite a UUID is 32 hex digits and a time is text in UTC.
"""

from typing import NamedTuple

_EVENT_COLUMNS = "event_id, type, actor, room, points, data, source, occurred_at"
_SCORE_COLUMNS = "board, player, points, entries"

# "WHERE true" tells SQLite that ON CONFLICT is not a join's condition.
_INSERT_EVENTS = (
    f"INSERT INTO events_event ({_EVENT_COLUMNS}, recorded_at) SELECT {{columns}}, %s FROM {{rows}} "
    "WHERE true ON CONFLICT (event_id) DO NOTHING RETURNING event_id"
)
_UPSERT_SCORES = (
    f"INSERT INTO events_score ({_SCORE_COLUMNS}, updated_at) SELECT {{columns}}, %s FROM {{rows}} "
    "WHERE true ON CONFLICT (board, player) DO UPDATE SET points = events_score.points + excluded.points, "
    "entries = events_score.entries + excluded.entries, updated_at = excluded.updated_at "
    "RETURNING board, player, points"
)


class Dialect(NamedTuple):
    """Parameters of both inserts: the time, the rows as JSON."""

    insert_events: str
    upsert_scores: str


def _sqlite(statement: str, columns: str) -> str:
    fields = ", ".join(f"json_extract(value, '$.{name}')" for name in columns.split(", "))
    return statement.format(columns=fields, rows="json_each(%s)")


def _postgres(statement: str, columns: str, types: str) -> str:
    return statement.format(columns=columns, rows=f"json_to_recordset(%s::json) AS row({types})")


DIALECTS = {
    "sqlite": Dialect(
        insert_events=_sqlite(_INSERT_EVENTS, _EVENT_COLUMNS),
        upsert_scores=_sqlite(_UPSERT_SCORES, _SCORE_COLUMNS),
    ),
    "postgresql": Dialect(
        insert_events=_postgres(
            _INSERT_EVENTS,
            _EVENT_COLUMNS,
            "event_id uuid, type text, actor bigint, room uuid, points int, data jsonb, source text, "
            "occurred_at timestamptz",
        ),
        upsert_scores=_postgres(
            _UPSERT_SCORES, _SCORE_COLUMNS, "board text, player bigint, points bigint, entries bigint"
        ),
    ),
}
