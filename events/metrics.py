"""Numbers for `/metrics` and `/readyz`: how much is owed, for how long, and what was refused."""

from typing import TypedDict

from django.db.models import Count, Min, Q
from django.utils import timezone

from events.models import Event, Outbox
from events.recorder import Stats, get_recorder
from events.sender import sender


class Snapshot(TypedDict):
    """`outbox_age` is that of the oldest living row, in seconds; `logged` counts the events of the log."""

    outbox_depth: int
    outbox_age: float
    dead_letters: int
    logged: int
    broker_away: bool
    messages_dropped: int
    recorder: Stats


def snapshot() -> Snapshot:
    """How things stand. Three cheap queries; raises what the database raises when it is away."""
    alive = Q(failed_at=None)
    outbox = Outbox.objects.aggregate(
        depth=Count("pk", filter=alive),
        oldest=Min("created_at", filter=alive),
        dead=Count("pk", filter=~alive),
    )
    age = (timezone.now() - outbox["oldest"]).total_seconds() if outbox["oldest"] else 0.0
    return Snapshot(
        outbox_depth=outbox["depth"],
        outbox_age=max(age, 0.0),
        dead_letters=outbox["dead"],
        logged=_logged(),
        broker_away=sender.broker_away,
        messages_dropped=sender.dropped,
        recorder=get_recorder().stats(),
    )


def _logged() -> int:
    """The last row's number: the log only grows, and counting millions is slow.

    A little above the number of rows where transactions were rolled back.
    """
    last = Event.objects.order_by("-seq").values_list("seq", flat=True).first()
    return last or 0
