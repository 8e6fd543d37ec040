"""Telling other processes that something changed: one message a process, whatever the number of sockets.

The channel layer may lose messages; everything said here can be asked for again (versions, absolute totals).
So nobody waits for it, and a Redis that is away stops nobody.
"""

import asyncio
import logging
import threading
import time
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import ConnectionError as RedisConnectionError

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2.0
TRIES = 3
CAPACITY = 1000  # messages on their way; what comes on top is dropped
COMPLAINT_SECONDS = 30.0


async def abroadcast(topic: str, message: dict[str, Any]) -> None:
    """Send `message` to every process whose hub listens to `topic` (such as `room.<uuid>`, `lobby`)."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await _send_to_group(topic, {"type": "hub.message", "topic": topic, "message": message})
    except Exception as error:
        _complain(error)


async def _send_to_group(topic: str, message: dict[str, Any]) -> None:
    """Try again at once: a pooled connection may have died with the Redis before this one."""
    layer = get_channel_layer()
    for tries in range(1, TRIES + 1):
        try:
            await layer.group_send(topic, message)
            return
        except RedisConnectionError:
            if tries == TRIES:
                raise


def broadcast(topic: str, message: dict[str, Any]) -> None:
    """The same from synchronous code, without waiting: a thread of its own sends it."""
    _speaker.say(topic, message)


def broadcast_at_most(topic: str, message: dict[str, Any], *, seconds: float) -> None:
    """Broadcast now, or if `topic` had a message a moment ago, once when `seconds` have passed since."""
    _speaker.say_at_most(topic, message, seconds)


class _Speaker:
    """An event loop in a thread, so that one connection to Redis serves all broadcasts of the process."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting = threading.Lock()
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._said: dict[str, float] = {}
        self._waiting: set[str] = set()

    def say(self, topic: str, message: dict[str, Any]) -> None:
        self._running_loop().call_soon_threadsafe(self._send, topic, message)

    def say_at_most(self, topic: str, message: dict[str, Any], seconds: float) -> None:
        self._running_loop().call_soon_threadsafe(self._send_at_most, topic, message, seconds)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="broadcasts", daemon=True).start()
            return self._loop

    def _send(self, topic: str, message: dict[str, Any]) -> None:
        if len(self._on_their_way) >= CAPACITY:
            return
        task = asyncio.ensure_future(abroadcast(topic, message))
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)

    def _send_at_most(self, topic: str, message: dict[str, Any], seconds: float) -> None:
        if topic in self._waiting:
            return
        wait = self._said.get(topic, -seconds) + seconds - time.monotonic()
        if wait <= 0:
            self._send_and_note(topic, message)
        else:
            self._waiting.add(topic)
            asyncio.get_running_loop().call_later(wait, self._send_and_note, topic, message)

    def _send_and_note(self, topic: str, message: dict[str, Any]) -> None:
        self._waiting.discard(topic)
        self._said[topic] = time.monotonic()
        self._send(topic, message)


_speaker = _Speaker()
_complained_at = -COMPLAINT_SECONDS


def _complain(error: BaseException) -> None:
    global _complained_at
    if time.monotonic() - _complained_at >= COMPLAINT_SECONDS:
        _complained_at = time.monotonic()
        logger.warning("Broadcasts do not get through: %s", error or type(error).__name__)
