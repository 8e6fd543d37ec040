"""One browser's connection. Sending never blocks the caller and normally creates no task.

On uvicorn an ASGI `send` completes without suspending while the transport's buffer is below its mark, so it
is driven by hand. When it does suspend, the peer reads too slowly: a task then finishes it, and meanwhile
snapshots coalesce to the newest and reliable messages queue to a bound.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from rooms.encoding import AsgiMessage, binary_frame, text_frame
from rooms.errors import Close
from rooms.seats import LiveSeat
from rooms.wires import Send, Write

logger = logging.getLogger(__name__)

MAX_QUEUED = 64
CLOSE_SECONDS = 3.0


class _Rest:
    """The rest of a coroutine that was begun by hand and suspended on `first`."""

    def __init__(self, begun: Coroutine[Any, Any, None], first: Any) -> None:
        self.begun, self.first = begun, first

    def __await__(self) -> Generator[Any, Any, None]:
        yield self.first
        yield from self.begun.__await__()


class Socket:
    """A player's or spectator's connection (`seat` is None for a spectator).

    `send_snapshot` may drop old frames; `send` never drops: it closes a socket that is too slow with 4408.
    """

    __slots__ = ("_busy", "_drop", "_queue", "_send", "_snapshot", "_wire", "closed", "seat", "user_id")

    def __init__(
        self,
        *,
        send: Send,
        drop: Callable[[], None],
        user_id: int | None = None,
        wire: Write | None = None,
    ) -> None:
        """`drop` ends the connection at once, for a peer that does not even read the close frame.

        `wire`, if any, is a shorter way than `send` for what it takes.
        """
        self.seat: LiveSeat | None = None
        self.user_id = user_id
        self.closed: int | None = None
        self._send = send
        self._drop = drop
        self._wire = wire
        self._busy: asyncio.Task[None] | None = None
        self._snapshot: AsgiMessage | None = None
        self._queue: deque[AsgiMessage] = deque()

    def send_snapshot(self, frame: bytes) -> None:
        """Send a binary frame, or remember it as the newest if the peer is slow."""
        self.offer(binary_frame(frame))

    def offer(self, message: AsgiMessage) -> None:
        """`send_snapshot` for a frame that is already wrapped (shared by many sockets)."""
        if self._busy is None:
            self._write(message)
        else:
            self._snapshot = message

    def send(self, message: dict[str, Any] | bytes) -> None:
        """Send reliably: a dict as JSON text, bytes as they are."""
        self.deliver(binary_frame(message) if isinstance(message, bytes) else text_frame(message))

    def deliver(self, message: AsgiMessage) -> None:
        """`send` for a message that is already encoded (shared by many sockets)."""
        if self._busy is None:
            self._write(message)
        elif len(self._queue) < MAX_QUEUED:
            self._queue.append(message)
        else:
            self.close(Close.TOO_SLOW)

    def close(self, code: int, reason: str = "") -> None:
        """Close with a code that the browser can read. Nothing is sent after it; twice is harmless."""
        if self.closed is not None:
            return
        message = {"type": "websocket.close", "code": int(code), "reason": reason}
        busy, self._busy = self._busy, None
        if busy is None:
            self._write(message)
            self.closed = int(code)
            return
        self.closed = int(code)
        busy.cancel()
        self._queue.clear()
        self._snapshot = None
        self._busy = asyncio.get_running_loop().create_task(self._close_slowly(message))

    def gone(self) -> None:
        """The peer has left: forget what was still to be sent."""
        self.closed = self.closed or 1006
        if self._busy is not None:
            self._busy.cancel()
            self._busy = None

    @property
    def busy(self) -> bool:
        """Whether the peer reads too slowly just now."""
        return self._busy is not None

    def _write(self, message: AsgiMessage) -> None:
        if self.closed is not None or (self._wire is not None and self._wire(message)):
            return
        sending: Any = self._send(message)
        try:
            first = sending.send(None)
        except StopIteration:
            return
        except Exception as error:
            self._broken(error)
            return
        self._busy = asyncio.get_running_loop().create_task(self._finish(_Rest(sending, first)))

    async def _finish(self, rest: _Rest) -> None:
        try:
            await rest
            while self.closed is None and (message := self._next()) is not None:
                await self._send(message)
        except Exception as error:
            self._broken(error)
        finally:
            if self._busy is asyncio.current_task():
                self._busy = None

    def _next(self) -> AsgiMessage | None:
        if self._queue:
            return self._queue.popleft()
        message, self._snapshot = self._snapshot, None
        return message

    async def _close_slowly(self, message: AsgiMessage) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._send(message)
        except Exception:
            logger.debug("A slow peer did not take the close frame")
        self._drop()

    def _broken(self, error: Exception) -> None:
        """The connection is gone, or the server cannot send on it: whoever is still there comes back anew."""
        if self.closed is None:
            logger.info("A connection broke: %r", error)
            self.closed = 1006
            self._drop()
