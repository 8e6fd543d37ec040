"""Telling other processes that something changed: one message a process, whatever the number of sockets.

The channel layer may lose messages; everything said here can be asked for again (versions, absolute totals).
"""

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer


async def abroadcast(topic: str, message: dict[str, Any]) -> None:
    """Send `message` to every process whose hub listens to `topic` (such as `room.<uuid>`, `lobby`)."""
    layer = get_channel_layer()
    await layer.group_send(topic, {"type": "hub.message", "topic": topic, "message": message})


def broadcast(topic: str, message: dict[str, Any]) -> None:
    """The same from synchronous code."""
    async_to_sync(abroadcast)(topic, message)
