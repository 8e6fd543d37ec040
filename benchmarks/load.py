"""Many players in one process of their own: they join, fly, shoot, and are counted.

Run by the other benchmarks as a child, so that its CPU is not the server's; reads its orders as JSON on
standard input, one a line, and answers each with one line of JSON.
"""

import asyncio
import random
import sys
from typing import Any

from benchmarks.orders import obey
from benchmarks.sockets import PlayerSocket, connect

THRUST, LEFT, RIGHT, FIRE = 1, 2, 4, 8
JOIN_AT_ONCE = 20


class Load:
    """The players of this process. `inputs`: key changes a second a player."""

    def __init__(self, origin: str, inputs: float) -> None:
        self.origin, self.inputs = origin, inputs
        self.players: list[PlayerSocket] = []
        self.flying: list[asyncio.Task[None]] = []

    async def join(self, seats: list[list[str]], sampled: int) -> dict[str, Any]:
        """Connect (path, cookie) pairs; the first `sampled` of them measure the way of an input."""
        gate = asyncio.Semaphore(JOIN_AT_ONCE)

        async def one(place: int, path: str, cookie: str) -> PlayerSocket:
            async with gate:
                return await connect(self.origin, path, cookie, sample=place < sampled)

        joined = await asyncio.gather(*(one(place, *seat) for place, seat in enumerate(seats)))
        self.players += joined
        self.flying += [asyncio.create_task(self._fly(player)) for player in joined]
        return {"players": len(self.players)}

    async def _fly(self, player: PlayerSocket) -> None:
        pause = 1 / self.inputs
        await asyncio.sleep(random.random() * pause)
        while not player.lost:
            player.send_keys(FIRE | random.choice((THRUST, THRUST | LEFT, THRUST | RIGHT, LEFT, RIGHT)))
            await asyncio.sleep(pause)

    async def count(self, seconds: float) -> dict[str, Any]:
        """Frames and bytes that came within some seconds, and the sampled latencies."""
        before = [(player.frames, player.bytes) for player in self.players]
        for player in self.players:
            player.latencies.clear()
        await asyncio.sleep(seconds)
        after = [(player.frames, player.bytes) for player in self.players]
        return {
            "frames": sum(new[0] - old[0] for new, old in zip(after, before, strict=True)),
            "bytes": sum(new[1] - old[1] for new, old in zip(after, before, strict=True)),
            "latencies": [seconds for player in self.players for seconds in player.latencies],
            "closed": sum(player.lost for player in self.players),
        }


async def main() -> None:
    await obey(Load(sys.argv[1], float(sys.argv[2])))


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
