"""Numbers for `/metrics` and `/readyz`: how much is owed, for how long, and what was refused."""

from datetime import datetime
from typing import TypedDict

from django.db.models import Count, Min, Q
from django.utils import timezone

from events.courier import courier
from events.models import Delivery, Event, Outbox
from events.recorder import Stats, get_recorder
from events.sender import sender


class Snapshot(TypedDict):
    """Ages are those of the oldest living rows, in seconds; `logged` counts the events of the log."""

    outbox_depth: int
    outbox_age: float
    dead_letters: int
    deliveries_owed: int
    deliveries_age: float
    dead_deliveries: int
    logged: int
    broker_away: bool
    messages_dropped: int
    recorder: Stats


def snapshot() -> Snapshot:
    """How things stand. A few cheap queries; raises what the database raises when it is away."""
    alive = Q(failed_at=None)
    outbox = Outbox.objects.aggregate(
        depth=Count("pk", filter=alive),
        oldest=Min("created_at", filter=alive),
        dead=Count("pk", filter=~alive),
    )
    # What is done stays in the table: each of these reads an index of nothing but what is owed, or dead.
    owed = Delivery.objects.filter(done_at=None, failed_at=None).aggregate(
        depth=Count("pk"), oldest=Min("created_at")
    )
    return Snapshot(
        outbox_depth=outbox["depth"],
        outbox_age=_age(outbox["oldest"]),
        dead_letters=outbox["dead"],
        deliveries_owed=owed["depth"],
        deliveries_age=_age(owed["oldest"]),
        dead_deliveries=Delivery.objects.filter(failed_at__isnull=False).count(),
        logged=_logged(),
        broker_away=sender.broker_away or courier.broker_away,
        messages_dropped=sender.dropped + courier.dropped,
        recorder=get_recorder().stats(),
    )


def _age(since: datetime | None) -> float:
    return max((timezone.now() - since).total_seconds(), 0.0) if since else 0.0


def _logged() -> int:
    """The last row's number: the log only grows, and counting millions is slow.

    A little above the number of rows where transactions were rolled back.
    """
    last = Event.objects.order_by("-seq").values_list("seq", flat=True).first()
    return last or 0
