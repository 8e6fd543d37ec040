"""Work beside the sockets: begun and not waited for, or done again and again. What it raises is logged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from rooms.errors import RoomError

logger = logging.getLogger(__name__)

LAST_SECONDS = 5.0  # how long what was cancelled may take to clean up


async def end(*tasks: "asyncio.Task[Any] | None") -> None:
    """Cancel tasks and wait for their end; one that cleans up for too long is left to itself, and named."""
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    if running:
        _, late = await asyncio.wait(running, timeout=LAST_SECONDS)
        for task in late:
            logger.warning("%s does not end", task.get_coro())


class Background:
    """Holds its tasks until they end, so that none is lost on the way. All methods run in the loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Run a coroutine in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` after each pause of so many seconds, whatever it raises."""
        self.spawn(self._repeat(seconds, work))

    async def stop(self) -> None:
        """Cancel everything and wait for its end."""
        await end(*self._tasks)

    async def _repeat(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except RoomError as refusal:
                logger.info("Upkeep of rooms: %s", refusal)
            except Exception:
                logger.exception("Upkeep of rooms failed; trying again")

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("Work in the background failed", exc_info=error)
