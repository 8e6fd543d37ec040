"""The figures of the way from a hit to a score, asked for when /metrics is."""

from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from events.metrics import snapshot


class EventsCollector(Collector):
    """What is owed, for how long, and how much was done. Without a database it has nothing to say."""

    def describe(self) -> list[Metric]:
        """Nothing: without this, registering would ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The first two are the first to look at when scores are late."""
        try:
            now = snapshot()
        except DatabaseError:
            return
        recorder = now["recorder"]
        gauges = {
            "outbox_depth": ("Outbox rows that wait to be consumed", now["outbox_depth"]),
            "outbox_age_seconds": ("Age of the oldest of them", now["outbox_age"]),
            "outbox_dead_letters": ("Outbox rows that were given up", now["dead_letters"]),
            "hits_queued": ("Hits of this process that are not durable yet", recorder["queued"]),
            "spooled_batches": ("Batches of hits that wait in this process's spool", recorder["spooled"]),
        }
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(f"space_pizzas_{name}", text, value=value)
        counters = {
            "hits_recorded": ("Hits that this process made durable", recorder["recorded"]),
            "events_logged": ("Events in the log, hits that were scored among them", now["logged"]),
        }
        for name, (text, value) in counters.items():
            yield CounterMetricFamily(f"space_pizzas_{name}", text, value=value)


def register() -> None:
    """Add the figures to /metrics; called once a process."""
    REGISTRY.register(EventsCollector())
