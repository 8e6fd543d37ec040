"""Lists that pages follow: one query and one encoding a process, at most once a second."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rooms import selectors
from rooms.background import end
from rooms.database import in_thread
from rooms.encoding import text_frame
from rooms.sockets import Socket

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0

Read = Callable[[], Awaitable[dict[str, Any]]]


class Feed:
    """Sockets that get `read()`'s message when they come and whenever it changed."""

    def __init__(self, read: Read, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self.sockets: set[Socket] = set()
        self._read = read
        self._pause = pause_seconds
        self._stale = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._told = 0

    async def enter(self, socket: Socket) -> None:
        """Send the list as it is now, and from then on its changes."""
        self.sockets.add(socket)
        if self._task is None:
            self._task = asyncio.create_task(self._follow())
        told, message = self._told, await self._read()
        if told == self._told:
            socket.send(message)
        else:  # all were told meanwhile, this one too; which of the two reads is newer, nobody knows
            self.changed()

    def part(self, socket: Socket) -> None:
        """The socket is gone. Nothing runs for a list that nobody follows."""
        self.sockets.discard(socket)
        if not self.sockets and self._task is not None:
            self._task.cancel()
            self._task = None

    def changed(self) -> None:
        """Push it again soon, if anybody follows."""
        if self.sockets:
            self._stale.set()

    def heard(self, message: dict[str, Any]) -> None:
        """The bus says that it changed."""
        self.changed()

    async def stop(self) -> None:
        await end(self._task)

    async def _follow(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            try:
                frame = text_frame(await self._read())
                self._told += 1
                for socket in tuple(self.sockets):
                    socket.deliver(frame)
            except Exception:
                logger.warning("A feed could not be read; trying again", exc_info=True)
                self._stale.set()
            await asyncio.sleep(self._pause)


def lobby_feed() -> Feed:
    async def read() -> dict[str, Any]:
        return {"event": "rooms", "rooms": await in_thread(selectors.lobby_rooms)}

    return Feed(read)


def leaderboard_feed() -> Feed:
    """Only a hint: the page fetches the rows of its own period."""

    async def read() -> dict[str, Any]:
        return {"event": "leaderboard"}

    return Feed(read)
