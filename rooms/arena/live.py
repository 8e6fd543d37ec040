"""One arena room in the process that hosts it: between the room, the loop, and the row of the world."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

import numpy as np

from events.contracts import NewEvent
from rooms.arena.cast import bot_seat, bot_slots
from rooms.arena.hit_events import Found, HitEvents
from rooms.arena.inputs import InputQueue
from rooms.arena.loop import ArenaLoop
from rooms.arena.options import ArenaSettings
from rooms.arena.rules import RULES
from rooms.arena.showing import Showing
from rooms.arena.snapshots import CellFrames, encode_keyframe
from rooms.arena.tally import Pilot, Scorecard, podium
from rooms.arena.wire import decode_input
from rooms.arena.world import step
from rooms.errors import BadFrame
from rooms.live import LiveRoom
from rooms.live_game import LiveGame
from rooms.models import Status
from rooms.seats import LiveSeat
from rooms.sockets import Socket


class ArenaLive(LiveGame):
    """One room's ships in the process's loop.

    In the lobby the world runs as practice: hits are shown, and are nobody's points. A round begins with
    fresh ships, frozen until its countdown ends. Without sockets nothing moves.
    """

    def __init__(self, room: LiveRoom, *, loop: ArenaLoop) -> None:
        self.room = room
        self._settings = cast(ArenaSettings, room.settings)
        self._seed = (room.id.int ^ room.epoch * 0x9E3779B1) & 0xFFFFFFFF
        self._events = HitEvents(room.id, room.epoch)
        self._pilots: dict[int, Pilot] = {}
        self._scorecard = Scorecard(room.points)
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
        self._loop.record()
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
        fired = self._world.fired[self._row]
        return podium(
            (pilot, self._scorecard.of(pilot), int(fired[slot])) for slot, pilot in self._pilots.items()
        )

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
            shooter, victim = self._pilots.get(hit.shooter), self._pilots.get(hit.victim)
            if shooter is None or victim is None:
                continue
            self._scorecard.count(shooter, victim, destroyed=hit.destroyed)
            if self._status == Status.IN_PROGRESS and (shooter.user_id or victim.user_id):
                made = self._events.make(
                    hit, tick=self.tick, shooter=shooter, victim=victim, occurred_at=occurred_at
                )
                events.append(made)
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
        self._loop.record()
        tick = self.tick
        self._world.reset_room(self._row, seed=self._seed)
        self._world.tick[self._row] = tick
        self._scorecard.clear()
        for slot, pilot in self._pilots.items():
            self._inputs.forget(slot)
            self._world.add_ship(self._row, slot, bot=pilot.user_id is None)
        step(self._world, self._world.keys, self._world.aim, np.array([self._row]))
        frame = encode_keyframe(self._world, self._row)
        self._push(partial(self.room.broadcast_snapshot, frame), droppable=False)

    def _finish(self) -> None:
        """The last snapshot has left the loop; the podium follows it when its hits are safe."""
        self._over = True
        self._push(partial(self._complete, self.results()), droppable=False)

    def _complete(self, results: dict[str, Any]) -> None:
        self.room.complete(results)

    # --- ships ------------------------------------------------------------------------------------

    def _put_in(self, pilot: Pilot) -> None:
        self._pilots[pilot.slot] = pilot
        self._world.add_ship(self._row, pilot.slot, bot=pilot.user_id is None)

    def _take_out(self, slot: int) -> None:
        pilot = self._pilots.pop(slot, None)
        if pilot is None:
            return
        self._scorecard.leave(pilot, shots=int(self._world.fired[self._row, slot]))
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

    # --- showing ----------------------------------------------------------------------------------

    def _push(self, show: "partial[None]", *, droppable: bool = True) -> None:
        waits, self._waits = self._waits, []
        self._showing.push(show, waits=waits, droppable=droppable)


def _send_each(frames: Sequence[tuple[Socket, bytes]]) -> None:
    for socket, frame in frames:
        socket.send_snapshot(frame)
