"""Running handlers: each (event, handler) once, in a transaction that also says so on its delivery's row.

What a message names is looked up: deliveries that are pending on this queue, and their events in the log. If
there are any, the oldest that wait on the queue are run, whatever the message named: under load one message
does the work of many, and the others find nothing to do. A delivery that somebody has in hand is left alone.

Many deliveries share a transaction as long as all goes well, for at most 50 ms. If one of them fails, all
of it is rolled back and each gets a transaction of its own, so that nobody suffers from another's fault. What
fails then is tried twice more after short pauses, and then rests as a row that is due later; after
`MAX_ATTEMPTS` rounds it is a dead letter, and a `TASK_WORKER_FAILED` is published in the same transaction.

A handler that takes its whole worker down raises nothing. So a delivery that failed before, or that the relay
had to send again and again, is counted before it is run, and runs alone.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from events import failures, reading
from events.models import Delivery
from events.outbox import enqueue
from events.queues import STORE_QUEUE, STORE_TASK
from events.retrying import retry_conflicts
from events.subscribing import Handler, registry

logger = logging.getLogger(__name__)

TOGETHER = 50  # deliveries in a transaction
TOGETHER_SECONDS = 0.05  # after which it is committed with what was run by then
SHORT_PAUSES = (0.05, 0.25)  # seconds that a worker waits before it tries what failed again
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 1800, 7200, 21_600))
MAX_ATTEMPTS = len(PAUSES) + 1
SUSPECT_SENDS = 4  # times that the relay sent word of a delivery: perhaps it kills its worker


class NoSuchHandler(LookupError):
    """The row names a handler that the code does not have: renamed, removed, or not yet deployed here."""


class Tally(NamedTuple):
    """What became of a message: deliveries done, and deliveries that failed."""

    done: int
    failed: int


def deliver(*, queue: str, event_ids: Sequence[UUID]) -> Tally:
    """Run the handlers of `queue` that are owed these events. Raises only what the database raises."""
    named = Delivery.objects.filter(queue=queue, event__event_id__in=event_ids, done_at=None, failed_at=None)
    pending = list(named.select_related("event").order_by("event__seq", "handler"))
    suspects = [delivery for delivery in pending if _is_suspect(delivery)]
    done, failed = _run_fresh(queue, len(pending) - len(suspects))
    for pause in SHORT_PAUSES:
        if failed:
            time.sleep(pause)
            done_now, failed = _run_each(delivery for delivery, _ in failed)
            done += done_now
    done_late, failed_late = _run_each(delivery for delivery in suspects if _begin(delivery))
    for delivery, error in [*failed, *failed_late]:
        _note_failure(delivery, error)
    return Tally(done + done_late, len(failed) + len(failed_late))


Failed = list[tuple[Delivery, Exception]]


def _is_suspect(delivery: Delivery) -> bool:
    return delivery.sends >= SUSPECT_SENDS or delivery.attempts > 0


def _run_fresh(queue: str, count: int) -> tuple[int, Failed]:
    """Run the oldest that wait on the queue, at least `count` of them if there are so many.

    Whoever took deliveries up runs them, over several transactions if the time of one is over.
    """
    done, failed, most = 0, Failed(), TOGETHER
    while count > 0:
        chunk, failed_here = list[Delivery](), Failed()
        try:
            without = [delivery.pk for delivery, _ in failed]
            ran = retry_conflicts(
                lambda chunk=chunk, without=without, most=most: _run_oldest(  # type: ignore[misc]
                    queue, chunk, without, most
                )
            )
        except Exception:
            # Whose fault it was shows when each is run alone.
            ran, failed_here = _run_each(chunk)
            failed += failed_here
        done += ran
        # Messages of what was locked here and not run were opened meanwhile, and found it in our hands.
        ended = ran + len(failed_here)
        count = max(count, len(chunk)) - ended
        most = min(count, TOGETHER)
        if not chunk:
            break
    return done, failed


def _run_oldest(queue: str, chunk: list[Delivery], without: Sequence[int], most: int) -> int:
    """Fill `chunk` with what nobody has in hand and run it, in one transaction; gives how many were run."""
    chunk.clear()
    with transaction.atomic():
        fresh = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
        fresh = fresh.filter(queue=queue, attempts=0, sends__lt=SUSPECT_SENDS, done_at=None, failed_at=None)
        fresh = fresh.exclude(pk__in=without)
        chunk += sorted(fresh.order_by("due_at")[:most], key=lambda row: (row.event.seq, row.handler))
        return _run(chunk)


def _run_each(deliveries: Iterable[Delivery]) -> tuple[int, Failed]:
    done, failed = 0, Failed()
    for delivery in deliveries:
        try:
            done += retry_conflicts(lambda delivery=delivery: _run_alone(delivery))  # type: ignore[misc]
        except Exception as error:
            failed.append((delivery, error))
    return done, failed


def _run_alone(delivery: Delivery) -> int:
    with transaction.atomic():
        return _run([delivery]) if _lock([delivery]) else 0


def _run(locked: Sequence[Delivery]) -> int:
    """Run handlers until the time is over, at least one, and note that they are done; gives how many."""
    until = time.monotonic() + TOGETHER_SECONDS
    ran: list[int] = []
    for delivery in locked:
        if ran and time.monotonic() >= until:
            break
        _handler_of(delivery).function(reading.occurred(delivery.event))
        ran.append(delivery.pk)
    if ran:
        Delivery.objects.filter(pk__in=ran).update(done_at=timezone.now(), error="")
    return len(ran)


def _lock(deliveries: Sequence[Delivery]) -> set[int]:
    """Those that are pending still and in nobody else's hands."""
    rows = Delivery.objects.select_for_update(skip_locked=True)
    rows = rows.filter(pk__in=[delivery.pk for delivery in deliveries], done_at=None, failed_at=None)
    return set(rows.values_list("pk", flat=True))


def _handler_of(delivery: Delivery) -> Handler:
    handler = registry.named(delivery.handler)
    if handler is None:
        raise NoSuchHandler(
            f"No handler is called {delivery.handler}: it was renamed or removed, or this worker is older "
            "than its row. Give it back its name with name=, then send this again."
        )
    return handler


def _begin(delivery: Delivery) -> bool:
    """Count the attempt before it is made; False if somebody else has it, or it has had its chances."""
    if delivery.attempts >= MAX_ATTEMPTS:
        _note_failure(delivery, "It was begun and never ended: its worker died, each time.")
        return False
    with transaction.atomic():
        if not _lock([delivery]):
            return False
        Delivery.objects.filter(pk=delivery.pk).update(attempts=delivery.attempts + 1)
    return True


def _note_failure(delivery: Delivery, error: str | Exception) -> None:
    """Again later, or never."""
    now, text = timezone.now(), failures.describe(error)
    attempts = min(delivery.attempts + 1, MAX_ATTEMPTS)
    dead = attempts >= MAX_ATTEMPTS
    logger.warning("%s failed for the %d. time: %s", delivery, attempts, text)
    with transaction.atomic():
        # "lte": it was counted already if it was begun alone.
        pending = Delivery.objects.filter(
            pk=delivery.pk, attempts__lte=attempts, done_at=None, failed_at=None
        )
        changed = pending.update(
            attempts=attempts,
            error=text,
            due_at=now + PAUSES[min(attempts, len(PAUSES)) - 1],
            failed_at=now if dead else None,
        )
        if changed and dead:
            logger.error("Given up: %s is a dead letter now. %s", delivery, text)
            _tell_of_death(delivery, text, attempts)


def _tell_of_death(delivery: Delivery, error: str, attempts: int) -> None:
    """Once, and not of the death of a handler of deaths."""
    if delivery.event.type == failures.TYPE:
        return
    data = failures.of_handler(
        handler=delivery.handler,
        queue=delivery.queue,
        event_id=delivery.event_id,
        event_type=delivery.event.type,
        error=error,
        attempts=attempts,
    )
    enqueue(task=STORE_TASK, queue=STORE_QUEUE, payload=failures.as_payload(data))
