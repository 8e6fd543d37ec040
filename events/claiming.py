"""Taking deliveries into one's hands: their rows are locked, and whoever finds them so leaves them alone."""

from collections.abc import Sequence

from events.models import Delivery

SUSPECT_SENDS = 4  # times that the relay sent word of a delivery: perhaps it kills its worker


def take_up(queue: str, *, without: Sequence[int], most: int) -> list[Delivery]:
    """The oldest that wait on a queue and that nobody has in hand, with their events, in the log's order."""
    fresh = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
    fresh = fresh.filter(queue=queue, attempts=0, sends__lt=SUSPECT_SENDS, done_at=None, failed_at=None)
    oldest = fresh.exclude(pk__in=without).order_by("due_at")[:most]
    return sorted(oldest, key=lambda row: (row.event.seq, row.handler))


def lock(deliveries: Sequence[Delivery]) -> set[int]:
    """Those that are pending still and in nobody else's hands."""
    rows = Delivery.objects.select_for_update(skip_locked=True)
    rows = rows.filter(pk__in=[delivery.pk for delivery in deliveries], done_at=None, failed_at=None)
    return set(rows.values_list("pk", flat=True))
