"""The rooms that this process hosts: opened when a socket comes, followed, kept alive, closed when empty."""

import asyncio
import logging
import time
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone

import events.selectors
from rooms import selectors, services
from rooms.background import Background
from rooms.bus import Bus
from rooms.clock import now_ms
from rooms.database import in_thread
from rooms.errors import Close, HeldElsewhere, NotNow, RoomEnded
from rooms.following import Following
from rooms.games import get_game
from rooms.leases import AWAY, Leases
from rooms.live import LiveRoom
from rooms.records import RoomRecord
from rooms.seats import LiveSeat
from rooms.services.seating import HOLD_SECONDS
from rooms.settings_check import check_settings
from rooms.sockets import Socket

logger = logging.getLogger(__name__)

COMPLETE_TRIES = 8


class Host:
    """Opens, follows and closes rooms. All methods run in the loop; the database is asked in threads."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.leases = Leases()
        self.rooms: dict[UUID, LiveRoom] = {}
        self._empty_since: dict[UUID, float] = {}
        self._background = Background()
        self.spawn = self._background.spawn
        self.following = Following(self.rooms, spawn=self.spawn)

    async def stop(self) -> None:
        """Close every room and end every task of ours."""
        for room in tuple(self.rooms.values()):
            room.close_all(Close.GOING_AWAY)
            await self.close(room)
        await self._background.stop()
        await self.leases.close()

    # --- opening and closing ----------------------------------------------------------------------

    async def open(self, room_id: UUID, *, shared: bool = False) -> LiveRoom:
        """The room, hosted here. `HeldElsewhere` if another process hosts it or nobody can say.

        A `shared` room needs no lease: other processes may serve it at the same time.
        """
        async with self.following.lock(room_id):
            if (room := self.rooms.get(room_id)) is not None:
                if room_id in self._empty_since:  # somebody is at the door: it is not to be closed now
                    self._empty_since[room_id] = time.monotonic()
                return room
            if not shared and not await self._take_lease(room_id):
                raise HeldElsewhere
            with self.following.opening(room_id):
                return await self._begin(room_id)

    async def _take_lease(self, room_id: UUID) -> bool:
        try:
            return await self.leases.take(room_id)
        except AWAY:
            logger.warning("Redis is away: no new room is hosted until it is back")
            return False

    async def close(self, room: LiveRoom) -> None:
        """Host the room no longer, and let another process do it at once."""
        async with self.following.lock(room.id):  # else who opens it again meanwhile would lose the new lease
            if self.rooms.get(room.id) is room:
                await self._close(room)

    async def close_empty(self, seconds: float) -> None:
        """Close the rooms that nobody has been in for so long, and nobody comes into meanwhile."""
        while empty := self._empty_for(seconds):
            async with self.following.lock(empty[0].id):
                if empty[0] in self._empty_for(seconds):
                    await self._close(empty[0])

    async def _close(self, room: LiveRoom) -> None:
        self._forget(room)
        await self.bus.unlisten(f"room.{room.id}")
        if room.shared:
            return
        try:
            await self.leases.release(room.id)
        except AWAY:
            logger.info("Could not release the lease of %s; it ends by itself", room.code)

    async def give_up(self, room: LiveRoom) -> None:
        """Another process hosts it: send everybody there."""
        room.close_all(Close.HELD_ELSEWHERE)
        self._forget(room)
        await self.bus.unlisten(f"room.{room.id}")

    def _empty_for(self, seconds: float) -> list[LiveRoom]:
        since = time.monotonic() - seconds
        return [self.rooms[room_id] for room_id, empty in self._empty_since.items() if empty < since]

    async def _begin(self, room_id: UUID) -> LiveRoom:
        epoch = await in_thread(services.begin_hosting, room_id=room_id)
        await self.bus.listen(f"room.{room_id}", partial(self.following.hear, room_id))
        record = await in_thread(selectors.read_room, room_id)
        points = await in_thread(events.selectors.room_totals, room_id)
        room = self._make(record, epoch)
        room.add_points(points)
        room.update(record)
        try:
            room.stage.game = get_game(record.kind).open_live(room)
            await room.stage.game.begin(self.bus)
        except DatabaseError:  # away for a moment, maybe: who comes again finds the room as it was
            room.shut()
            raise
        except Exception as error:
            room.shut()
            logger.exception("The game in room %s did not start", record.code)
            await in_thread(services.fail, room_id=room_id, reason="The oven did not start. Sorry!")
            raise RoomEnded from error
        self.rooms[room_id] = room
        self._empty_since[room_id] = time.monotonic()
        return room

    def _make(self, record: RoomRecord, epoch: int) -> LiveRoom:
        return LiveRoom(
            id=record.id,
            code=record.code,
            kind=record.kind,
            epoch=epoch,
            capacity=record.capacity,
            settings=check_settings(record.kind, record.settings),
            completer=self._complete,
            failer=self._fail,
            record=record,
            shared=not get_game(record.kind).single_process,
        )

    def _forget(self, room: LiveRoom) -> None:
        room.shut()
        self.rooms.pop(room.id, None)
        self._empty_since.pop(room.id, None)
        self.following.forget(room.id)

    # --- sockets ----------------------------------------------------------------------------------

    def enter(self, room: LiveRoom, socket: Socket, *, as_player: bool) -> None:
        """Let a socket in. `HeldElsewhere` if the room was given up since it was opened."""
        if self.rooms.get(room.id) is not room:
            raise HeldElsewhere
        room.enter(socket, user_id=socket.user_id if as_player else None)
        self._empty_since.pop(room.id, None)
        if room.shared:
            self.following.tell_presence(room, socket, connected=True)
            if room.is_hosts_screen(socket):
                self.spawn(in_thread(services.see_hosts, room_ids=[room.id]))

    def part(self, room: LiveRoom, socket: Socket, *, code: int) -> None:
        """A socket closed. Its seat is held from now on; if the server is stopping, its room is let go."""
        seat = room.part(socket)
        if seat is not None:
            seat.held_until = now_ms() + HOLD_SECONDS * 1000
            self.spawn(self._let_go(seat, timezone.now()))
            if room.shared:
                self.following.tell_presence(room, socket, connected=False)
        if not room.sockets and self.rooms.get(room.id) is room:
            self._empty_since[room.id] = time.monotonic()
            if code == Close.GOING_AWAY:
                self.spawn(self.close(room))

    async def _let_go(self, seat: LiveSeat, at: datetime) -> None:
        try:
            await in_thread(services.let_go, seat_id=seat.seat_id, at=at)
        except Exception:
            logger.warning("Could not note that seat %d was left; its hold ends a little early", seat.seat_id)

    # --- ends -------------------------------------------------------------------------------------

    async def _complete(self, room: LiveRoom, results: dict[str, Any] | None) -> None:
        """Store the end of a round; with the database away, again after growing pauses."""
        for attempt in range(COMPLETE_TRIES):
            try:
                await in_thread(services.complete, room_id=room.id, results=results, epoch=room.epoch)
                break
            except NotNow:
                break
            except Exception:
                logger.warning("Could not complete room %s yet", room.code, exc_info=True)
                await asyncio.sleep(0.25 * 2**attempt)
        await self.following.refresh_quietly(room)

    async def _fail(self, room: LiveRoom, reason: str) -> None:
        try:
            await in_thread(services.fail, room_id=room.id, reason=reason)
        except NotNow:
            logger.info("Room %s was over before it failed", room.code)
        await self.following.refresh_quietly(room)
        room.shut()
