"""Several queries whose answers are of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads in it see the database as it was at the first of them; nothing may be written in it.

    Without it each query sees what was committed by then: rows that belong together may be from two moments.
    In a transaction, or a snapshot, that is there already, nothing is added.
    """
    if connection.in_atomic_block or _in_deferred():
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _deferred():
            yield


def _in_deferred() -> bool:
    """Whether `_deferred` has begun already."""
    return (
        connection.vendor == "sqlite"
        and connection.connection is not None
        and connection.connection.in_transaction
    )


@contextmanager
def _deferred() -> Iterator[None]:
    """A transaction that waits for no writer; `atomic` would take SQLite's write lock."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
