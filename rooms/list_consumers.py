"""The sockets of pages that follow a list: they are told of every change, and have nothing to say."""

import time
from typing import Any

from events.feed import audiences
from events.players import find_players
from rooms import errors
from rooms.consumers import PlainConsumer
from rooms.database import in_thread
from rooms.errors import Close
from rooms.feeds import Feed
from rooms.limits import TokenBucket, Verdict


class ListConsumer(PlainConsumer):
    """A page that follows a list."""

    async def arrive(self) -> None:
        self.talk = TokenBucket(rate=1, burst=10, flood=0)

    async def take(self, message: dict[str, Any]) -> None:
        if self.talk.take(time.monotonic()) is not Verdict.TAKE:
            self.socket.close(Close.FLOOD)


class FeedConsumer(ListConsumer):
    """A list that is the same for everybody."""

    def feed(self) -> Feed:
        raise NotImplementedError

    async def arrive(self) -> None:
        await super().arrive()
        await self.feed().enter(self.socket)

    def depart(self) -> None:
        self.feed().part(self.socket)


class LobbyConsumer(FeedConsumer):
    """`/ws/lobby/`: the public rooms."""

    def feed(self) -> Feed:
        return self.hub.lobby


class LeaderboardConsumer(FeedConsumer):
    """`/ws/leaderboard/`: a hint whenever scores changed."""

    def feed(self) -> Feed:
        return self.hub.leaderboard


class ActivityConsumer(ListConsumer):
    """`/ws/feed/…`: what happened, for whom the address says."""

    audiences: tuple[str, ...] = ()

    async def arrive(self) -> None:
        await super().arrive()
        self.named = self.scope["url_route"]["kwargs"]
        self.audiences = await self.choose()
        await self.hub.activity.enter(self.audiences, self.socket)

    async def choose(self) -> tuple[str, ...]:
        return (audiences.PUBLIC,)

    def depart(self) -> None:
        self.hub.activity.part(self.audiences, self.socket)


class PlayerActivityConsumer(ActivityConsumer):
    """What everybody may see of a player."""

    async def choose(self) -> tuple[str, ...]:
        handle: str = self.named["handle"]
        player = (await in_thread(find_players, [handle])).get(handle)
        if player is None or player.banned:
            raise errors.NoSuchPlayer
        return (audiences.page(player.id),)


class OwnActivityConsumer(ActivityConsumer):
    """All that a player sees of themselves."""

    async def choose(self) -> tuple[str, ...]:
        if self.socket.user_id is None:
            raise errors.NoSession
        if self.scope["user"].banned_at is not None:
            raise errors.Banned
        self.hub.add(self.socket)  # so that a ban closes it
        return audiences.own(self.socket.user_id)


class RoomActivityConsumer(ActivityConsumer):
    """What happened in a room, for those who know its id."""

    async def choose(self) -> tuple[str, ...]:
        return (audiences.room(self.named["room"]),)
