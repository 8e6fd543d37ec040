"""Figures that are asked for when /metrics is: the way from a hit to a score, and what is live here."""

from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from events.ingest.metrics import refusals
from events.metrics import snapshot
from events.webhooks.metrics import snapshot as webhooks_snapshot
from rooms.hub import find_hub


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
            "deliveries_owed": ("Events that handlers have not been told of", now["deliveries_owed"]),
            "deliveries_age_seconds": ("Age of the oldest of them", now["deliveries_age"]),
            "deliveries_dead_letters": ("Deliveries that were given up", now["dead_deliveries"]),
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


class WebhooksCollector(Collector):
    """Webhooks on their way out. Those that come in are counted by the process that answers them."""

    def describe(self) -> list[Metric]:
        """Nothing: without this, registering would ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """An age of days: somebody's receiver is broken. Many that are young: no worker works."""
        try:
            now = webhooks_snapshot()
        except DatabaseError:
            return
        gauges = {
            "owed": ("Webhooks that are to be sent, or sent again", now["owed"]),
            "owed_age_seconds": ("Age of the oldest of them", now["age"]),
            "endpoints": ("Endpoints that get webhooks", now["active"]),
            "endpoints_failing": ("Those of them whose last attempt failed", now["failing"]),
            "endpoints_disabled": ("Endpoints that were switched off", now["disabled"]),
        }
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(f"space_pizzas_webhooks_{name}", text, value=value)
        yield CounterMetricFamily(
            "space_pizzas_webhooks_attempts", "Attempts to send one", value=now["attempts"]
        )


class IngestCollector(Collector):
    """Jobs of other game servers: why they were refused. What was taken is in the log."""

    def describe(self) -> list[Metric]:
        """Nothing: without this, registering would ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Bad signatures that grow mean a wrong secret, or somebody who should not be there."""
        family = CounterMetricFamily(
            "space_pizzas_ingest_refused", "Refused jobs of other servers", labels=["source", "code"]
        )
        try:
            for source, code, count in refusals():
                family.add_metric([source, code], count)
        except DatabaseError:
            return
        yield family


class LiveCollector(Collector):
    """What this process holds: rooms that it hosts, sockets in them."""

    def describe(self) -> list[Metric]:
        """Nothing: the hub comes with the first socket."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Zero before the first socket; copies first, because the event loop goes on meanwhile."""
        hub = find_hub()
        rooms = list(hub.host.rooms.values()) if hub else []
        sockets = sum(len(room.sockets) for room in rooms)
        players = sum(seat.connected for room in rooms for seat in list(room.seats.values()))
        gauges = {
            "rooms": ("Rooms that this process hosts", len(rooms)),
            "sockets": ("Sockets in them", sockets),
            "players": ("Seats in them whose player is connected", players),
        }
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(f"space_pizzas_{name}", text, value=value)


def register() -> None:
    """Add the figures to /metrics; called once a process."""
    REGISTRY.register(EventsCollector())
    REGISTRY.register(WebhooksCollector())
    REGISTRY.register(IngestCollector())
    REGISTRY.register(LiveCollector())
