"""Database calls from the event loop: a few threads of our own, so that the loop never waits for a disk."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async

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
    """End the threads and with them their connections; the next call starts new ones."""
    global _pool
    _pool.shutdown(wait=True)
    _pool = ThreadPoolExecutor(THREADS, thread_name_prefix="rooms-database")
