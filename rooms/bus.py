"""The channel layer, one subscription a process and topic: what other processes say reaches listeners here.

The bus proves itself: each second it hears its own beat. A beat that is missing means that messages were
lost (Redis was away, say), so `on_gap` is called and everybody reads again what they follow. A bus that has
heard nothing for some seconds subscribes anew.
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer

from events.live import abroadcast
from rooms.background import end

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
DEAF_BEATS = 3
SUBSCRIBE_SECONDS = 2.0

Listener = Callable[[dict[str, Any]], None]


class Bus:
    """Topics of this process. Listeners are called in the loop and must not block."""

    def __init__(self, *, on_gap: Callable[[], None], beat_seconds: float = BEAT_SECONDS) -> None:
        self.on_gap = on_gap
        self.beat_seconds = beat_seconds
        self._own_topic = f"hub.{uuid.uuid4().hex}"
        self._listeners: dict[str, Listener] = {}
        self._unheard: set[str] = set()
        self._layer: Any = get_channel_layer()
        self._channel = ""
        self._receiving: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None
        self._said = self._heard = self._anew_at = 0

    async def start(self) -> None:
        """Subscribe to the own beat and begin to listen."""
        await self._open_channel()
        await self.listen(self._own_topic, self._on_beat)
        self._beating = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        await end(self._beating, self._receiving)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(SUBSCRIBE_SECONDS):
                await self._layer.flush()

    async def listen(self, topic: str, listener: Listener) -> None:
        """Call `listener` with each message of `topic`. With Redis away it is tried again each second."""
        self._listeners[topic] = listener
        if not await self._subscribe(topic):
            self._unheard.add(topic)

    async def unlisten(self, topic: str) -> None:
        self._listeners.pop(topic, None)
        self._unheard.discard(topic)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(SUBSCRIBE_SECONDS):
                await self._layer.group_discard(topic, self._channel)

    @property
    def hears(self) -> bool:
        """Whether the last beats came back (a new subscription is given time for as many)."""
        return self._said - max(self._heard, self._anew_at) < DEAF_BEATS

    async def _open_channel(self) -> None:
        """A fresh channel; the layer knows it even when Redis is away."""
        try:
            async with asyncio.timeout(SUBSCRIBE_SECONDS):
                self._channel = await self._layer.new_channel()
        except Exception:
            logger.warning("The bus is away; rooms of this process go on")
            self._channel = ""
        self._receiving = asyncio.create_task(self._receive(self._channel)) if self._channel else None

    async def _subscribe(self, topic: str) -> bool:
        if not self._channel:
            return False
        try:
            async with asyncio.timeout(SUBSCRIBE_SECONDS):
                await self._layer.group_add(topic, self._channel)
        except Exception:
            logger.warning("Could not subscribe to %s; trying again", topic)
            return False
        return True

    async def _receive(self, channel: str) -> None:
        while True:
            envelope = await self._layer.receive(channel)
            listener = self._listeners.get(envelope.get("topic", ""))
            if listener is None:
                continue
            try:
                listener(envelope["message"])
            except Exception:
                logger.exception("A listener of %s raised", envelope["topic"])

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.beat_seconds)
            try:
                await self._check()
            except Exception:
                logger.exception("The bus could not check itself")

    async def _check(self) -> None:
        if not self.hears:
            await self._subscribe_anew()
        elif self._unheard:
            await self._subscribe_to_the_unheard()
        self._said += 1
        with contextlib.suppress(Exception):
            async with asyncio.timeout(SUBSCRIBE_SECONDS):
                await abroadcast(self._own_topic, {"kind": "beat", "number": self._said})

    def _on_beat(self, message: dict[str, Any]) -> None:
        number = message["number"]
        missed, self._heard = number - self._heard - 1, number
        if missed > 0:
            logger.warning("The bus missed %d beats; reading everything again", missed)
            self.on_gap()

    async def _subscribe_to_the_unheard(self) -> None:
        for topic in tuple(self._unheard):
            if await self._subscribe(topic):
                self._unheard.discard(topic)
        if not self._unheard:
            self.on_gap()

    async def _subscribe_anew(self) -> None:
        """Drop the subscriptions and their connection and make them again."""
        self._anew_at = self._said
        if self._receiving is not None:
            self._receiving.cancel()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(SUBSCRIBE_SECONDS):
                await self._layer.flush()
        await self._open_channel()
        for topic in tuple(self._listeners):
            if await self._subscribe(topic):
                self._unheard.discard(topic)
            else:
                self._unheard.add(topic)
                break  # Redis is still away; one attempt a beat is enough
        else:
            return
        self._unheard.update(self._listeners)
