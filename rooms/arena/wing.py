"""A socket client that goes on playing: it flies, and comes back when the server was away."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from rooms.arena.client import ArenaClient, Refused
from rooms.arena.pilot import Pilot

# As in rooms/static/rooms/closing.js.
COME_BACK = {1000, 1001, 1005, 1006, 1011, 1012, 1013, 4408, 4421}
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 4.0


class Wing:
    """One pilot in one seat. `cookie` is the Cookie header of the player's session."""

    def __init__(self, *, url: str, code: str, cookie: str, pilot: Pilot) -> None:
        self.url, self.code, self.cookie, self.pilot = url, code, cookie, pilot
        self.client: ArenaClient | None = None
        self.on_client: Callable[[ArenaClient], None] | None = None
        self.refused = ""

    @property
    def playing(self) -> bool:
        """Whether it has a seat and a living socket."""
        return bool(self.client and self.client.slot is not None and self.client.close_code is None)

    @property
    def points(self) -> int:
        """What the server last said that it scored in this room."""
        if self.client is None or self.client.slot is None:
            return 0
        return self.client.view.scores.get(self.client.slot, 0)

    async def play(self) -> None:
        """Play until cancelled, or until the server says no in a way that waiting will not change."""
        pause = FIRST_PAUSE_SECONDS
        while not self.refused:
            try:
                await self._once()
            except (Refused, OSError) as error:
                if not may_come_back(error):
                    self.refused = str(error)
                    return
            pause = FIRST_PAUSE_SECONDS if self._was_in() else min(pause * 2, LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause)

    def _was_in(self) -> bool:
        return self.client is not None and self.client.slot is not None

    async def _once(self) -> None:
        self.client = None
        async with ArenaClient(url=self.url, code=self.code, cookie=self.cookie) as client:
            self.client = client
            if self.on_client:
                self.on_client(client)
            try:
                await client.fly(self.pilot.steer)
            except asyncio.CancelledError:
                await _leave(client)
                raise


async def _leave(client: ArenaClient) -> None:
    with suppress(Refused, TimeoutError):
        async with asyncio.timeout(1):
            await client.request("room.leave")


def may_come_back(error: Exception) -> bool:
    """Whether waiting may help: the server is away, restarts, or the room moves."""
    return not isinstance(error, Refused) or error.code in COME_BACK
