"""The activity feed on open pages: one reading and one encoding a process, however many look on."""

from collections.abc import Callable
from typing import Any

from events.feed.showing import newest_lines
from rooms.database import in_thread
from rooms.feeds import Feed
from rooms.sockets import Socket

Audiences = tuple[str, ...]


class Activity:
    """Feeds by what they show; one is there as long as somebody follows it."""

    def __init__(self, *, make: Callable[[Audiences], Feed] | None = None) -> None:
        self._make = make or activity_feed
        self._feeds: dict[Audiences, Feed] = {}

    async def enter(self, audiences: Audiences, socket: Socket) -> None:
        """Send the lines as they are now, and from then on whenever they changed."""
        if audiences not in self._feeds:
            self._feeds[audiences] = self._make(audiences)
        await self._feeds[audiences].enter(socket)

    def part(self, audiences: Audiences, socket: Socket) -> None:
        feed = self._feeds.get(audiences)
        if feed is None:
            return
        feed.part(socket)
        if not feed.sockets:
            del self._feeds[audiences]

    def heard(self, message: dict[str, Any]) -> None:
        """The bus says for which audiences something was written; None: for all."""
        written = message["audiences"]
        for audiences, feed in self._feeds.items():
            if written is None or not set(audiences).isdisjoint(written):
                feed.changed()

    def changed(self) -> None:
        """Push all of them again."""
        for feed in self._feeds.values():
            feed.changed()

    async def stop(self) -> None:
        for feed in tuple(self._feeds.values()):
            await feed.stop()

    @property
    def followers(self) -> int:
        return sum(len(feed.sockets) for feed in self._feeds.values())


def activity_feed(audiences: Audiences) -> Feed:
    async def read() -> dict[str, Any]:
        return {"event": "feed", "html": await in_thread(newest_lines, audiences=audiences)}

    return Feed(read)
