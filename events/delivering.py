"""Running handlers: each (event, handler) once, in a transaction that also says so on its delivery's row.

What a message names is looked up: deliveries that are pending on this queue, and their events in the log. If
there are any, the oldest that wait on the queue are run, whatever the message named: under load one message
does the work of many, and the others find nothing to do. A delivery that somebody has in hand is left alone.

Many deliveries share a transaction as long as all goes well, for at most 50 ms. If one of them fails, all
of it is rolled back and each gets a transaction of its own, so that nobody suffers from another's fault. What
fails then is tried twice more after short pauses, and then rests as a row that is due later: `giving_up.py`.

Slow handlers run side by side: no more is taken up than the first one's time lets hope for, and whoever was
at it for a while tells the others of what is left (`sharing.py`).

A handler that takes its whole worker down raises nothing. So what the relay sent again and again is counted
before it is run, many at once: mostly nobody took their queue. If a worker dies of them, or if one failed
before, each is counted and run alone.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from events import reading
from events.claiming import lock, take_up
from events.giving_up import note_failure
from events.models import Delivery
from events.retrying import retry_conflicts
from events.sharing import share
from events.subscribing import Handler, registry
from events.suspects import SUSPECT_SENDS, begin, with_others
from events.watching import TookTooLong, watched

TOGETHER = 50  # deliveries in a transaction
TOGETHER_SECONDS = 0.05  # after which it is committed with what was run by then
ALONE_SECONDS = 0.5  # after which the others are told of what is left of a message
SHORT_PAUSES = (0.05, 0.25)  # seconds that a worker waits before it tries what failed again


class NoSuchHandler(LookupError):
    """The row names a handler that the code does not have: renamed, removed, or not yet deployed here."""


class Tally(NamedTuple):
    """What became of a message: deliveries done, and deliveries that failed."""

    done: int
    failed: int


def deliver(*, queue: str, event_ids: Sequence[UUID]) -> Tally:
    """Run the handlers of `queue` that are owed these events. Raises only what the database raises."""
    named = Delivery.objects.filter(queue=queue, event__event_id__in=event_ids, done_at=None, failed_at=None)
    pending = list(named.select_related("event").order_by("attempts", "event__seq", "handler"))
    begun = [delivery for delivery in pending if delivery.attempts]
    in_vain = [delivery for delivery in pending if not delivery.attempts and delivery.sends >= SUSPECT_SENDS]
    fresh = [delivery for delivery in pending if not delivery.attempts and delivery.sends < SUSPECT_SENDS]
    until = time.monotonic() + ALONE_SECONDS
    done, failed = _run_fresh(queue, fresh, until)
    for pause in SHORT_PAUSES:
        if again := [delivery for delivery, error in failed if not isinstance(error, TookTooLong)]:
            time.sleep(pause)
            done_now, failed_now = _run_each(again)
            done += done_now
            failed = [*(one for one in failed if isinstance(one[1], TookTooLong)), *failed_now]
    suspects = [*_batches(with_others(queue, in_vain, most=TOGETHER), TOGETHER), *_batches(begun, 1)]
    while suspects:
        done_late, failed_late = _run_together(queue, begin(suspects.pop(0)), until)
        done += done_late
        failed += failed_late
        if share(queue, [*chain(*suspects)], until=until):
            break
    for delivery, error in failed:
        note_failure(delivery, error)
    return Tally(done, len(failed))


Failed = list[tuple[Delivery, Exception]]


def _run_fresh(queue: str, named: Sequence[Delivery], until: float) -> tuple[int, Failed]:
    """Run the oldest that wait on the queue, at least as many as were named if there are so many.

    Messages of what is taken up here find it in our hands and leave it to us. So all of it is run, over
    several transactions if the time of one is over, or if others were in its way; or they are told again.
    """
    done, failed, count, most = 0, Failed(), len(named), TOGETHER
    while count > 0:
        taken = list[Delivery]()
        without = [delivery.pk for delivery, _ in failed]
        try:
            ran, rest = retry_conflicts(partial(_run_oldest, queue, taken, without, most))
        except Exception:
            # Whose fault it was shows when each is run alone.
            ran, failed_here = _run_each(taken)
        else:
            ran_later, failed_here = _run_together(queue, rest, until)
            ran += ran_later
        done += ran
        failed += failed_here
        count -= len(taken)
        most = min(count, TOGETHER)
        if not taken or share(queue, named[-count:] if count > 0 else [], until=until):
            break
    return done, failed


def _run_oldest(
    queue: str, taken: list[Delivery], without: Sequence[int], most: int
) -> tuple[int, list[Delivery]]:
    """Take up what nobody has in hand and run it: how many were run, and what is left of it.

    First one alone: what was taken up with it, nobody else could do meanwhile.
    """
    if taken:  # this is another try
        return _run_some(taken)
    with transaction.atomic():
        taken += take_up(queue, without=without, most=1)
        began = time.monotonic()
        ran = _run(taken, began)
        if ran and (more := min(most - 1, _fitting(time.monotonic() - began))) > 0:
            taken += take_up(queue, without=without, most=more)
            ran += _run(taken[ran:], began)
    return ran, taken[ran:]


def _fitting(seconds: float) -> int:
    """How many more the time of a transaction is enough for, if each takes as long as the first one did."""
    return int(TOGETHER_SECONDS / max(seconds, 1e-6)) - 1


def _run_together(queue: str, deliveries: Sequence[Delivery], until: float) -> tuple[int, Failed]:
    """Run these in as few transactions as their time allows; if one raises, each in its own."""
    done, rest = 0, list(deliveries)
    while rest:
        try:
            ran, left = retry_conflicts(partial(_run_some, rest))
        except Exception:
            ran, failed = _run_each(rest)
            return done + ran, failed
        done, rest = done + ran, left
        if share(queue, rest, until=until):
            break
    return done, []


def _run_some(deliveries: Sequence[Delivery]) -> tuple[int, list[Delivery]]:
    """Run these for as long as a transaction may last: how many were run, and what is left of them."""
    with transaction.atomic():
        locked = lock(deliveries)
        ours = [delivery for delivery in deliveries if delivery.pk in locked]
        ran = _run(ours, time.monotonic())
    return ran, ours[ran:]


def _run_each(deliveries: Iterable[Delivery]) -> tuple[int, Failed]:
    done, failed = 0, Failed()
    for delivery in deliveries:
        try:
            done += retry_conflicts(partial(_run_some, [delivery]))[0]
        except Exception as error:
            failed.append((delivery, error))
    return done, failed


def _run(locked: Sequence[Delivery], began: float) -> int:
    """Run handlers until the time of what `began` then is over, at least one, and note it; gives how many."""
    until = began + TOGETHER_SECONDS
    ran: list[int] = []
    for delivery in locked:
        if ran and time.monotonic() >= until:
            break
        handler = _handler_of(delivery)
        with watched(handler.name, delivery.event_id, note=partial(note_failure, delivery)):
            handler.function(reading.occurred(delivery.event))
        ran.append(delivery.pk)
    if ran:
        Delivery.objects.filter(pk__in=ran).update(done_at=timezone.now(), error="")
    return len(ran)


def _handler_of(delivery: Delivery) -> Handler:
    handler = registry.named(delivery.handler)
    if handler is None:
        raise NoSuchHandler(
            f"No handler is called {delivery.handler}: it was renamed or removed, or this worker is older "
            "than its row. Give it back its name with name=, then send this again."
        )
    return handler


def _batches(deliveries: Sequence[Delivery], most: int) -> Iterator[Sequence[Delivery]]:
    for start in range(0, len(deliveries), most):
        yield deliveries[start : start + most]
