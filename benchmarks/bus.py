"""From `publish` to three handlers: events a second, and how long from the commit to the handlers' end.

    python -m benchmarks.bus [--json]

One publisher, one worker process of all queues, real Redis and PostgreSQL (or --sqlite 1). Throughput: the
publisher commits a row of its own and an event, again and again without a pause, while the worker works; from
the first commit to the last handler's. The baseline does the same in the same run with the same worker: the
row, and after the commit one task for each handler, without outbox, log or deliveries. They take turns; the
medians count. Latency: events at an even pace, each handler of each event is one sample.

SNS and SQS are moto's server, which is 20 times slower than Redis and in Python: its figures show that the
way works, and have no bar.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

from benchmarks.harness import Platform, arguments, isolated, median, percentile, platform, report, wait_until

SETTINGS = {"DJANGO_SETTINGS_MODULE": "benchmarks.bus_settings", "LOG_LEVEL": "WARNING"}
BARS = {
    "commit_to_done_p99_ms": "under 250",
    "ratio": "at least 0.8",
    "exact": "True",
}
WARM_UP = 20  # events before each measurement
PATIENCE = 240.0  # seconds for the last handler

# Does one event, and notes under its id when it was committed.
Publish = Callable[[dict[str, float]], None]


def publish_one(committed: dict[str, float]) -> None:
    """What a service does: a row of its own and an event, in one transaction."""
    from django.db import transaction

    from benchmarks.listening.handlers import TYPE
    from benchmarks.listening.models import Heard
    from events.contracts import IncomingWebhook
    from events.services import publish

    event_id = uuid4()
    with transaction.atomic():
        transaction.on_commit(lambda: committed.update({event_id.hex: time.monotonic()}))
        Heard.objects.create(event=event_id, handler="published")
        data = IncomingWebhook(received=event_id, source="bench", key=event_id.hex)
        publish(type=TYPE, data=data, source="bench", event_id=event_id)


def delay_one(committed: dict[str, float]) -> None:
    """The same without a bus."""
    from django.db import transaction

    from benchmarks.listening.hearing import HANDLERS
    from benchmarks.listening.models import Heard
    from benchmarks.listening.tasks import heard

    event_id = uuid4()
    with transaction.atomic():
        transaction.on_commit(lambda: committed.update({event_id.hex: time.monotonic()}))
        Heard.objects.create(event=event_id, handler="published")
        for name in HANDLERS:
            transaction.on_commit(partial(heard.apply_async, (name, str(event_id)), queue=name))


class Listener:
    """What the handlers have committed, read from the file that they write to."""

    def __init__(self) -> None:
        from benchmarks.listening.hearing import HANDLERS, heard_file

        self.handlers = len(HANDLERS)
        self.file = heard_file()
        self.file.touch()

    def wait_for(self, events: int, *, since: int) -> None:
        """Until each handler has heard that many events after byte `since` of the file."""

        def all_heard() -> bool:
            with self.file.open("rb") as lines:
                lines.seek(since)
                return lines.read().count(b"\n") >= events * self.handlers

        wait_until(all_heard, seconds=PATIENCE, what="the last handler")

    def ends(self, since: int) -> list[tuple[str, float]]:
        """(event, when a handler of it was committed) after byte `since` of the file."""
        with self.file.open() as lines:
            lines.seek(since)
            rows = [line.split() for line in lines]
        return [(event, float(seconds)) for event, _, seconds in rows]


class Run(NamedTuple):
    """Events a second, seconds from commit to done of each (event, handler), and whether each came once."""

    events_per_s: float
    taken: list[float]
    exact: bool


def run(publish: Publish, *, events: int, rate: float = 0) -> Run:
    """Publish at `rate` a second (0: without a pause) and wait until all is heard."""
    listener = Listener()
    since = listener.file.stat().st_size
    committed: dict[str, float] = {}
    began = time.monotonic()
    for number in range(events):
        if rate:
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
        publish(committed)
    listener.wait_for(events, since=since)
    ends = listener.ends(since)
    seconds = max(end for _, end in ends) - min(committed.values())
    exact = Counter(event for event, _ in ends) == dict.fromkeys(committed, listener.handlers)
    return Run(events / seconds, [end - committed[event] for event, end in ends], exact)


def measure_celery(*, database: str, events: int, rounds: int, rate: int, seconds: int) -> dict[str, Any]:
    """Both ways, in turns, with one worker; then the latency of ours at an even pace."""
    with _bus(database, EVENT_TRANSPORT="celery"):
        run(publish_one, events=WARM_UP)
        run(delay_one, events=WARM_UP)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(run(publish_one, events=events))
            theirs.append(run(delay_one, events=events))
        steady = run(publish_one, events=rate * seconds, rate=rate)
        plain = run(delay_one, events=rate * seconds, rate=rate)
    rate_of_ours, rate_of_theirs = (median(one.events_per_s for one in runs) for runs in (ours, theirs))
    return {
        "events_per_s": round(rate_of_ours),
        "baseline_events_per_s": round(rate_of_theirs),
        "ratio": round(rate_of_ours / rate_of_theirs, 2),
        "commit_to_done_p50_ms": _milliseconds(steady, 50),
        "commit_to_done_p99_ms": _milliseconds(steady, 99),
        "baseline_commit_to_done_p50_ms": _milliseconds(plain, 50),
        "baseline_commit_to_done_p99_ms": _milliseconds(plain, 99),
        "exact": all(one.exact for one in [*ours, steady]),
    }


def measure_sns(*, database: str, events: int, rate: int, seconds: int) -> dict[str, Any]:
    """Celery's messages on Redis, word of events by SNS and SQS, and one `manage.py consume`."""
    from tests.support.aws import MotoServer

    moto = MotoServer()
    try:
        with _bus(database, EVENT_TRANSPORT="sns", **moto.environment) as built:
            built.run(sys.executable, "manage.py", "provision_queues")
            built.start(sys.executable, "manage.py", "consume", log="consume")
            run(publish_one, events=WARM_UP)
            fast = run(publish_one, events=events)
            steady = run(publish_one, events=rate * seconds, rate=rate)
    finally:
        moto.stop()
    return {
        "sns_events_per_s": round(fast.events_per_s),
        "sns_commit_to_done_p50_ms": _milliseconds(steady, 50),
        "sns_commit_to_done_p99_ms": _milliseconds(steady, 99),
        "sns_exact": fast.exact and steady.exact,
    }


@contextmanager
def _bus(database: str, **settings: str) -> Iterator[Platform]:
    with platform(database=database, pages=False, **SETTINGS, **settings) as built:
        built.run(sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity", "0")
        built.worker()
        built.beat()
        yield built


def _milliseconds(measured: Run, q: float) -> float:
    return round(percentile(measured.taken, q) * 1000, 1)


def main() -> None:
    options = arguments(
        "From publish to three handlers.",
        events=3000,
        rounds=3,
        rate=100,
        seconds=20,
        sns_events=200,
        sns_rate=10,
        sqlite=0,
    )
    database = "sqlite" if options.sqlite else "postgres"
    figures = isolated(
        measure_celery,
        database=database,
        events=options.events,
        rounds=options.rounds,
        rate=options.rate,
        seconds=options.seconds,
    )
    if options.sns_events:
        figures |= isolated(
            measure_sns,
            database=database,
            events=options.sns_events,
            rate=options.sns_rate,
            seconds=options.seconds,
        )
    report(figures, as_json=options.json, bars=BARS)


if __name__ == "__main__":
    main()
