"""One quiz, its sockets in two processes: here two event loops, each with its own hub, bus and desk."""

import asyncio
import threading
from typing import Any

import pytest

from accounts.models import User
from rooms.clock import now_ms
from rooms.database import in_thread
from rooms.errors import Close
from rooms.hub import get_hub
from rooms.models import Room
from rooms.trivia import live
from rooms.trivia import services as trivia
from tests.rooms.conftest import session_cookie
from tests.trivia.conftest import Connect, Open, Player
from tests.trivia.making import SLOW, game_of, open_first, open_now

pytestmark = pytest.mark.django_db(transaction=True)


class Elsewhere:
    """A player's socket in another event loop, in a thread of its own."""

    def __init__(self, room: Room, cookie: str) -> None:
        self.address = f"/ws/rooms/{room.code}/?"
        self.cookie = cookie
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    async def do(self, work: Any) -> Any:
        """Run a coroutine over there."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    async def open(self) -> "Elsewhere":
        async def connect() -> None:
            self.page = await Player(self.address, cookie=self.cookie).open()
            self.first = await self.page.event("room.state")

        await self.do(connect())
        return self

    async def close(self) -> None:
        async def leave() -> None:
            if not self.page.future.done():
                await self.page.disconnect()
            await get_hub().stop()

        await self.do(leave())
        self.loop.call_soon_threadsafe(self.loop.stop)
        await asyncio.to_thread(self.thread.join, 60)

    def _run(self) -> None:
        self.loop.run_forever()
        self.loop.close()


async def test_two_processes_serve_one_quiz(
    connect: Connect, open_room: Open, bob: User, charlie: User
) -> None:
    room = await in_thread(open_room, **SLOW)
    his = await connect(bob, room)
    there = await Elsewhere(room, await in_thread(session_cookie, charlie)).open()
    try:
        assert [seat["connected"] for seat in there.first["seats"]] == [True, True]
        await his.until(lambda m: m.get("event") == "seat.joined" and m["seat"]["slot"] == 1)
        await in_thread(open_first, room)
        game = await in_thread(open_now, room)
        for page, do in ((his, _here), (there.page, there.do)):
            await do(page.until(_opened(game.opens_at)))
        await his.ask("trivia.answer", seq=game.seq, answer=1)
        seen = await there.do(there.page.event("trivia.answered"))
        while seen["answered"] < 1:
            seen = await there.do(there.page.event("trivia.answered"))
        assert (seen["answered"], seen["expected"]) == (1, 2)
        assert (await in_thread(game_of, room)).phase == "open"  # the other process's player is waited for
        assert (await there.do(there.page.ask("trivia.answer", seq=game.seq, answer=2)))["ok"]
        for page, do in ((his, _here), (there.page, there.do)):
            shown = await do(page.until(_revealed))
            assert shown["game"]["reveal"]["answers"] == 2
    finally:
        await there.close()


async def test_a_players_newest_socket_wins_in_whatever_process(
    connect: Connect, open_room: Open, charlie: User
) -> None:
    room = await in_thread(open_room, **SLOW)
    there = await Elsewhere(room, await in_thread(session_cookie, charlie)).open()
    try:
        again = await connect(charlie, room)
        assert await there.do(there.page.closed()) == Close.TAKEN_OVER
        assert (await again.state())["seats"][0]["connected"]
    finally:
        await there.close()


async def test_a_process_that_missed_everything_catches_up(
    connect: Connect, open_room: Open, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bus says nothing; the process looks by itself now and then."""
    from rooms.services import changing

    monkeypatch.setattr(live, "READ_EVERY", 500)
    monkeypatch.setattr(changing, "broadcast", lambda topic, message: None)
    room = await in_thread(open_room, **SLOW)
    his = await connect(bob, room)
    await in_thread(_close_the_first, room)
    shown = await his.until(_revealed)
    assert shown["game"]["number"] == 1


def _close_the_first(room: Room) -> None:
    game = open_first(room)
    trivia.go_on(room_id=room.id, seq=game.seq, by=None, now=now_ms())


async def _here(work: Any) -> Any:
    return await work


def _opened(at: int) -> Any:
    return lambda m: m.get("event") == "trivia.phase" and m["game"]["opens_at"] == at


def _revealed(message: dict[str, Any]) -> bool:
    return message.get("event") == "trivia.phase" and message["game"]["phase"] == "reveal"
