"""Making batches of events durable: rows of the outbox, or with the database away, of the spool.

Used by one thread only, which has a database connection of its own with short timeouts: a game must not
wait for as long as a page may.
"""

import logging
import time
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection, connections, transaction
from django.utils import timezone

from events.outbox import FIRST_PAUSE
from events.queues import STORE_QUEUE, STORE_TASK
from events.sender import message_for, sender
from events.spool import Row, SpoolFile, drain_abandoned

logger = logging.getLogger(__name__)

PROBE_SECONDS = 1.0  # between two looks whether the database is back
RETRY_SECONDS = 0.5  # between two tries when neither database nor disk takes a row
SHORT_TIMEOUTS: dict[str, dict[str, Any]] = {
    "sqlite": {"timeout": 2},
    "postgresql": {
        "connect_timeout": 2,
        "tcp_user_timeout": 3000,
        "options": "-c statement_timeout=3000 -c lock_timeout=2000",
    },
}

# The ORM's way costs twice as much, twenty times a second while people shoot. One row is its own transaction.
_INSERT = (
    "INSERT INTO events_outbox (id, task, queue, payload, created_at, due_at, sends, failures, error) "
    "VALUES (%s, %s, %s, %s, %s, %s, 0, 0, '') ON CONFLICT (id) DO NOTHING"
)


class Keeper:
    """Keeps rows safe, whatever is away."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.spooled = 0  # rows in this process's spool
        self._spool = SpoolFile(directory)
        self._probe_at = 0.0
        self._adopted = False

    @property
    def wants_to_probe(self) -> bool:
        """Whether something waits for the database's return."""
        return self.spooled > 0 or not self._adopted

    def keep(self, rows: Sequence[Row]) -> None:
        """Return once the rows are committed or synced; never fails, and with all disks full never ends."""
        while not (self._commit(rows) or self._write(rows)):
            time.sleep(RETRY_SECONDS)

    def tend(self) -> None:
        """Drain what lies in the spool, our own and what dead processes left, if the database is there."""
        if not self.wants_to_probe or time.monotonic() < self._probe_at:
            return
        try:
            if self._spool.drain(insert_rows):
                logger.info("The database is back: %d batches came from the spool.", self.spooled)
            self.spooled = 0
            drain_spool(self.directory)
            self._adopted = True
        except (Error, OSError) as error:
            self._database_failed(error)

    def close(self) -> None:
        """Let go of file and connection."""
        self._spool.close()
        connection.close()

    def _commit(self, rows: Sequence[Row]) -> bool:
        if time.monotonic() < self._probe_at:
            return False
        try:
            insert_rows(rows)
        except Error as error:
            self._database_failed(error)
            return False
        return True

    def _write(self, rows: Sequence[Row]) -> bool:
        try:
            self._spool.append(rows)
        except OSError as error:
            logger.critical("Neither the database nor the disk takes hits; they wait in memory: %s", error)
            return False
        self.spooled += len(rows)
        return True

    def _database_failed(self, error: BaseException) -> None:
        self._probe_at = time.monotonic() + PROBE_SECONDS
        connection.close()
        if not self.spooled:
            logger.warning("The database is away; hits go to the spool: %s", str(error).strip())


def use_short_timeouts() -> None:
    """Give this thread a database connection of its own that does not wait for long."""
    own = connections["default"].copy()
    options = own.settings_dict.setdefault("OPTIONS", {})
    options.pop("pool", None)
    options.update(SHORT_TIMEOUTS[own.vendor])
    own.settings_dict["CONN_MAX_AGE"] = None
    connections["default"] = own


def insert_rows(rows: Sequence[Row]) -> None:
    """Put batches into the outbox in one transaction, those already there excepted, and tell the broker."""
    with transaction.atomic() if len(rows) > 1 else nullcontext(), connection.cursor() as cursor:
        for row in rows:
            cursor.execute(_INSERT, _values(row, timezone.now()))
    for row in rows:
        sender.send(
            message_for(task=STORE_TASK, queue=STORE_QUEUE, outbox_id=row.outbox_id, payload=row.payload)
        )


def drain_spool(directory: Path | None = None) -> int:
    """Bring what dead processes left in their spools into the outbox; gives the number of batches."""
    count = drain_abandoned(directory or settings.SPOOL_DIR, insert_rows)
    if count:
        logger.info("%d batches came from the spools of processes that ended.", count)
    return count


def _values(row: Row, now: datetime) -> tuple[str | None, ...]:
    as_time = connection.ops.adapt_datetimefield_value
    return row.outbox_id.hex, STORE_TASK, STORE_QUEUE, row.payload, as_time(now), as_time(now + FIRST_PAUSE)
