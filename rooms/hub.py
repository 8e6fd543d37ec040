"""Everything of this process that is live: its bus, the rooms it hosts, and its users' sockets.

There is one hub an event loop, made when the first socket comes. It is the only part that knows the channel
layer; what it sends to sockets never passes through it.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from accounts.selectors import banned_among
from events.feed.services import TOPIC
from rooms import services
from rooms.activity import Activity
from rooms.bus import Bus
from rooms.database import in_thread
from rooms.errors import Close
from rooms.feeds import Feed, leaderboard_feed, lobby_feed
from rooms.hosting import Host
from rooms.sockets import Socket
from rooms.upkeep import Upkeep

logger = logging.getLogger(__name__)


class Hub:
    """Use `get_hub()`. `host` has the rooms, the others the pages that follow a list."""

    def __init__(self) -> None:
        self.bus = Bus(on_gap=self._on_gap)
        self.host = Host(self.bus)
        self.upkeep = Upkeep(self.host)
        self.lobby: Feed = lobby_feed()
        self.leaderboard: Feed = leaderboard_feed()
        self.activity = Activity()
        self.users: dict[int, set[Socket]] = {}
        self._unsure: set[int] = set()
        self._ready: asyncio.Task[None] | None = None
        self._kinds: dict[str, Callable[[int, dict[str, Any]], None]] = {
            "ban": self._on_ban,
            "profile": self._on_profile,
        }

    async def ready(self) -> None:
        """Start on first use; everybody waits for the same start."""
        if self._ready is None:
            self._ready = asyncio.create_task(self._start())
        await asyncio.shield(self._ready)

    async def _start(self) -> None:
        await self.bus.start()
        for topic, feed in (("lobby", self.lobby), ("leaderboard", self.leaderboard)):
            await self.bus.listen(topic, feed.heard)
        await self.bus.listen(TOPIC, self.activity.heard)
        self.upkeep.start()

    async def stop(self) -> None:
        """Close all sockets and rooms (tests, shutdown)."""
        if self._ready is not None:
            await self._ready
            await self.upkeep.stop()
            await self.host.stop()
            await self.lobby.stop()
            await self.leaderboard.stop()
            await self.activity.stop()
            await self.bus.stop()

    # --- users ------------------------------------------------------------------------------------

    def add(self, socket: Socket) -> None:
        """Reach this socket by its user, from any process."""
        if (user_id := socket.user_id) is None:
            return
        if user_id not in self.users:
            self.users[user_id] = set()
            self.host.spawn(self._listen_to_user(user_id))
        self.users[user_id].add(socket)

    def remove(self, socket: Socket) -> None:
        user_id = socket.user_id
        if user_id is None or user_id not in self.users:
            return
        self.users[user_id].discard(socket)
        if not self.users[user_id]:
            del self.users[user_id]
            self.host.spawn(self._forget_user(user_id))

    async def _listen_to_user(self, user_id: int) -> None:
        await self.bus.listen(f"user.{user_id}", lambda message: self._on_user(user_id, message))
        if user_id in self.users:
            self._look_for_bans({user_id})

    async def _forget_user(self, user_id: int) -> None:
        if user_id not in self.users:
            await self.bus.unlisten(f"user.{user_id}")
            if user_id in self.users:
                await self._listen_to_user(user_id)

    def _on_user(self, user_id: int, message: dict[str, Any]) -> None:
        handle = self._kinds.get(message.get("kind", ""))
        if handle is not None:
            handle(user_id, message)

    def _on_ban(self, user_id: int, message: dict[str, Any]) -> None:
        for socket in tuple(self.users.get(user_id, ())):
            socket.close(Close.FORBIDDEN)
        self.host.spawn(in_thread(services.leave_everywhere, user_id=user_id))

    def _look_for_bans(self, user_ids: set[int]) -> None:
        """Word of a ban may have come before anybody listened here, or got lost. A hall is one query."""
        if not self._unsure:
            self.host.spawn(self._shut_out_the_banned())
        self._unsure |= user_ids

    async def _shut_out_the_banned(self) -> None:
        user_ids, self._unsure = self._unsure, set()
        for user_id in await in_thread(banned_among, user_ids) if user_ids else ():
            self._on_ban(user_id, {})

    def _on_profile(self, user_id: int, message: dict[str, Any]) -> None:
        self.host.spawn(in_thread(services.follow_profile, user_id=user_id))

    def _on_gap(self) -> None:
        self.host.following.refresh_all()
        self._look_for_bans(set(self.users))
        self.lobby.changed()
        self.leaderboard.changed()
        self.activity.changed()

    def stats(self) -> dict[str, int]:
        """For the metrics page."""
        rooms = self.host.rooms.values()
        sockets = [socket for room in rooms for socket in room.sockets]
        return {
            "rooms": len(rooms),
            "sockets": len(sockets),
            "players": sum(len(room.players) for room in rooms),
            "slow_sockets": sum(socket.busy for socket in sockets),
            "followers": len(self.lobby.sockets) + len(self.leaderboard.sockets) + self.activity.followers,
            "bus_hears": int(self.bus.hears),
        }


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def get_hub() -> Hub:
    """The hub of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def find_hub() -> Hub | None:
    """The hub of this process if it has one; for metrics, which may be asked in another thread."""
    return next(iter(list(_hubs.values())), None)
