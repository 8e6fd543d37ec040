"""Sockets of the feed: the newest lines at once and whenever they changed, to whom they are meant for."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from accounts import services
from accounts.models import User
from events.contracts import UserCreated
from rooms import activity
from rooms.database import in_thread
from rooms.errors import Close
from rooms.hub import Hub
from tests.feed.conftest import happen, room_event, settle
from tests.rooms.conftest import PATIENCE, Player, hub, session_cookie  # noqa: F401 - a fixture
from tests.support.people import make_player
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


@pytest.fixture
async def open_page(hub: Hub) -> AsyncIterator[object]:  # noqa: F811
    """`await open_page(path, user)` opens a socket, which is closed after the test."""
    opened: list[Player] = []

    async def open_socket(path: str, user: User | None = None) -> Player:
        cookie = await in_thread(session_cookie, user) if user else ""
        opened.append(Player(path, cookie=cookie))
        return await opened[-1].open()

    yield open_socket
    for page in opened:
        if not page.future.done():
            await page.disconnect()


async def html(page: Player) -> str:
    return (await page.event("feed"))["html"]


async def until(page: Player, words: str, *, gone: bool = False) -> str:
    """The first push that has the words, or has them no more."""
    async with asyncio.timeout(PATIENCE):
        while (words in (pushed := await html(page))) is gone:
            pass
    return pushed


def opened_by(user: User, **details: object) -> None:
    room_event("ROOM_CREATED", actor=user, **details)
    settle()


async def test_the_newest_lines_come_at_once_and_again_when_there_are_more(open_page, alice: User) -> None:
    await in_thread(opened_by, alice, title="First")
    page = await open_page("/ws/feed/")
    assert "First" in await html(page)
    await in_thread(opened_by, alice, title="Second")
    pushed = await until(page, "Second")
    assert pushed.index("Second") < pushed.index("First")


async def test_each_page_hears_what_is_for_it(open_page, alice: User, bob: User) -> None:
    room = uuid4()
    pages = {
        path: await open_page(path, bob if path.endswith("me/") else None)
        for path in ("/ws/feed/", "/ws/feed/me/", "/ws/feed/players/alice/", f"/ws/feed/rooms/{room}/")
    }
    for page in pages.values():
        assert await html(page) == ""
    await in_thread(opened_by, alice, room=room, title="Secret supper", visibility="private")
    await in_thread(opened_by, bob, title="Bobs cave", visibility="private")
    await in_thread(opened_by, alice, title="Open house")
    assert "Secret" not in await until(pages["/ws/feed/"], "Open house")
    assert "Secret" not in await until(pages["/ws/feed/players/alice/"], "Open house")
    assert "Secret supper" in await html(pages[f"/ws/feed/rooms/{room}/"])
    assert "Secret" not in await until(pages["/ws/feed/me/"], "Bobs cave")


async def test_a_ban_takes_somebody_off_every_open_page(open_page, alice: User) -> None:
    troll = await in_thread(make_player, "Troll", is_guest=False)
    await in_thread(opened_by, troll)
    await in_thread(opened_by, alice)
    page = await open_page("/ws/feed/")
    assert "Troll" in await html(page)
    own = await open_page("/ws/feed/me/", troll)
    await html(own)
    await in_thread(services.ban, user=troll, reason="trolling")
    await until(page, "Troll", gone=True)
    assert await own.closed() == Close.FORBIDDEN
    again = await open_page("/ws/feed/players/troll/")
    assert await again.closed() == Close.NO_ROOM


async def test_who_is_nobody_has_no_feed_of_their_own(open_page, db: None) -> None:
    page = await open_page("/ws/feed/me/")
    assert await page.closed() == Close.NO_SESSION


async def test_many_pages_cost_one_reading(open_page, hub: Hub, alice: User, monkeypatch) -> None:  # noqa: F811
    pages = [await open_page("/ws/feed/") for _ in range(20)]
    for page in pages:
        await html(page)
    read = activity.newest_lines
    readings: list[object] = []
    monkeypatch.setattr(activity, "newest_lines", lambda **asked: readings.append(asked) or read(**asked))
    happened = {"type": "USER_CREATED", "data": UserCreated(guest=False), "actor": alice}
    await in_thread(lambda: (happen(**happened), settle()))
    for page in pages:
        assert "Alice" in await html(page)
    assert len(readings) == 1


async def test_nothing_runs_for_pages_that_were_left(open_page, hub: Hub) -> None:  # noqa: F811
    page = await open_page(f"/ws/feed/rooms/{uuid4()}/")
    await html(page)
    assert hub.stats()["followers"] == 1
    await page.disconnect()
    await in_thread(wait_for, lambda: not hub.activity._feeds)
    assert hub.stats()["followers"] == 0
