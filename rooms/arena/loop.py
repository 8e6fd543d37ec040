"""The one loop of a process that steps every arena room it hosts, on a fixed schedule.

A tick that is late is caught up, a few at a time; what is later than that is dropped and counted, so a
process that was held up goes on at the right speed instead of racing after the clock.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from events.contracts import NewEvent
from events.recorder import get_recorder
from rooms.arena import metrics
from rooms.arena.group import Flight, Group, Report, size_for
from rooms.arena.rules import RULES
from rooms.arena.tidying import Tidying
from rooms.clock import now_ms

logger = logging.getLogger(__name__)

TICK_SECONDS = 1 / RULES.tick_rate
MOST_CAUGHT_UP = 4


class Recording(Protocol):
    """What the loop needs of the recorder."""

    def record(self, events: Sequence[NewEvent]) -> "asyncio.Future[None]": ...


class ArenaLoop:
    """Rooms come with `add` and go with `remove`; the task lives while there is one.

    `wall` gives ms since 1970. `recorder` makes the hits durable: one call a round of snapshots, all rooms.
    Without `own_task` nobody but the caller of `advance` makes time go by.
    """

    def __init__(
        self,
        *,
        recorder: Callable[[], Recording] = get_recorder,
        wall: Callable[[], int] = now_ms,
        own_task: bool = True,
    ) -> None:
        self.groups: dict[int, Group] = {}
        self.dropped = 0
        self._recorder = recorder
        self._wall = wall
        self._own_task = own_task
        self._due: float | None = None
        self._ticks = 0
        self._task: asyncio.Task[None] | None = None
        self._tidying = Tidying()
        self._reports: list[Report] = []

    # --- rooms ------------------------------------------------------------------------------------

    def add(self, live: Flight, *, capacity: int, seed: int) -> tuple[Group, int]:
        """Take a room in; the group that it is in, and its row there. Starts the task if it is the first."""
        size = size_for(capacity)
        group = self.groups.setdefault(size, Group(size))
        row = group.add(live, seed=seed)
        self._count_rooms()
        self._ensure_task()
        return group, row

    def remove(self, group: Group, row: int) -> None:
        """Let a room go."""
        self.record()
        group.remove(row)
        self._count_rooms()

    @property
    def hosted(self) -> int:
        return sum(len(group.lives) for group in self.groups.values())

    def _count_rooms(self) -> None:
        metrics.ROOMS.set(self.hosted)

    # --- time -------------------------------------------------------------------------------------

    def advance(self, now: float) -> float:
        """Run what is due at `now` (seconds on a monotonic clock); when the next tick is due."""
        if self._due is None:
            self._due = now
        for _ in range(MOST_CAUGHT_UP):
            if self._due > now:
                return self._due
            metrics.TICK_LATENESS.observe(now - self._due)
            self._due += TICK_SECONDS
            self._tick_safely()
        self._drop(now)
        return self._due

    def _drop(self, now: float) -> None:
        """Forget the ticks that are still due; the schedule keeps its rhythm."""
        assert self._due is not None
        late = int((now - self._due) / TICK_SECONDS) + 1 if now >= self._due else 0
        if late:
            self._due += late * TICK_SECONDS
            self.dropped += late
            metrics.TICKS_DROPPED.inc(late)

    def _tick_safely(self) -> None:
        with metrics.TICK_SECONDS.time():
            now_ms, phase = self._wall(), self._ticks % RULES.ticks_per_snapshot
            for group in tuple(self.groups.values()):
                if phase == 0:
                    self._safely(partial(group.choose, now_ms=now_ms))
                self._safely(partial(self._step, group, now_ms))
            if phase == RULES.ticks_per_snapshot - 1:
                self._safely(self._show)
        self._ticks += 1

    def _safely(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            logger.exception("A part of a tick failed")

    def _show(self) -> None:
        self.record()
        for group in tuple(self.groups.values()):
            self._safely(group.show)

    def _step(self, group: Group, now_ms: int) -> None:
        self._reports += group.tick(now_ms=now_ms)

    def record(self) -> None:
        """Begin to make the hits since the last snapshots durable; what shows them next waits for it.

        Once a snapshot is enough, because nobody waits for them before. Called out of turn by whoever shows
        a room between two snapshots, or lets one go.
        """
        reports, self._reports = self._reports, []
        if not reports:
            return
        events = [event for _, new in reports for event in new]
        metrics.HITS.inc(len(events))
        durable = self._recorder().record(events)
        for live, _ in reports:
            live.wait_for(durable)

    # --- the task ---------------------------------------------------------------------------------

    def _ensure_task(self) -> None:
        if not self._own_task:
            return
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._due = None
            self._task = loop.create_task(self._run(), name="arena loop")

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        self._tidying.start()
        try:
            while self.hosted:
                due = self.advance(clock())
                self._tidying.pause(due - clock())
                if self._ticks % RULES.tick_rate == 0:
                    self._measure()
                await asyncio.sleep(max(0.0, due - clock()))
        finally:
            self._tidying.stop()
            metrics.ROOMS_RUNNING.set(0)
            metrics.SHIPS.set(0)

    def _measure(self) -> None:
        counts = [group.running_ships() for group in self.groups.values()]
        metrics.ROOMS_RUNNING.set(sum(rooms for rooms, _ in counts))
        metrics.SHIPS.set(sum(ships for _, ships in counts))


_loop: ArenaLoop | None = None


def get_loop() -> ArenaLoop:
    """This process's loop."""
    global _loop
    if _loop is None:
        _loop = ArenaLoop()
    return _loop
