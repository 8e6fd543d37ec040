"""Which database errors pass, and trying again when two transactions got in each other's way."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError

T = TypeVar("T")

ATTEMPTS = 6
FIRST_PAUSE = 0.01  # seconds; doubles
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"


def is_conflict(error: BaseException) -> bool:
    """Whether another transaction was in the way (a deadlock, SQLite's busy), so that a retry may succeed."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in (SERIALIZATION_FAILURE, DEADLOCK) or (
        isinstance(error, OperationalError) and "locked" in str(error)
    )


def is_away(error: BaseException) -> bool:
    """Whether the database could not be reached or did not answer: nothing is wrong with what was asked."""
    return isinstance(error, OperationalError | InterfaceError)


def retry_conflicts(transaction: Callable[[], T]) -> T:
    """Run a whole transaction, again a few times if others were in its way."""
    for attempt in range(ATTEMPTS):
        try:
            return transaction()
        except DatabaseError as error:
            if attempt == ATTEMPTS - 1 or not is_conflict(error):
                raise
            time.sleep(FIRST_PAUSE * 2**attempt * (0.5 + random.random()))
    raise AssertionError("unreachable")
