"""What the arena's tests are cooked with: a room in memory, real sockets, and a clock turned by hand."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from events.contracts import NewEvent
from rooms.arena import wire
from rooms.arena.live import ArenaLive
from rooms.arena.loop import TICK_SECONDS, ArenaLoop
from rooms.arena.options import ArenaSettings
from rooms.live import LiveRoom
from rooms.records import RoomRecord
from rooms.seats import LiveSeat
from rooms.sockets import Socket

ROOM_ID = UUID("5ca1ab1e-0000-4000-8000-000000000001")
START_MS = 1_800_000_000_000


class Cellar:
    """A recorder whose events become durable when the test says so (at once, unless `slow`)."""

    def __init__(self, *, slow: bool = False) -> None:
        self.slow = slow
        self.batches: list[list[NewEvent]] = []
        self.open: list[asyncio.Future[None]] = []

    def record(self, events: Sequence[NewEvent]) -> "asyncio.Future[None]":
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.batches.append(list(events))
        if self.slow:
            self.open.append(future)
        else:
            future.set_result(None)
        return future

    @property
    def events(self) -> list[NewEvent]:
        return [event for batch in self.batches for event in batch]

    async def commit(self) -> None:
        """All that waits is durable now; what waited for it has run when this returns."""
        for future in self.open:
            future.set_result(None)
        self.open.clear()
        await asyncio.sleep(0)


class Diner:
    """A connected browser: the socket, and every frame that it got."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.texts: list[str] = []
        self.socket = Socket(send=self._take, drop=lambda: None)

    async def _take(self, message: dict[str, Any]) -> None:
        if "bytes" in message:
            self.frames.append(message["bytes"])
        elif "text" in message:
            self.texts.append(message["text"])

    @property
    def snapshots(self) -> list[wire.Snapshot]:
        return [wire.decode_snapshot(frame) for frame in self.frames]


class Kitchen:
    """One hosted room. `ticks(n)` lets n ticks go by; wall clock and loop clock move together."""

    def __init__(
        self, *, status: str = "IN_PROGRESS", cellar: Cellar | None = None, starts_ms: int | None = None,
        ends_ms: int | None = None, **settings: Any,
    ) -> None:  # fmt: skip
        self.cellar = cellar or Cellar()
        self.now = 0.0
        self.loop = ArenaLoop(recorder=lambda: self.cellar, wall=self.wall, own_task=False)
        self.results: list[Any] = []
        self.room = self.make_room(ArenaSettings(**{"size": 8, "bots": 0, **settings}), status)
        self.room.starts_at, self.room.ends_at = starts_ms, ends_ms
        self.live = self.open(self.room)

    def wall(self) -> int:
        return START_MS + round(self.now * 1000)

    def make_room(self, settings: ArenaSettings, status: str, room_id: UUID = ROOM_ID) -> LiveRoom:
        record = RoomRecord(
            id=room_id, code="PIZZAS", kind="arena", title="Test", visibility="public", status=status,
            locked=False, capacity=settings.size, settings={}, host_id=None, starts_at=None, ends_at=None,
            results=None, next_code=None, failure="", version=1, epoch=3,
        )  # fmt: skip
        return LiveRoom(
            id=room_id, code="PIZZAS", kind="arena", epoch=3, capacity=settings.size, settings=settings,
            completer=self._complete, failer=self._fail, record=record, status=status,
        )  # fmt: skip

    def open(self, room: LiveRoom) -> ArenaLive:
        live = ArenaLive(room, loop=self.loop)
        room.stage.game = live
        return live

    async def _complete(self, room: LiveRoom, results: dict[str, Any] | None) -> None:
        self.results.append(results)

    async def _fail(self, room: LiveRoom, reason: str) -> None:
        self.results.append(reason)

    def sit(self, slot: int, *, room: LiveRoom | None = None) -> Diner:
        """A player takes this slot. The user's id is 100 + slot."""
        room = room or self.room
        seat = LiveSeat(slot, 100 + slot, f"Pilot {slot}", slot, slot, f"pilot-{slot}", is_guest=True)
        room.seats[slot] = seat
        diner = Diner()
        diner.socket.user_id = seat.user_id
        room.enter(diner.socket, user_id=seat.user_id)
        return diner

    def watch(self) -> Diner:
        """Somebody looks on."""
        diner = Diner()
        self.room.enter(diner.socket, user_id=None)
        return diner

    def leave(self, slot: int) -> None:
        self.room._vacate(self.room.seats[slot], kicked=False)

    def ticks(self, count: int) -> None:
        for _ in range(count):
            self.loop.advance(self.now)
            self.now += TICK_SECONDS

    def aim_at(self, shooter: int, victim: int, *, hull: int = 3, live: ArenaLive | None = None) -> None:
        """Put two ships side by side, the shooter's nose at the other, ready to fire; no shields."""
        live = live or self.live
        world, row = live._world, live._row
        for slot, x in ((shooter, 30000), (victim, 32000)):
            world.x[row, slot], world.y[row, slot], world.heading[row, slot] = x, 30000, 0
            world.vx[row, slot] = world.vy[row, slot] = 0
            world.hull[row, slot], world.shield[row, slot], world.cooldown[row, slot] = hull, 0, 0
            world.respawn[row, slot] = 0

    def press(self, diner: Diner, keys: int, *, sequence: int = 1, tick: int | None = None) -> None:
        frame = wire.encode_input(sequence=sequence, tick=self.live.tick if tick is None else tick, keys=keys)
        self.room.receive(diner.socket, frame)

    def shoot(self, shooter: Diner, *, sequence: int = 1) -> None:
        """One olive: pressed now, let go on the next tick."""
        self.press(shooter, 8, sequence=sequence)
        self.ticks(1)
        self.press(shooter, 0, sequence=sequence + 1)
