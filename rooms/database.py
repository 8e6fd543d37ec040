"""Database calls from the event loop: a few threads of our own, so that the loop never waits for a disk."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import connections

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
