"""Numbers for `/metrics`: how many webhooks are owed and for how long, and what became of the others."""

from typing import TypedDict

from django.db.models import Count, Min, Q
from django.utils import timezone

from events.webhooks.models import Attempt, Endpoint, Sending


class Snapshot(TypedDict):
    """`age` is that of the oldest that is owed, in seconds; `attempts` counts all that were ever made."""

    owed: int
    age: float
    active: int
    disabled: int
    failing: int
    attempts: int


def snapshot() -> Snapshot:
    """How things stand, in three cheap queries."""
    owed = Sending.objects.filter(state=Sending.State.OWED).aggregate(
        count=Count("pk"), oldest=Min("created_at")
    )
    states = Endpoint.objects.aggregate(
        active=Count("pk", filter=Q(state=Endpoint.State.ACTIVE)),
        disabled=Count("pk", filter=Q(state=Endpoint.State.DISABLED)),
        failing=Count("pk", filter=Q(state=Endpoint.State.ACTIVE, failing_since__isnull=False)),
    )
    age = (timezone.now() - owed["oldest"]).total_seconds() if owed["oldest"] else 0.0
    last = Attempt.objects.order_by("-pk").values_list("pk", flat=True).first()
    return Snapshot(
        owed=owed["count"],
        age=max(age, 0.0),
        active=states["active"],
        disabled=states["disabled"],
        failing=states["failing"],
        attempts=last or 0,
    )
