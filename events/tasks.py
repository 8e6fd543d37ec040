"""Celery's ways in. No rules here: each task parses, calls, and says what became of its outbox row."""

import logging
from collections.abc import Sequence
from uuid import UUID

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from events import outbox, retention
from events.announcing import announce
from events.courier import tell
from events.delivering import deliver as deliver_now
from events.keeping import drain_spool
from events.relaying import relay_deliveries
from events.retrying import is_away
from events.store import Stored, store_payload, store_payloads
from events.word import BadMessage, decode_ids

logger = logging.getLogger(__name__)

WORKER_SEEN = "worker:seen"
SEEN_SECONDS = 60
PRUNING_SECONDS = 45  # a run: it shares the worker with what is urgent


@shared_task
def store_events(outbox_id: str, payload: str) -> None:
    """Store and score a batch. Whatever goes wrong, the outbox row stays and is sent again."""
    try:
        text = outbox.payload_of(outbox_id, payload)
        if text is None:
            return
        stored = store_payload(outbox_id=UUID(outbox_id), payload=text, now=timezone.now())
    except Exception as error:
        if is_away(error):
            logger.warning("Batch %s waits for the database: %s", outbox_id, error)
            return
        logger.exception("Batch %s could not be stored.", outbox_id)
        outbox.failed(outbox_id, error)
    else:
        _say(stored)


@shared_task
def store_several(rows: Sequence[tuple[str, str]]) -> None:
    """Store the batches of several rows in one go; if that fails, each by itself."""
    try:
        known = [(row, outbox.payload_of(*row)) for row in rows]
        batches = [(UUID(row[0]), text) for row, text in known if text is not None]
        stored = store_payloads(batches, now=timezone.now())
    except Exception as error:
        if is_away(error):
            logger.warning("%d batches wait for the database: %s", len(rows), error)
            return
        for outbox_id, payload in rows:
            store_events(outbox_id, payload)
    else:
        _say(stored)


def _say(stored: Stored) -> None:
    announce(stored.totals)
    tell(stored.told)


@shared_task
def deliver(queue: str, body: str) -> None:
    """Run the handlers of a queue that are owed the events of `body`. What is not done stays due."""
    try:
        deliver_now(queue=queue, event_ids=decode_ids(body))
    except BadMessage as error:
        logger.warning("A message on %s is not ours: %s", queue, error)
    except Exception as error:
        if not is_away(error):
            raise
        logger.warning("Deliveries on %s wait for the database: %s", queue, error)


@shared_task
def relay() -> None:
    """Send again what is owed and due, and bring in what a dead process left in its spool."""
    drain_spool()
    outbox.relay()
    relay_deliveries()


@shared_task
def heartbeat() -> None:
    """Leave a sign that a worker works: the time, in seconds since 1970."""
    cache.set(WORKER_SEEN, timezone.now().timestamp(), timeout=SEEN_SECONDS)


@shared_task
def prune() -> None:
    """Remove what is too old. With a mountain of it, the next runs go on."""
    pruned = retention.prune(seconds=PRUNING_SECONDS)
    if any(pruned.values()):
        told = ", ".join(f"{count} {name}" for name, count in pruned.items() if count)
        logger.info("Pruned: %s.%s", told, " There is more." if pruned.unfinished else "")
