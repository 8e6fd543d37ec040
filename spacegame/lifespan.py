"""The end of a web process, for those who hold something: leases of rooms, hits not durable yet."""

import asyncio
from typing import Any

from events.recorder import get_recorder
from rooms.hub import find_hub


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI's lifespan protocol. Without a good end a room's next host waits until the lease has run out."""
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    if (hub := find_hub()) is not None:
        await hub.stop()
    await asyncio.to_thread(get_recorder().stop, seconds=2.0)
    await send({"type": "lifespan.shutdown.complete"})
