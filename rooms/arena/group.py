"""All hosted rooms of one size, stepped together as one world."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol, TypeVar

import numpy as np

from events.contracts import NewEvent
from rooms.arena import metrics
from rooms.arena.bots import Bots
from rooms.arena.hit_events import Found
from rooms.arena.rules import RULES
from rooms.arena.snapshots import CellFrames, Recent, encode_rooms
from rooms.arena.world import Hits, Rows, World, step
from rooms.live import LiveRoom

SIZES = (8, 16, 32, 64, 128)
FIRST_ROOMS = 4


def size_for(capacity: int) -> int:
    """The number of ship slots in the worlds that hold rooms of this capacity."""
    return next(size for size in SIZES if size >= capacity)


class Flight(Protocol):
    """A room's game as group and loop drive it. `rooms.arena.live` is the one that there is."""

    room: LiveRoom

    def wants_to_run(self, *, now_ms: int) -> bool: ...

    def apply_inputs(self) -> None: ...

    def take_hits(self, found: Iterable[Found], *, now_ms: int) -> list[NewEvent]: ...

    def wait_for(self, durable: "asyncio.Future[None]") -> None: ...

    def show(self, frame: bytes) -> None: ...

    def show_cells(self, frames: CellFrames) -> None: ...


Report = tuple[Flight, list[NewEvent]]
T = TypeVar("T")


def guarded(live: Flight, work: Callable[[], T]) -> T | None:
    """Do a room's part of a tick. What it raises is that room's trouble, not the others'."""
    try:
        return work()
    except Exception as error:
        live.room.crashed(error)
        return None


class Group:
    """Rooms whose worlds have `size` slots. A row runs while its room wants to; else it stays frozen."""

    def __init__(self, size: int) -> None:
        self.world = World(rooms=FIRST_ROOMS, ships=size)
        self.bots = Bots(self.world, seed=size)
        self.lives: dict[int, Flight] = {}
        self._recent = Recent()
        self._running: list[int] = []

    @property
    def in_cells(self) -> bool:
        return self.world.ships > RULES.cells.above

    def add(self, live: Flight, *, seed: int) -> int:
        """Take a row for a room."""
        row = self.world.add_room(seed=seed)
        self.lives[row] = live
        return row

    def remove(self, row: int) -> None:
        """The room of this row is hosted no longer."""
        del self.lives[row]
        self.world.remove_room(row)

    def choose(self, *, now_ms: int) -> None:
        """Find out which rooms run until the next snapshot."""
        self._running = [
            row
            for row, live in tuple(self.lives.items())
            if guarded(live, partial(live.wants_to_run, now_ms=now_ms))
        ]

    def running_ships(self) -> tuple[int, int]:
        """How many rooms run, and the ships in them."""
        rows = self._rows()
        return rows.size, int(self.world.present[rows].sum())

    def tick(self, *, now_ms: int) -> list[Report]:
        """One tick of the rooms that run; the events of each room that has any."""
        rows = self._rows()
        if not rows.size:
            return []
        for row in rows.tolist():
            guarded(self.lives[row], self.lives[row].apply_inputs)
        self.bots.think(rows)
        outcome = step(self.world, self.world.keys, self.world.aim, rows)
        self._recent.add(self.world, outcome)
        return self._report(outcome.hits, now_ms)

    def show(self) -> None:
        """A snapshot of each room that runs."""
        rows = self._rows()
        if not rows.size:
            return
        if self.in_cells:
            self._show_cells(rows)
            return
        frames = encode_rooms(self.world, rows, self._recent)
        metrics.SNAPSHOT_BYTES.inc(sum(map(len, frames)))
        for row, frame in zip(rows.tolist(), frames, strict=True):
            guarded(self.lives[row], partial(self.lives[row].show, frame))

    def _rows(self) -> Rows:
        return np.array([row for row in self._running if row in self.lives], np.intp)

    def _report(self, hits: Hits, now_ms: int) -> list[Report]:
        if not hits.room.size:
            return []
        by_row: dict[int, list[Found]] = {}
        columns = (hits.room, hits.shooter, hits.victim, hits.olive, hits.destroyed, hits.absorbed)
        for row, shooter, victim, olive, destroyed, absorbed in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            if not absorbed:
                by_row.setdefault(row, []).append(Found(shooter, victim, olive, destroyed))
        reports = ((self.lives[row], found) for row, found in by_row.items())
        events = [
            (live, guarded(live, partial(live.take_hits, found, now_ms=now_ms))) for live, found in reports
        ]
        return [(live, new) for live, new in events if new]

    def _show_cells(self, rows: Rows) -> None:
        recents = self._recent.take(rows)
        for row, recent in zip(rows.tolist(), recents, strict=True):
            frames = CellFrames(self.world, row, recent)
            guarded(self.lives[row], partial(self.lives[row].show_cells, frames))
