"""Figures that come from the database, asked for when /metrics is."""

from collections.abc import Iterator

from django.db import DatabaseError
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from events.models import Outbox


class OutboxCollector(Collector):
    """How much work is owed, and for how long: the first figure to look at when scores are late."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: without this, registering would ask the database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Rows that wait, the age of the oldest, and rows that were given up."""
        try:
            owed = Outbox.objects.filter(failed_at=None).aggregate(rows=Count("id"), oldest=Min("created_at"))
            failed = Outbox.objects.exclude(failed_at=None).count()
        except DatabaseError:
            return
        age = (timezone.now() - owed["oldest"]).total_seconds() if owed["oldest"] else 0.0
        yield GaugeMetricFamily("space_pizzas_outbox_rows", "Outbox rows that wait", value=owed["rows"])
        yield GaugeMetricFamily("space_pizzas_outbox_oldest_seconds", "Age of the oldest of them", value=age)
        yield GaugeMetricFamily("space_pizzas_outbox_failed_rows", "Outbox rows given up", value=failed)


def register() -> None:
    """Add the figures to /metrics; called once a process."""
    REGISTRY.register(OutboxCollector())
