"""Socket clients in a thread of their own, so that a test can kill processes while they play."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, NamedTuple

from rooms.arena.client import ArenaClient
from rooms.arena.pilot import Pilot
from rooms.arena.wing import Wing
from tests.e2e.lookout import LAST_OLIVE_TICKS
from tests.support.waiting import wait_for


class Sighting(NamedTuple):
    """A hit that some client was shown. `era` counts the web processes that the room has lived in."""

    era: int
    tick: int
    shooter: int
    victim: int
    olive: int
    destroyed: bool


class Swarm:
    """Hunters in one room. `cookies` are sessions that have, or may take, a seat there.

    While they are `peaceful`, nobody fires.
    """

    def __init__(
        self, *, url: str, code: str, cookies: Iterable[str], seed: int, peaceful: bool = False
    ) -> None:
        self.wings = [
            Wing(
                url=url,
                code=code,
                cookie=cookie,
                pilot=Pilot(skill="hard", random=Random(f"{seed}/{number}")),
            )
            for number, cookie in enumerate(cookies)
        ]
        self.frames: list[str | bytes] = []
        self.keep_frames = False
        self.era = 0
        self._clients: list[tuple[int, ArenaClient]] = []
        for wing in self.wings:
            wing.on_client = self._watch
            wing.pilot.peaceful = peaceful

    def _watch(self, client: ArenaClient) -> None:
        self._clients.append((self.era, client))
        if self.keep_frames:
            client.on_frame = self.frames.append

    def sightings(self, *, since: int = 0) -> set[Sighting]:
        """Every hit that anybody was shown, once. `since`: from which era on."""
        clients = [(era, client) for era, client in list(self._clients) if era >= since]
        return {Sighting(era, *hit) for era, client in clients for hit in list(client.view.hits)}

    def seen_between(self, users: dict[int, int]) -> Counter[tuple[int, int | None, bool]]:
        """How often who was seen hitting whom: (shooter's id, victim's id, destroyed). `users` maps slots."""
        return Counter(
            (users[hit.shooter], users.get(hit.victim), hit.destroyed)
            for hit in self.sightings()
            if hit.shooter in users
        )

    def all_playing(self) -> bool:
        """Whether everybody has a seat and a living socket."""
        return all(wing.playing for wing in self.wings)

    def wait_for_hits(self, more: int, *, seconds: float = 60) -> None:
        """Wait until so many hits more than now were seen."""
        now = self.era  # what was seen in an earlier one grows no more
        goal = len(self.sightings(since=now)) + more
        wait_for(lambda: len(self.sightings(since=now)) >= goal, what=f"{more} more hits", seconds=seconds)

    def open_fire(self) -> None:
        """The peace is over."""
        for wing in self.wings:
            wing.pilot.peaceful = False

    def cease_fire(self, *, seconds: float = 60) -> None:
        """Nobody fires any more; wait until the last olive has landed and everybody was shown where."""
        for wing in self.wings:
            wing.pilot.peaceful = True
        last = {wing: wing.client.view.tick + LAST_OLIVE_TICKS for wing in self.wings if wing.client}
        wait_for(
            lambda: all(wing.client and wing.client.view.tick > tick for wing, tick in last.items()),
            what="the last olive",
            seconds=seconds,
        )

    def act(self, number: int, action: str, **fields: Any) -> dict[str, Any]:
        """Let one of them do an action, and give the server's answer."""
        client = self.wings[number].client
        assert client
        return asyncio.run_coroutine_threadsafe(client.request(action, **fields), self._loop).result(60)

    @contextmanager
    def flying(self) -> Iterator["Swarm"]:
        """They fly for the time of the block."""
        loop = self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        tasks = [asyncio.run_coroutine_threadsafe(wing.play(), loop) for wing in self.wings]
        try:
            wait_for(self.all_playing, what="everybody in the air")
            yield self
            assert [wing.refused for wing in self.wings] == [""] * len(self.wings)
        finally:
            for task in tasks:
                task.cancel()
            _stop(loop, thread)


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    """Let every cancelled client leave its room and close its socket, then stop."""

    async def finish() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(others, timeout=20) if others else None

    asyncio.run_coroutine_threadsafe(finish(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()
