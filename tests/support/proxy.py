"""A network between a server and its clients that can be slow, cut, or silent."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

CHUNK = 1 << 16


class Proxy:
    """Hands TCP connections on from `port` to `target` on this machine, in a thread of its own.

    `delay`: seconds that each piece waits, in each direction. `cut`: connections end, and new ones do so at
    once. `hold`: connections stay, but nothing passes (a half-open network); all of them end on `heal`.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self._delay = 0.0
        self._cut = False
        self._passing = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._server = self._do(self._listen())
        self.port: int = self._server.sockets[0].getsockname()[1]

    def delay(self, seconds: float) -> None:
        """From now on, each piece comes so much later."""
        self._delay = seconds

    def cut(self) -> None:
        """Close all connections, and take no more."""
        self._cut = True
        self._do(self._close_all())

    def hold(self) -> None:
        """Let nothing pass, and say nothing."""
        self._do(self._set_passing(False))

    def heal(self) -> None:
        """A good network again, on which nobody waits for what was lost."""
        lossy = not self._passing.is_set()
        self._delay, self._cut = 0.0, False
        if lossy:
            self._do(self._close_all())
        self._do(self._set_passing(True))

    def stop(self) -> None:
        """Close everything."""
        self._server.close()
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _do(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _listen(self) -> asyncio.Server:
        self._passing.set()
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _set_passing(self, passing: bool) -> None:
        (self._passing.set if passing else self._passing.clear)()

    async def _close_all(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        self._writers.add(writer)
        try:
            with suppress(OSError):
                there_reader, there = await asyncio.open_connection("127.0.0.1", self.target)
                self._writers.add(there)
                try:
                    await asyncio.gather(self._pipe(reader, there), self._pipe(there_reader, writer))
                finally:
                    self._writers.discard(there)
                    there.transport.abort()
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(CHUNK):
                if self._delay:
                    await asyncio.sleep(self._delay)
                await self._passing.wait()
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()  # what one side ends, ends for both
