"""What operators may know of the arena's loop, in the default Prometheus registry."""

from prometheus_client import Counter, Gauge, Histogram

TICK_LATENESS = Histogram(
    "arena_tick_lateness_seconds",
    "How long after its due time a tick began.",
    buckets=(
        0.0005,
        0.001,
        0.002,
        0.003,
        0.005,
        0.0075,
        0.01,
        0.015,
        0.02,
        0.025,
        0.03,
        0.04,
        0.05,
        0.075,
        0.1,
        0.25,
        1,
    ),
)
TICK_SECONDS = Histogram(
    "arena_tick_seconds",
    "How long a tick of all hosted rooms took.",
    buckets=(0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1),
)
TICKS_DROPPED = Counter("arena_ticks_dropped_total", "Ticks left out because the process was too late.")
ROOMS = Gauge("arena_rooms", "Hosted arena rooms.")
ROOMS_RUNNING = Gauge("arena_rooms_running", "Hosted arena rooms that are not frozen.")
SHIPS = Gauge("arena_ships", "Ships of people and bots in rooms that are not frozen.")
SNAPSHOT_BYTES = Counter("arena_snapshot_bytes_total", "Bytes of encoded snapshots, counted once each.")
HITS = Counter("arena_hits_total", "Hits that were recorded as events.")
