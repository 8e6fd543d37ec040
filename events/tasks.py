"""Celery's ways in. No rules here: each task parses, calls, and says what became of its outbox row."""

import logging
from uuid import UUID

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from events import outbox
from events.announcing import announce
from events.keeping import drain_spool
from events.retrying import is_away
from events.store import store_payload

logger = logging.getLogger(__name__)

WORKER_SEEN = "worker:seen"
SEEN_SECONDS = 60


@shared_task
def store_events(outbox_id: str, payload: str) -> None:
    """Store and score a batch. Whatever goes wrong, the outbox row stays and is sent again."""
    try:
        stored = store_payload(outbox_id=UUID(outbox_id), payload=payload, now=timezone.now())
    except Exception as error:
        if is_away(error):
            logger.warning("Batch %s waits for the database: %s", outbox_id, error)
            return
        logger.exception("Batch %s could not be stored.", outbox_id)
        outbox.failed(outbox_id, error)
    else:
        announce(stored.totals)


@shared_task
def relay() -> None:
    """Send again what is owed and due, and bring in what a dead process left in its spool."""
    drain_spool()
    outbox.relay()


@shared_task
def heartbeat() -> None:
    """Leave a sign that a worker works: the time, in seconds since 1970."""
    cache.set(WORKER_SEEN, timezone.now().timestamp(), timeout=SEEN_SECONDS)
