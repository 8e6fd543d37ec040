"""A room's evening as its own server tells it: every event, and the state at the end."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

from rooms.arena.client import ArenaClient, Refused
from tests.e2e.guests import Guest

Json = dict[str, Any]


class Evening(NamedTuple):
    """The first frame, the events after it in order, and the state at the end, of the host."""

    first: Json
    events: list[Json]
    fresh: Json


def whole_evening(url: str) -> Evening:
    """Names, locks, a round, a kick, a drop, a farewell and a rematch in a room of three."""
    host, others = Guest(url), [Guest(url), Guest(url)]
    code = host.host()
    cookies = [guest.join(code) for guest in (host, *others)]
    # Playwright has an event loop in this thread already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _play(url, code, cookies)).result()


async def _play(url: str, code: str, cookies: list[str]) -> Evening:
    messages: list[Json] = []
    clients = [ArenaClient(url=url, code=code, cookie=cookie) for cookie in cookies]
    clients[0].on_frame = lambda frame: isinstance(frame, str) and messages.append(json.loads(frame))
    async with clients[0] as hers:
        await hers.until(lambda: hers.slot is not None)
        await _visits(hers, clients[1], clients[2])
        await _goodbyes(hers, ArenaClient(url=url, code=code, cookie=cookies[2]))
        fresh = (await hers.request("room.sync"))["state"]
    pushed = [message for message in messages if "event" in message]
    return Evening(pushed[0], pushed[1:], fresh)


async def _visits(hers: ArenaClient, his: ArenaClient, theirs: ArenaClient) -> None:
    async with his, theirs:
        for client in (his, theirs):
            await client.until(lambda client=client: client.slot is not None)
        await his.request("seat.rename", name="Robert")
        await his.request("seat.avatar", colour=3, mark=7)
        await hers.request("room.lock", locked=True)
        await hers.request("room.start")
        await hers.request("room.kick", slot=his.slot)
        await hers.request("room.lock", locked=False)
    await hers.until(lambda: any(not seat["connected"] for seat in hers.view.seats.values()))


async def _goodbyes(hers: ArenaClient, back: ArenaClient) -> None:
    async with back:
        await back.until(lambda: back.slot is not None)
        with suppress(Refused):  # the line may be closed before the answer
            await back.request("room.leave")
    await hers.until(lambda: len(hers.view.seats) == 1)
    await hers.request("room.end")
    await hers.request("room.rematch")
