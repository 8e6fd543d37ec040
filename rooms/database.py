"""Database calls from the event loop: a few threads of our own, so that the loop never waits for a disk."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import connection, connections, transaction

THREADS = 4

P = ParamSpec("P")
T = TypeVar("T")

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="rooms-database")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in one of the threads; stale connections are dropped before and after."""
    call: Any = database_sync_to_async(function, thread_sensitive=False, executor=_pool)
    result: T = await call(*args, **kwargs)
    return result


def close_threads() -> None:
    """End the threads and close their connections first; the next call starts new ones."""
    global _pool
    everybody = Barrier(THREADS)
    for _ in range(THREADS):
        _pool.submit(_close_connections, everybody)
    _pool.shutdown(wait=True)
    _pool = ThreadPoolExecutor(THREADS, thread_name_prefix="rooms-database")


def _close_connections(everybody: Barrier) -> None:
    """Close this thread's. Each waits for all, so that no thread does it twice and none is left out."""
    everybody.wait(timeout=10)
    connections.close_all()


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads in it see the database as it was at the first of them; nothing may be written in it.

    Without it each query sees what was committed by then: rows that belong together may be from two moments.
    In a transaction that is there already, nothing is added.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _deferred():
            yield


@contextmanager
def _deferred() -> Iterator[None]:
    """A transaction that waits for no writer; `atomic` would take SQLite's write lock."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
