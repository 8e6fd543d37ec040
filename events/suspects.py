"""Deliveries that were sent again and again: mostly nobody took them up, perhaps they take workers down."""

from collections.abc import Sequence

from django.db import transaction

from events.claiming import SUSPECT_SENDS, lock
from events.giving_up import MAX_ATTEMPTS, note_failure
from events.models import Delivery


def with_others(queue: str, in_vain: Sequence[Delivery], *, most: int) -> Sequence[Delivery]:
    """With them what else was sent in vain, oldest first, `most` together.

    Where messages pile up, each is opened so late that what it names waited in vain. Were only that run, the
    queue would never get shorter again.
    """
    if not in_vain:
        return []
    others = Delivery.objects.filter(queue=queue, attempts=0, sends__gte=SUSPECT_SENDS)
    others = others.filter(done_at=None, failed_at=None).exclude(pk__in=[row.pk for row in in_vain])
    oldest = others.select_related("event").order_by("due_at")[: max(0, most - len(in_vain))]
    return sorted([*in_vain, *oldest], key=lambda row: (row.event.seq, row.handler))


def begin(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Count an attempt before it is made. Gives those that nobody else has in hand or has begun meanwhile,
    but for those that have had their chances.
    """
    attempts = deliveries[0].attempts
    if attempts >= MAX_ATTEMPTS:
        for delivery in deliveries:
            note_failure(delivery, "It was begun and never ended: its worker died, each time.")
        return []
    with transaction.atomic():
        locked = lock(deliveries)
        unchanged = Delivery.objects.filter(pk__in=locked, attempts=attempts)
        ours = set(unchanged.values_list("pk", flat=True))
        unchanged.update(attempts=attempts + 1)
    return [delivery for delivery in deliveries if delivery.pk in ours]
