"""How fast a backlog is worked off: deliveries that waited while no worker took their queue.

    python -m benchmarks.backlog [--json] [--events 10000]

The rows are in the database, the broker knows nothing of them, and the relay has told nobody yet (`fresh`)
or has told again and again for minutes (`told`). Then a worker process and beat start: from the first
delivery done to the last. One handler, which writes a row.
"""

import sys
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

from benchmarks.harness import arguments, isolated, platform, report, wait_until

SETTINGS = {"DJANGO_SETTINGS_MODULE": "benchmarks.bus_settings", "LOG_LEVEL": "WARNING"}
QUEUE = "feed"
PATIENCE = 900.0  # seconds


def pile_up(*, events: int, sends: int) -> None:
    """Events in the log, and a delivery of each that is due now."""
    from django.utils import timezone

    from benchmarks.listening.handlers import TYPE
    from events.models import Delivery, Event

    past = timezone.now() - timedelta(minutes=10)
    rows = []
    for _ in range(events):
        event_id = uuid4()
        data = {"received": str(event_id), "source": "bench", "key": event_id.hex, "kind": ""}
        rows.append(
            Event(event_id=event_id, type=TYPE, data=data, source="b", occurred_at=past, recorded_at=past)
        )
    Event.objects.bulk_create(rows, batch_size=1000)
    Delivery.objects.bulk_create(
        (
            Delivery(
                event_id=row.event_id,
                handler=f"benchmarks.{QUEUE}",
                queue=QUEUE,
                created_at=past,
                due_at=past,
                sends=sends,
            )
            for row in rows
        ),
        batch_size=1000,
    )


def work_off() -> float:
    """Deliveries a second, once a worker is there."""
    from events.models import Delivery

    owed = Delivery.objects.filter(done_at=None, failed_at=None)
    count = owed.count()
    wait_until(lambda: owed.count() < count, seconds=PATIENCE, what="the first delivery")
    began, left = time.monotonic(), owed.count()
    wait_until(lambda: not owed.exists(), seconds=PATIENCE, what="the last delivery")
    return left / (time.monotonic() - began)


def measure(*, database: str, events: int, sends: int) -> float:
    """A worker meets a backlog."""
    with platform(database=database, pages=False, EVENT_TRANSPORT="celery", **SETTINGS) as built:
        built.run(sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity", "0")
        pile_up(events=events, sends=sends)
        built.worker()
        built.beat()
        return work_off()


def main() -> None:
    options = arguments("Working off a backlog.", events=10_000, sqlite=0)
    database = "sqlite" if options.sqlite else "postgres"
    figures: dict[str, Any] = {
        f"{name}_deliveries_per_s": round(
            isolated(measure, database=database, events=options.events, sends=sends)
        )
        for name, sends in (("fresh", 0), ("told", 5))
    }
    report(figures, as_json=options.json)


if __name__ == "__main__":
    main()
