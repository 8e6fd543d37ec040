"""Live rooms as the database has them: what moved is read again, and the differences are pushed."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

import events.selectors
from events.live import abroadcast
from rooms import selectors
from rooms.database import in_thread
from rooms.live import LiveRoom
from rooms.sockets import Socket

logger = logging.getLogger(__name__)

REREADS = 5


class Following:
    """Of the rooms of one process, by id. All methods run in the loop; the database is asked in threads."""

    def __init__(
        self, rooms: Mapping[UUID, LiveRoom], *, spawn: Callable[[Coroutine[Any, Any, Any]], Any]
    ) -> None:
        self._rooms = rooms
        self._spawn = spawn
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._wanted: set[UUID] = set()
        self._reads: dict[UUID, asyncio.Task[None]] = {}
        self._opening: dict[UUID, bool] = {}  # whether something was said meanwhile
        self._process = uuid4().hex
        self._kinds: dict[str, Callable[[LiveRoom, dict[str, Any]], None]] = {
            "room": self._on_room,
            "kick": lambda room, message: self.refresh_soon(room),
            "scores": self._on_scores,
            "presence": self._on_presence,
        }

    def lock(self, room_id: UUID) -> asyncio.Lock:
        """Whoever reads or opens the room holds it."""
        return self._locks.setdefault(room_id, asyncio.Lock())

    @contextmanager
    def opening(self, room_id: UUID) -> Iterator[None]:
        """While the room is read for the first time; what is said about it meanwhile is read again then."""
        self._opening[room_id] = False
        try:
            yield
        finally:
            missed = self._opening.pop(room_id)
        if missed and (room := self._rooms.get(room_id)) is not None:
            self._read_all_again(room)

    # --- reading again ----------------------------------------------------------------------------

    async def refresh(self, room: LiveRoom) -> None:
        """Read the room again and push what changed. A read that was begun before is not enough.

        All who ask while one waits to begin share it: a hall that comes in at once is read a few times.
        """
        read = self._reads.get(room.id)
        if read is None:
            read = self._reads[room.id] = asyncio.create_task(self._read(room))
        await asyncio.shield(read)

    async def _read(self, room: LiveRoom) -> None:
        async with self.lock(room.id):
            self._reads.pop(room.id, None)
            self._wanted.discard(room.id)
            record = await in_thread(selectors.read_room, room.id)
            if self._rooms.get(room.id) is room:
                room.update(record)

    def refresh_soon(self, room: LiveRoom) -> None:
        """`refresh` in the background; many wishes at once become one read."""
        if room.id not in self._wanted:
            self._wanted.add(room.id)
            self._spawn(self.refresh_quietly(room))

    def forget(self, room_id: UUID) -> None:
        """It is not hosted here any more; should it be again, its wishes are new ones."""
        self._wanted.discard(room_id)

    def refresh_all(self) -> None:
        """Messages were lost: read everything again, the scores too."""
        self._opening = dict.fromkeys(self._opening, True)
        for room in self._rooms.values():
            self._read_all_again(room)

    def _read_all_again(self, room: LiveRoom) -> None:
        self.refresh_soon(room)
        self._spawn(self._reread_scores(room))
        room.lost_messages()

    async def refresh_quietly(self, room: LiveRoom) -> None:
        """`refresh`, and if it fails a line in the log."""
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

    # --- messages ---------------------------------------------------------------------------------

    def hear(self, room_id: UUID, message: dict[str, Any]) -> None:
        """A message about a room."""
        if room_id in self._opening:
            self._opening[room_id] = True
        room = self._rooms.get(room_id)
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
            self._spawn(self._reread_scores(room))
        else:
            room.add_points(points)

    def tell_presence(self, room: LiveRoom, socket: Socket, *, connected: bool) -> None:
        """Other processes that serve the room hear who comes and goes here."""
        if socket.seat is not None:
            message = {
                "kind": "presence",
                "from": self._process,
                "user": str(socket.seat.user_id),
                "connected": connected,
            }
            self._spawn(abroadcast(f"room.{room.id}", message))

    def _on_presence(self, room: LiveRoom, message: dict[str, Any]) -> None:
        if message["from"] != self._process:
            room.follow_presence(int(message["user"]), connected=message["connected"])
