"""What others do in the middle of a piece of work, at a moment that a test chooses."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model


@contextmanager
def meanwhile(call: Callable[[], Any], *, before: type[Model]) -> Iterator[list[Any]]:
    """`call` on another connection before the first statement about the model; its result is in the list."""
    done: list[Any] = []

    def wrapper(execute: Any, sql: str, *context: Any) -> Any:
        if not done and before._meta.db_table in sql:
            with ThreadPoolExecutor(1) as thread:
                done.append(thread.submit(_alone, call).result())
        return execute(sql, *context)

    with connection.execute_wrapper(wrapper):
        yield done


def _alone(call: Callable[[], Any]) -> Any:
    try:
        return call()
    finally:
        connection.close()
