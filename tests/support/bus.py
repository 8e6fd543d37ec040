"""The bus without brokers: what is published is stored and delivered here and now, in this thread."""

from events.delivering import deliver
from events.models import Delivery, Outbox
from events.queues import STORE_TASK
from events.tasks import store_events


def settle(*, most: int = 20) -> None:
    """Store what is owed and run its handlers, and what they publish in turn, until nothing is left to do.

    What fails stays as the bus leaves it: a row that is due later.
    """
    for _ in range(most):
        if not store_owed() and not _deliver_owed():
            return
    raise AssertionError("The bus does not come to rest: handlers publish for ever.")


def store_owed() -> int:
    """Store what is owed to the log; gives the number of rows."""
    rows = list(Outbox.objects.filter(task=STORE_TASK, failures=0, failed_at=None))
    for row in rows:
        store_events(str(row.pk), row.payload)
    return len(rows)


def _deliver_owed() -> int:
    owed = Delivery.objects.filter(done_at=None, failed_at=None, attempts=0)
    pairs = list(owed.values_list("queue", "event_id").distinct())
    for queue, event_id in pairs:
        deliver(queue=queue, event_ids=[event_id])
    return len(pairs)
