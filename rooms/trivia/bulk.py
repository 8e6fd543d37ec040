"""Many rows, each with values of its own, in one UPDATE. Django's own has a CASE for each row and column."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection, models

_to_json = msgspec.json.Encoder().encode


def update_rows(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, match: Sequence[str], set: Sequence[str]
) -> int:
    """Set the columns `set` of the rows whose columns `match` have these values; how many there were.

    A column that is matched and set (a counter) has its old value under `was_<name>`. UUIDs as 32 hex digits.
    """
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, model, tuple(match), tuple(set)), [_json(rows)])
        return int(cursor.rowcount)


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return _to_json(rows).decode()


@lru_cache(maxsize=32)
def _statement(vendor: str, model: type[models.Model], match: tuple[str, ...], set: tuple[str, ...]) -> str:
    keys = {column: f"was_{column}" if column in set else column for column in match}
    types = {column: _type(model, column) for column in (*match, *set)}
    columns = {keys.get(column, column): types[column] for column in match} | {
        column: types[column] for column in set
    }
    if vendor == "sqlite":
        fields = ", ".join(f"json_extract(value, '$.{name}') AS \"{name}\"" for name in columns)
        source = f"(SELECT {fields} FROM json_each(%s)) AS given"
    else:
        fields = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        source = f"json_to_recordset(%s::json) AS given({fields})"
    table = model._meta.db_table
    assignments = ", ".join(f'"{column}" = given."{column}"' for column in set)
    condition = " AND ".join(f'{table}."{column}" = given."{name}"' for column, name in keys.items())
    return f"UPDATE {table} SET {assignments} FROM {source} WHERE {condition}"


def _type(model: type[models.Model], column: str) -> str:
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))
