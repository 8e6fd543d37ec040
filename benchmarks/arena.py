"""Many rooms on one web process, and the world alone.

    python -m benchmarks.arena [--json]

125 rooms of 8 (1,000 real sockets from a load process, five inputs a second each): how late ticks begin,
the share of a core, and the time from an input's sending to the snapshot that shows it applied. Then rooms
are added until ticks begin more than one tick (25 ms) late at p99. The world alone: nanoseconds a ship a
tick, NumPy, collisions included, for 1 to 1,000 rooms of 8 with everybody thrusting, turning and firing.
"""

import time
import urllib.request
from typing import Any

from benchmarks.fanout import LoadProcess
from benchmarks.harness import (
    Platform,
    arguments,
    cpu_seconds,
    isolated,
    median,
    percentile,
    platform,
    report,
)

ROOM_SIZE = 8
TICK_MS = 25.0
HISTOGRAM = "arena_tick_lateness_seconds_bucket{le="
BARS = {
    "tick_late_p99_ms": "under 25",
    "ns_per_ship_1000_rooms": "under 1,000",
}


def lateness(built: Platform) -> dict[float, float]:
    """The server's own histogram of tick lateness: ticks at most so many seconds late, since it began."""
    with urllib.request.urlopen(f"{built.url}/metrics", timeout=10) as response:
        lines = response.read().decode().splitlines()
    found = {}
    for line in lines:
        if line.startswith(HISTOGRAM):
            bound, count = line.removeprefix(HISTOGRAM).split("} ")
            found[float(bound.strip('"').replace("+Inf", "inf"))] = float(count)
    return found


def quantile_ms(before: dict[float, float], after: dict[float, float], q: float) -> float:
    """The q-th percentile in ms of what came between two readings, linear within a bucket."""
    counts = {bound: after[bound] - before.get(bound, 0.0) for bound in sorted(after)}
    wanted, low, below = counts[max(counts)] * q / 100, 0.0, 0.0
    for bound, count in counts.items():
        if count >= wanted:
            if bound == float("inf"):
                return float("inf")
            share = (wanted - below) / (count - below) if count > below else 1.0
            return (low + (bound - low) * share) * 1000
        low, below = bound, count
    return float("inf")


class Arena:
    """One web process, and players added room by room."""

    def __init__(self, built: Platform, *, most: int, inputs: float, sampled: int) -> None:
        from benchmarks.players import make_players

        self.built, self.sampled = built, sampled
        self.spare = make_players(most)
        self.players = 0
        self.web = built.web()
        built.worker()
        self.load = LoadProcess(built, inputs=inputs)

    def add(self, rooms: int) -> None:
        """Fill so many more rooms."""
        from benchmarks.players import make_room, seats

        people, self.spare = self.spare[: rooms * ROOM_SIZE], self.spare[rooms * ROOM_SIZE :]
        made = [
            make_room(people[place * ROOM_SIZE][0], size=ROOM_SIZE, bots=0, round_seconds=0)
            for place in range(rooms)
        ]
        self.load.ask("join", seats=seats(made, people), sampled=0 if self.players else self.sampled)
        self.players += len(people)

    def measure(self, seconds: float) -> dict[str, Any]:
        """Let them play, and read what the server says of its ticks."""
        self.load.ask("count", seconds=2)
        before, spent, began = lateness(self.built), cpu_seconds(self.web.pid), time.perf_counter()
        counted = self.load.ask("count", seconds=seconds)
        share = (cpu_seconds(self.web.pid) - spent) / (time.perf_counter() - began)
        after = lateness(self.built)
        return {
            "p50": quantile_ms(before, after, 50),
            "p99": quantile_ms(before, after, 99),
            "core": share,
            "inputs": [latency * 1000 for latency in counted["latencies"]],
        }


def play(*, rooms: int, step: int, most: int, inputs: float, seconds: float) -> dict[str, Any]:
    """The figures at `rooms` rooms, then `step` more at a time while ticks begin in time."""
    with platform(database="sqlite") as built:
        arena = Arena(built, most=most * ROOM_SIZE, inputs=inputs, sampled=50)
        arena.add(rooms)
        first = arena.measure(seconds)
        figures = {
            "players": arena.players,
            "tick_late_p50_ms": round(first["p50"], 2),
            "tick_late_p99_ms": round(first["p99"], 2),
            "core_share": round(first["core"], 2),
            "input_to_snapshot_p50_ms": round(percentile(first["inputs"], 50), 1),
            "input_to_snapshot_p99_ms": round(percentile(first["inputs"], 99), 1),
        }
        carried, last = 0, first
        while last["p99"] <= TICK_MS:
            carried = arena.players
            if len(arena.spare) < step * ROOM_SIZE:
                break
            arena.add(step)
            last = arena.measure(seconds / 2)
        return {**figures, "max_players": carried}


def ns_per_ship(rooms: int, *, ticks: int = 200, repeats: int = 5) -> float:
    """Nanoseconds a ship a tick of the world alone; the median of some runs of so many ticks."""
    import numpy as np

    from rooms.arena.world import World, step

    world = World(rooms=rooms, ships=ROOM_SIZE)
    active = np.arange(rooms)
    for room in range(rooms):
        for slot in range(ROOM_SIZE):
            world.add_ship(room, slot)
    random = np.random.default_rng(1)
    world.keys[:] = random.integers(0, 16, world.keys.shape) | 8
    timings = []
    for _ in range(repeats):
        began = time.perf_counter()
        for _ in range(ticks):
            step(world, world.keys, world.aim, active)
        timings.append((time.perf_counter() - began) / (ticks * rooms * ROOM_SIZE) * 1e9)
    return median(timings)


def main() -> None:
    options = arguments(
        "Rooms on one process.", rooms=125, step=25, most=300, inputs=5.0, seconds=15.0, world_only=0
    )
    figures: dict[str, Any] = {}
    if not options.world_only:
        order = {name: getattr(options, name) for name in ("rooms", "step", "most", "inputs", "seconds")}
        figures = isolated(play, **order)
    for rooms in (1, 10, 100, 1000):
        name = f"ns_per_ship_{rooms}_room{'s' if rooms > 1 else ''}"
        figures[name] = round(ns_per_ship(rooms, ticks=20 if rooms == 1000 else 200))
    report(figures, as_json=options.json, bars=BARS)


if __name__ == "__main__":
    main()
