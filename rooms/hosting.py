"""The rooms that this process hosts: opened when a socket comes, followed, kept alive, closed when empty."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

from redis.exceptions import RedisError

import events.selectors
from events.live import abroadcast
from rooms import selectors, services
from rooms.background import Background
from rooms.bus import Bus
from rooms.database import in_thread
from rooms.errors import Close, HeldElsewhere, NotNow, RoomEnded
from rooms.games import get_game
from rooms.leases import Leases
from rooms.live import LiveRoom, LiveSeat, now_ms
from rooms.records import RoomRecord
from rooms.services.seating import HOLD_SECONDS
from rooms.settings_check import check_settings
from rooms.sockets import Socket

logger = logging.getLogger(__name__)

RENEW_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
EMPTY_SECONDS = HOLD_SECONDS + 10.0
COMPLETE_TRIES = 8
REREADS = 5

AWAY = (RedisError, OSError, TimeoutError)


class Host:
    """Opens, follows and closes rooms. All methods run in the loop; the database is asked in threads."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.leases = Leases()
        self.rooms: dict[UUID, LiveRoom] = {}
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._empty_since: dict[UUID, float] = {}
        self._wanted: set[UUID] = set()
        self._reads: dict[UUID, asyncio.Task[None]] = {}
        self._process = uuid4().hex
        self._background = Background()
        self.spawn = self._background.spawn
        self._kinds: dict[str, Callable[[LiveRoom, dict[str, Any]], None]] = {
            "room": self._on_room,
            "kick": lambda room, message: self.refresh_soon(room),
            "scores": self._on_scores,
            "presence": self._on_presence,
        }

    def start(self) -> None:
        self._background.every(RENEW_SECONDS, self.renew_leases)
        self._background.every(RENEW_SECONDS, self.tidy)
        self._background.every(HEARTBEAT_SECONDS, self.heartbeat)

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
        async with self._lock(room_id):
            if (room := self.rooms.get(room_id)) is not None:
                return room
            if not shared and not await self._take_lease(room_id):
                raise HeldElsewhere
            return await self._begin(room_id)

    async def _take_lease(self, room_id: UUID) -> bool:
        try:
            return await self.leases.take(room_id)
        except AWAY:
            logger.warning("Redis is away: no new room is hosted until it is back")
            return False

    async def close(self, room: LiveRoom) -> None:
        """Host the room no longer, and let another process do it at once."""
        if self.rooms.get(room.id) is not room:
            return
        self._forget(room)
        await self.bus.unlisten(f"room.{room.id}")
        if room.shared:
            return
        try:
            await self.leases.release(room.id)
        except AWAY:
            logger.info("Could not release the lease of %s; it ends by itself", room.code)

    async def _begin(self, room_id: UUID) -> LiveRoom:
        epoch = await in_thread(services.begin_hosting, room_id=room_id)
        await self.bus.listen(f"room.{room_id}", lambda message: self._on_message(room_id, message))
        record = await in_thread(selectors.read_room, room_id)
        points = await in_thread(events.selectors.room_totals, room_id)
        room = self._make(record, epoch)
        room.add_points(points)
        room.update(record)
        try:
            room.game = get_game(record.kind).open_live(room)
            await room.game.begin(self.bus)
        except Exception as error:
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
        self._wanted.discard(room.id)

    # --- sockets ----------------------------------------------------------------------------------

    def enter(self, room: LiveRoom, socket: Socket, *, as_player: bool) -> None:
        room.enter(socket, user_id=socket.user_id if as_player else None)
        self._empty_since.pop(room.id, None)
        if room.shared:
            self._tell_presence(room, socket, connected=True)
            if room.is_hosts(socket):
                self.spawn(in_thread(services.see_hosts, room_ids=[room.id]))

    def _tell_presence(self, room: LiveRoom, socket: Socket, *, connected: bool) -> None:
        """Other processes that serve the room hear who comes and goes here."""
        if socket.seat is not None:
            message = {
                "kind": "presence",
                "from": self._process,
                "user": str(socket.seat.user_id),
                "connected": connected,
            }
            self.spawn(abroadcast(f"room.{room.id}", message))

    def _on_presence(self, room: LiveRoom, message: dict[str, Any]) -> None:
        if message["from"] != self._process:
            room.follow_presence(int(message["user"]), connected=message["connected"])

    def part(self, room: LiveRoom, socket: Socket, *, code: int) -> None:
        """A socket closed. Its seat is held from now on; if the server is stopping, its room is let go."""
        seat = room.part(socket)
        if seat is not None:
            seat.held_until = now_ms() + HOLD_SECONDS * 1000
            self.spawn(self._let_go(seat))
            if room.shared:
                self._tell_presence(room, socket, connected=False)
        if not room.sockets and self.rooms.get(room.id) is room:
            self._empty_since[room.id] = time.monotonic()
            if code == Close.GOING_AWAY:
                self.spawn(self.close(room))

    async def _let_go(self, seat: LiveSeat) -> None:
        try:
            await in_thread(services.let_go, seat_id=seat.seat_id)
        except Exception:
            logger.warning("Could not note that seat %d was left; its hold ends a little early", seat.seat_id)

    # --- following the database -------------------------------------------------------------------

    async def refresh(self, room: LiveRoom) -> None:
        """Read the room again and push what changed. A read that was begun before is not enough.

        All who ask while one waits to begin share it: a hall that comes in at once is read a few times.
        """
        read = self._reads.get(room.id)
        if read is None:
            read = self._reads[room.id] = asyncio.create_task(self._read(room))
        await asyncio.shield(read)

    async def _read(self, room: LiveRoom) -> None:
        async with self._lock(room.id):
            self._reads.pop(room.id, None)
            self._wanted.discard(room.id)
            record = await in_thread(selectors.read_room, room.id)
            if self.rooms.get(room.id) is room:
                room.update(record)

    def refresh_soon(self, room: LiveRoom) -> None:
        """`refresh` in the background; many wishes at once become one read."""
        if room.id not in self._wanted:
            self._wanted.add(room.id)
            self.spawn(self._refresh_quietly(room))

    def refresh_all(self) -> None:
        """Messages were lost: read everything again, the scores too."""
        for room in self.rooms.values():
            self.refresh_soon(room)
            self.spawn(self._reread_scores(room))
            room.lost_messages()

    async def _refresh_quietly(self, room: LiveRoom) -> None:
        try:
            await self.refresh(room)
        except Exception:
            logger.warning("Could not read room %s again", room.code, exc_info=True)
        finally:
            self._wanted.discard(room.id)

    async def _reread_scores(self, room: LiveRoom) -> None:
        """What was heard while the database was asked may be newer than its answer: it is asked again."""
        try:
            for _ in range(REREADS):
                heard = room.board.heard
                points = await in_thread(events.selectors.room_totals, room.id)
                if room.board.heard == heard:
                    break
            room.add_points(points)
        except Exception:
            logger.warning("Could not read the scores of room %s", room.code, exc_info=True)

    def _on_message(self, room_id: UUID, message: dict[str, Any]) -> None:
        room = self.rooms.get(room_id)
        handle = self._kinds.get(message.get("kind", ""))
        if room is not None and handle is not None:
            handle(room, message)
        elif room is not None:
            room.heard(message)

    def _on_room(self, room: LiveRoom, message: dict[str, Any]) -> None:
        if message.get("version", room.record.version + 1) > room.record.version:
            self.refresh_soon(room)

    def _on_scores(self, room: LiveRoom, message: dict[str, Any]) -> None:
        room.board.heard += 1
        points = {int(user_id): points for user_id, points in message["players"].items()}
        if room.board.lowers(points):  # overtaken on the bus, or taken back: the database knows
            self.spawn(self._reread_scores(room))
        else:
            room.add_points(points)

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
        await self._refresh_quietly(room)

    async def _fail(self, room: LiveRoom, reason: str) -> None:
        try:
            await in_thread(services.fail, room_id=room.id, reason=reason)
        except NotNow:
            logger.info("Room %s was over before it failed", room.code)
        await self._refresh_quietly(room)
        room.shut()

    # --- upkeep -----------------------------------------------------------------------------------

    async def renew_leases(self) -> None:
        """Go on hosting; rooms that another process took meanwhile are given up with 4421."""
        try:
            held = await self.leases.renew([room.id for room in self.rooms.values() if not room.shared])
        except AWAY:
            return  # nobody else can take them either
        for room_id in [room_id for room_id, mine in held.items() if not mine]:
            if (room := self.rooms.get(room_id)) is not None:
                logger.warning("Room %s is hosted by another process now", room.code)
                room.close_all(Close.HELD_ELSEWHERE)
                self._forget(room)
                await self.bus.unlisten(f"room.{room_id}")

    async def tidy(self) -> None:
        """Free the seats of those who stayed away, close the rooms that nobody is in."""
        now = now_ms()
        for room in tuple(self.rooms.values()):
            if any(not seat.connected and seat.held_until < now for seat in room.seats.values()):
                await in_thread(services.free_expired_seats, room_id=room.id)
                await self.refresh(room)
        since = time.monotonic() - EMPTY_SECONDS
        for room_id in [room_id for room_id, empty in self._empty_since.items() if empty < since]:
            await self.close(self.rooms[room_id])

    async def heartbeat(self) -> None:
        """Hold the seats of everybody who is connected, in one statement, and notice what was missed."""
        alive = [room for room in self.rooms.values() if room.sockets]
        seats = [socket.seat.seat_id for room in alive for socket in room.players if socket.seat]
        if alive:
            await in_thread(services.keep_alive, seat_ids=seats, room_ids=[room.id for room in alive])
            await self._catch_up([room.id for room in alive])
        screens = [room.id for room in alive if room.shared and any(map(room.is_hosts, room.sockets))]
        if screens:
            await in_thread(services.see_hosts, room_ids=screens)

    async def _catch_up(self, room_ids: list[UUID]) -> None:
        """Read rooms again whose version says that a message about them was lost."""
        for room_id, version in (await in_thread(selectors.room_versions, room_ids)).items():
            room = self.rooms.get(room_id)
            if room is not None and version > room.record.version:
                self.refresh_soon(room)

    def _lock(self, room_id: UUID) -> asyncio.Lock:
        return self._locks.setdefault(room_id, asyncio.Lock())
