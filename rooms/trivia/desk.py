"""What a web process does for all of its quizzes together: one subscription, one read at a time for all that
moved, one transaction at a time for all answers that came meanwhile, one pulse."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

from rooms.background import Background
from rooms.bus import Bus
from rooms.clock import now_ms
from rooms.database import in_thread
from rooms.errors import RoomError
from rooms.live import LiveRoom
from rooms.trivia import services
from rooms.trivia.models import Answer
from rooms.trivia.selectors import GameRecord, read_games
from rooms.trivia.services.advancing import TOPIC

logger = logging.getLogger(__name__)

PULSE_SECONDS = 0.25
MOST_ANSWERS = 500

Pending = tuple[services.Sent, "asyncio.Future[Answer | RoomError]"]


class Served(Protocol):
    """A quiz that the desk serves. `rooms.trivia.live` is the one that there is."""

    room: LiveRoom

    def follow(self, record: GameRecord) -> None: ...

    def beat(self, now: int) -> bool: ...


class Desk:
    """The quizzes of one event loop. All methods run in it; the database is asked in threads."""

    def __init__(self) -> None:
        self.lives: dict[UUID, Served] = {}
        self._bus: Bus | None = None
        self._listening: asyncio.Future[None] | None = None
        self._reading = asyncio.Lock()
        self._background = Background()
        self._stale: set[UUID] = set()
        self._new: set[UUID] = set()
        self._answers: list[Pending] = []
        self._busy: set[Callable[[], Coroutine[Any, Any, None]]] = set()
        self._pulse: asyncio.Task[None] | None = None

    async def enter(self, live: Served, bus: Bus) -> None:
        """Serve a game from now on; returns when it was read."""
        self.lives[live.room.id] = live
        if self._listening is None or self._bus is not bus:
            self._bus, self._listening = bus, asyncio.ensure_future(bus.listen(TOPIC, self._on_moved))
        if self._pulse is None:
            self._pulse = asyncio.create_task(self._beat())
        await asyncio.shield(self._listening)  # also who comes second reads only then
        await self._follow({live.room.id})

    def leave(self, live: Served) -> None:
        """Serve it no longer; with the last one the pulse ends."""
        if self.lives.get(live.room.id) is live:
            del self.lives[live.room.id]
        if not self.lives and self._pulse is not None:
            self._pulse.cancel()
            self._pulse = None

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do it in the background; what it raises is logged."""
        self._background.spawn(work)

    # --- reading ----------------------------------------------------------------------------------

    def read(self, room_id: UUID) -> None:
        """Read a game again soon; many wishes become one query."""
        self._stale.add(room_id)
        self._run(self._read)

    async def _read(self) -> None:
        while self._stale:
            room_ids, self._stale = self._stale & self.lives.keys(), set()
            if room_ids:
                await self._follow(room_ids)

    async def _follow(self, room_ids: set[UUID]) -> None:
        """One read at a time: none is followed after a later one."""
        async with self._reading:
            for room_id, record in (await in_thread(read_games, room_ids)).items():
                if (live := self.lives.get(room_id)) is not None:
                    live.follow(record)

    def _on_moved(self, message: dict[str, Any]) -> None:
        for text in message["rooms"]:
            if (room_id := UUID(text)) in self.lives:
                self.read(room_id)

    # --- writing ----------------------------------------------------------------------------------

    async def answer(self, sent: services.Sent) -> Answer:
        """Keep an answer, in one transaction with all that came meanwhile. Raises why not."""
        future: asyncio.Future[Answer | RoomError] = asyncio.get_running_loop().create_future()
        self._answers.append((sent, future))
        self._run(self._record)
        result = await future
        if isinstance(result, RoomError):
            raise result
        return result

    async def _record(self) -> None:
        while self._answers:
            batch, self._answers = self._answers[:MOST_ANSWERS], self._answers[MOST_ANSWERS:]
            try:
                results = await in_thread(services.record_answers, [sent for sent, _ in batch])
            except Exception:
                logger.exception("%d answers could not be kept", len(batch))
                results = [RoomError() for _ in batch]
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)

    def enrol(self, room_id: UUID) -> None:
        """Somebody came; give them a place in the game."""
        self._new.add(room_id)
        self._run(self._enrol)

    async def _enrol(self) -> None:
        while self._new:
            await in_thread(services.enrol, room_id=self._new.pop())

    def _run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run `work` unless it runs already; it takes what has come until there is no more."""
        if work not in self._busy:
            self._busy.add(work)
            self.spawn(self._finish(work))

    async def _finish(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        finally:
            self._busy.discard(work)

    # --- the pulse --------------------------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            late = [room_id for room_id, live in list(self.lives.items()) if live.beat(now_ms())]
            if late:
                with contextlib.suppress(Exception):
                    await self._nudge(late)

    async def _nudge(self, room_ids: list[UUID]) -> None:
        """Nobody moved these on: worker, beat or bus are away. So they are moved on, or read, here."""
        done = await in_thread(services.advance, now=now_ms(), room_ids=room_ids)
        if done:
            logger.warning("%d quizzes were moved on here: are the worker and beat well?", done)
        for room_id in room_ids:
            self.read(room_id)


_desks: WeakKeyDictionary[asyncio.AbstractEventLoop, Desk] = WeakKeyDictionary()


def get_desk() -> Desk:
    """The desk of the running loop."""
    return _desks.setdefault(asyncio.get_running_loop(), Desk())
