"""Waiting for the database's return: while it is away, what is fetched could only fail."""

import logging
import threading

from django.db import Error, connection

logger = logging.getLogger(__name__)

FIRST_PAUSE = 0.5  # seconds between two looks; doubles
LONGEST_PAUSE = 15.0


class Weather:
    """One word in the log when the database goes, one when it is back."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._away = threading.Event()
        self._looking = threading.Lock()

    def database_failed(self, error: BaseException) -> None:
        """Somebody could not work because of it."""
        if not self._away.is_set():
            logger.warning("The database is away; nothing is fetched until it is back: %s", error)
        self._away.set()

    def wait_for_database(self) -> None:
        """Return when it answers, or when we stop. At once if nobody missed it."""
        if not self._away.is_set():
            return
        pause = FIRST_PAUSE
        with self._looking:
            while self._away.is_set() and not self._answers() and not self._stopping.wait(pause):
                pause = min(pause * 2, LONGEST_PAUSE)

    def _answers(self) -> bool:
        try:
            ask()
        except Error:
            return False
        logger.info("The database is back.")
        self._away.clear()
        return True


def ask() -> None:
    """Raises if the database does not answer. On a connection of its own: the old one is dead."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()
