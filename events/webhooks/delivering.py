"""One attempt: take the row up, send without any transaction open, write down what came of it.

A row is taken up by a conditional UPDATE on how many attempts it had, so of two workers with the same
message one does nothing. A worker that is killed in the middle leaves an attempt without an end; when the
lease is over the next message takes the row up again, and the receiver knows the webhook by its id.

While an endpoint fails, one attempt at a time is made there and the others are put off: a server that keeps
each of them waiting for as long as it may would else have all threads of all workers.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from events.retrying import retry_conflicts
from events.webhooks import endpoints
from events.webhooks.errors import BadSecret, Unopenable
from events.webhooks.models import Attempt, Endpoint, Sending
from events.webhooks.pauses import PATIENCE, pause_after
from events.webhooks.posting import Outcome, post
from events.webhooks.sending import LEASE
from events.webhooks.signing import sign

GONE = 410
PUT_OFF = timedelta(minutes=2)
Post = Callable[..., Outcome]


class Taken(NamedTuple):
    """A row that is ours until the lease ends, its attempt, and whether its endpoint is ours alone, too."""

    sending: Sending
    attempt: Attempt
    alone: bool


def deliver(
    *, sending_id: UUID, attempts: int, now: Callable[[], datetime] = timezone.now, post: Post = post
) -> Outcome | None:
    """Make the attempt after the first `attempts` ones; None if it is not ours to make."""
    taken = retry_conflicts(lambda: take_up(sending_id=sending_id, attempts=attempts, now=now()))
    if taken is None:
        return None
    outcome = _send(taken.sending, now(), post)
    retry_conflicts(lambda: record(taken=taken, outcome=outcome, now=now(), luck=random.random()))
    return outcome


def take_up(*, sending_id: UUID, attempts: int, now: datetime) -> Taken | None:
    """Make the row ours; None if somebody else has it, nothing is owed any more, or it was put off."""
    with transaction.atomic():
        endpoint = Endpoint.objects.filter(sendings=sending_id).first()
        if endpoint is None:
            return None
        failing = endpoint.failing_since is not None
        # By the row's own columns, without a join: Django would choose the rows in a subquery, which
        # PostgreSQL does not ask again after it has waited for the row, and all who waited would have it.
        owed = Sending.objects.filter(pk=sending_id, attempts=attempts, state=Sending.State.OWED)
        if endpoint.state != Endpoint.State.ACTIVE:
            owed.update(state=Sending.State.FAILED)  # owed at the very moment at which it was disabled
            return None
        if failing and not _occupy(endpoint, now):
            owed.update(due_at=now + PUT_OFF)
            return None
        if not owed.update(attempts=F("attempts") + 1, due_at=now + LEASE):
            transaction.set_rollback(True)  # and so leave the endpoint to others
            return None
        sending = Sending.objects.select_related("endpoint").get(pk=sending_id)
        attempt = Attempt.objects.create(sending=sending, number=sending.attempts, started_at=now)
    return Taken(sending, attempt, alone=failing)


def record(*, taken: Taken, outcome: Outcome, now: datetime, luck: float) -> None:
    """Write down what came of an attempt, and what follows from it.

    The endpoint's row is always written before those of its sendings, so that nobody deadlocks.
    """
    with transaction.atomic():
        if taken.alone:
            Endpoint.objects.filter(pk=taken.sending.endpoint_id).update(busy_until=None)
        Attempt.objects.filter(pk=taken.attempt.pk).update(
            ended_at=now,
            status=outcome.status,
            milliseconds=outcome.milliseconds,
            answer=outcome.answer,
            error=outcome.error,
        )
        if outcome.succeeded:
            _delivered(taken.sending)
        elif outcome.status == GONE:
            endpoints.disable(endpoint=taken.sending.endpoint, reason=endpoints.GONE)
        else:
            _failed(taken.sending, timedelta(seconds=outcome.retry_after), now, luck)


def _occupy(endpoint: Endpoint, now: datetime) -> bool:
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    return bool(Endpoint.objects.filter(free, pk=endpoint.pk).update(busy_until=now + LEASE))


def _send(sending: Sending, now: datetime, post: Post) -> Outcome:
    body = sending.body.encode()
    try:
        headers = sign(
            webhook_id=str(sending.pk),
            timestamp=int(now.timestamp()),
            body=body,
            secrets=sending.endpoint.secrets(now),
        )
    except (Unopenable, BadSecret) as error:
        return Outcome(None, 0, error=str(error))
    return post(sending.endpoint.url, body=body, headers={"Content-Type": "application/json", **headers})


def _delivered(sending: Sending) -> None:
    Endpoint.objects.filter(pk=sending.endpoint_id, failing_since__isnull=False).update(failing_since=None)
    Sending.objects.filter(pk=sending.pk).update(state=Sending.State.DELIVERED)


def _failed(sending: Sending, asked: timedelta, now: datetime, luck: float) -> None:
    """`asked`: for how long the receiver wants to be left alone, by this webhook and by all others."""
    endpoint = Endpoint.objects.filter(pk=sending.endpoint_id)
    endpoint.filter(failing_since__isnull=True).update(failing_since=now)
    if asked:
        endpoint.update(busy_until=now + asked)
    pause = pause_after(sending.failures + 1, luck=luck)
    if endpoint.filter(failing_since__lte=now - PATIENCE).exists():
        endpoints.disable(endpoint=sending.endpoint, reason=endpoints.FAILED_TOO_LONG)
    ours = Sending.objects.filter(pk=sending.pk, attempts=sending.attempts, state=Sending.State.OWED)
    if pause is None:
        ours.update(failures=F("failures") + 1, state=Sending.State.FAILED)
    else:
        ours.update(failures=F("failures") + 1, due_at=now + max(pause, asked))
