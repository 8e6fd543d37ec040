"""The arena as rooms sees it: one `ArenaLive` for each room that this process hosts."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, ClassVar, cast

import numpy as np
from msgspec import Meta

from events.contracts import NewEvent
from rooms.arena.bots import SkillName
from rooms.arena.cast import bot_seat, bot_slots
from rooms.arena.ids import HitIds
from rooms.arena.inputs import InputQueue
from rooms.arena.loop import ArenaLoop, get_loop
from rooms.arena.rules import RULES
from rooms.arena.showing import Showing
from rooms.arena.snapshots import CellFrames, encode_keyframe
from rooms.arena.tally import Pilot, Tally, podium
from rooms.arena.wire import decode_input
from rooms.arena.world import step
from rooms.errors import BadFrame
from rooms.games import Game, GameSettings, LiveGame
from rooms.live import LiveRoom, LiveSeat, Socket
from rooms.models import Status

SOURCE = "arena"

Found = tuple[int, int, int, bool]  # shooter, victim, olive, destroyed


class ArenaSettings(GameSettings):
    """What the host of an arena chooses. `round_seconds` 0 is endless; bots fill up to `bots` ships."""

    size: Annotated[int, Meta(ge=2, le=100)] = 8
    round_seconds: Annotated[int, Meta(ge=0, le=1800)] = 0
    bots: Annotated[int, Meta(ge=0, le=100)] = 4
    skill: SkillName = "medium"

    def __post_init__(self) -> None:
        if 0 < self.round_seconds < 60:
            raise ValueError("a round lasts 60 seconds at least, or 0 for no end")
        if self.bots > self.size:
            raise ValueError("there are more bots than ships")


class ArenaGame(Game):
    """Ships, olives, points."""

    kind = "arena"
    title = "Arena"
    settings_type: ClassVar[type[GameSettings]] = ArenaSettings
    template = "arena/room.html"

    def capacity(self, settings: GameSettings) -> int:
        return cast(ArenaSettings, settings).size

    def quick_settings(self) -> GameSettings:
        return ArenaSettings(size=16, round_seconds=0, bots=7, skill="easy")

    def open_live(self, room: LiveRoom) -> "ArenaLive":
        return ArenaLive(room, loop=get_loop())


class ArenaLive(LiveGame):
    """One room's ships in the process's loop.

    In the lobby the world runs as practice: hits are shown, and are nobody's points. A round begins with
    fresh ships, frozen until its countdown ends. Without sockets nothing moves.
    """

    def __init__(self, room: LiveRoom, *, loop: ArenaLoop) -> None:
        self.room = room
        self._settings = cast(ArenaSettings, room.settings)
        self._seed = (room.id.int ^ room.epoch * 0x9E3779B1) & 0xFFFFFFFF
        self._ids = HitIds(room.id, room.epoch)
        self._pilots: dict[int, Pilot] = {}
        self._tallies: dict[int, Tally] = {}
        self._inputs = InputQueue()
        self._showing = Showing()
        self._waits: list[asyncio.Future[None]] = []
        self._bots: set[int] = set()
        self._over = False
        self._status = room.status
        self._loop = loop
        self._group, self._row = loop.add(self, capacity=room.capacity, seed=self._seed)
        self._world = self._group.world
        self._group.bots.set_skill(self._row, self._settings.skill)
        self._cast_bots()

    # --- what rooms calls -------------------------------------------------------------------------

    @property
    def tick(self) -> int:  # type: ignore[override]
        """How often the room's world was stepped."""
        return int(self._world.tick[self._row])

    def seat_joined(self, seat: LiveSeat) -> None:
        if self._pilots.get(seat.slot) is seat:
            return
        self._take_out(seat.slot)
        self._put_in(seat)
        self._cast_bots()

    def seat_left(self, seat: LiveSeat) -> None:
        if self._pilots.get(seat.slot) is seat:
            self._take_out(seat.slot)
        self._cast_bots()

    def socket_joined(self, socket: Socket) -> None:
        frame = encode_keyframe(self._world, self._row)
        self._showing.push(partial(socket.send_snapshot, frame), waits=tuple(self._waits))

    def receive(self, socket: Socket, frame: bytes) -> None:
        try:
            received = decode_input(frame)
        except ValueError as error:
            raise BadFrame from error
        if socket.seat is not None and self._pilots.get(socket.seat.slot) is socket.seat:
            self._inputs.push(socket.seat.slot, received, now=self.tick)

    def room_changed(self) -> None:
        before, self._status = self._status, self.room.status
        if before != self._status == Status.IN_PROGRESS:
            self._begin()
        if before != self._status:
            self.room.game_changed()

    def view(self) -> dict[str, Any]:
        return {
            "bots": [seat.view() for _, seat in sorted(self._pilots.items()) if seat.user_id is None],
            "tick_rate": RULES.tick_rate,
            "practice": self._status == Status.LOBBY,
        }

    def results(self) -> dict[str, Any]:
        """The podium as it stands: everybody who holds a ship, bots included."""
        return podium(self._standing())

    def close(self) -> None:
        self._showing.clear()
        self._loop.remove(self._group, self._row)

    # --- what the loop calls ----------------------------------------------------------------------

    def wants_to_run(self, *, now_ms: int) -> bool:
        """Whether the world moves until the next snapshot. Ends the round when its time has come."""
        if self._over or (not self.room.sockets and not self._has_ended(now_ms)):
            return False
        if self._status == Status.LOBBY:
            return True
        if self._status != Status.IN_PROGRESS or now_ms < (self.room.starts_at or 0):
            return False
        if self._has_ended(now_ms):
            self._finish()
            return False
        return True

    def apply_inputs(self) -> None:
        self._inputs.apply(self._world, self._row)

    def take_hits(self, found: Iterable[Found], *, now_ms: int) -> list[NewEvent]:
        """Count the hits of a tick. Those that concern a person, outside of practice, are events."""
        occurred_at = datetime.fromtimestamp(now_ms / 1000, UTC)
        events = []
        for hit in found:
            shooter, victim = self._pilots.get(hit[0]), self._pilots.get(hit[1])
            if shooter is None or victim is None:
                continue
            self._count(shooter, victim, destroyed=hit[3])
            if self._status == Status.IN_PROGRESS and (shooter.user_id or victim.user_id):
                events.append(self._event(shooter, victim, hit, occurred_at))
        return events

    def wait_for(self, durable: "asyncio.Future[None]") -> None:
        """The next snapshot shows something that must be safe first."""
        self._waits.append(durable)

    def show(self, frame: bytes) -> None:
        """One frame for everybody."""
        self._push(partial(self.room.broadcast_snapshot, frame))

    def show_cells(self, frames: CellFrames) -> None:
        """To each player what is around their ship, to those who watch everything."""
        own = [
            (socket, frames.around(socket.seat.slot) if socket.seat else frames.whole())
            for socket in self.room.sockets
        ]
        self._push(partial(_send_each, own))

    # --- rounds -----------------------------------------------------------------------------------

    def _has_ended(self, now_ms: int) -> bool:
        ends_at = self.room.ends_at
        return self._status == Status.IN_PROGRESS and ends_at is not None and now_ms >= ends_at

    def _begin(self) -> None:
        """Fresh ships for everybody; the clock goes on, so that ticks never repeat."""
        tick = self.tick
        self._world.reset_room(self._row, seed=self._seed)
        self._world.tick[self._row] = tick
        self._tallies.clear()
        for slot, pilot in self._pilots.items():
            self._inputs.forget(slot)
            self._world.add_ship(self._row, slot, bot=pilot.user_id is None)
        step(self._world, self._world.keys, self._world.aim, np.array([self._row]))
        frame = encode_keyframe(self._world, self._row)
        self._push(partial(self.room.broadcast_snapshot, frame), droppable=False)

    def _finish(self) -> None:
        """The last snapshot has left the loop; the podium follows it when its hits are safe."""
        self._over = True
        results = self.results()
        self._push(partial(self._complete, results), droppable=False)

    def _complete(self, results: dict[str, Any]) -> None:
        self.room.complete(results)

    def _standing(self) -> list[tuple[Pilot, Tally, int]]:
        return [(pilot, self._tally(pilot), self._shots(slot, pilot)) for slot, pilot in self._pilots.items()]

    # --- ships ------------------------------------------------------------------------------------

    def _put_in(self, pilot: Pilot) -> None:
        self._pilots[pilot.slot] = pilot
        self._world.add_ship(self._row, pilot.slot, bot=pilot.user_id is None)

    def _take_out(self, slot: int) -> None:
        pilot = self._pilots.pop(slot, None)
        if pilot is None:
            return
        if pilot.user_id is None:
            self._tallies.pop(_key(pilot), None)
        else:
            self._tally(pilot).shots = self._shots(slot, pilot)
        self._inputs.forget(slot)
        self._world.remove_ship(self._row, slot)

    def _cast_bots(self) -> None:
        """Let bots come or go, so that people and bots together are as many as the host wished."""
        present = {slot for slot, pilot in self._pilots.items() if pilot.user_id is None}
        people = {*self.room.seats, *self._pilots.keys() - present}
        wished = bot_slots(capacity=self.room.capacity, people=people, wanted=self._settings.bots)
        for slot in present - wished:
            self._take_out(slot)
        for slot in wished - present:
            self._put_in(bot_seat(slot, seed=self._seed))
        if wished != self._bots:
            self._bots = wished
            self.room.game_changed()

    # --- hits -------------------------------------------------------------------------------------

    def _count(self, shooter: Pilot, victim: Pilot, *, destroyed: bool) -> None:
        self._tally(shooter).scored(destroyed=destroyed)
        if destroyed:
            self._tally(victim).died()

    def _tally(self, pilot: Pilot) -> Tally:
        """The pilot's counts; a person's points begin with what the ledger already has of this room."""
        key = _key(pilot)
        if key not in self._tallies:
            known = self.room.points.get(pilot.user_id, 0) if pilot.user_id is not None else 0
            self._tallies[key] = Tally(points=known)
        return self._tallies[key]

    def _shots(self, slot: int, pilot: Pilot) -> int:
        return self._tally(pilot).shots + int(self._world.fired[self._row, slot])

    def _event(self, shooter: Pilot, victim: Pilot, hit: Found, occurred_at: datetime) -> NewEvent:
        _, _, olive, destroyed = hit
        data = {
            "epoch": self.room.epoch,
            "tick": self.tick,
            "olive": olive,
            "victim": victim.user_id,
            "shooter_name": shooter.name,
            "victim_name": victim.name,
            "destroyed": destroyed,
        }
        return NewEvent(
            event_id=self._ids.of(self.tick, olive),
            type="SHIP_HIT",
            actor=shooter.user_id,
            room=self.room.id,
            data=data,
            occurred_at=occurred_at,
            source=SOURCE,
        )

    # --- showing ----------------------------------------------------------------------------------

    def _push(self, show: "partial[None]", *, droppable: bool = True) -> None:
        waits, self._waits = self._waits, []
        self._showing.push(show, waits=waits, droppable=droppable)


def _key(pilot: Pilot) -> int:
    return pilot.user_id if pilot.user_id is not None else -1 - pilot.slot


def _send_each(frames: Sequence[tuple[Socket, bytes]]) -> None:
    for socket, frame in frames:
        socket.send_snapshot(frame)
