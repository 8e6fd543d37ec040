"""A process reads its quizzes one read at a time, and only once it hears of them."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from rooms import services
from rooms.bus import Listener
from rooms.database import in_thread
from rooms.hub import Hub
from rooms.models import Room
from rooms.trivia import desk as desks
from rooms.trivia.selectors import read_games
from tests.support.waiting import eventually
from tests.trivia.conftest import Open
from tests.trivia.making import game_of, open_first

pytestmark = pytest.mark.django_db(transaction=True)


class Held:
    """Something that waits, when it is done for the first time, until it may go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.times = 0

    async def hold(self) -> None:
        self.times += 1
        if self.times == 1:
            self.begun.set()
            await self.go_on.wait()


@pytest.fixture
def held() -> Held:
    return Held()


async def _turns_of_the_loop() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_game_that_moves_on_while_its_room_is_opened_is_not_followed_backwards(
    hub: Hub, open_room: Open, bob: User, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Any] = []

    async def slowly(call: Callable[..., Any], *given: Any, **named: Any) -> Any:
        begun.append(call)
        found = await in_thread(call, *given, **named)
        if call is read_games:
            await held.hold()
        return found

    await hub.ready()
    room = await in_thread(open_room)
    monkeypatch.setattr(desks, "in_thread", slowly)
    opening = asyncio.create_task(hub.host.open(room.id, shared=True))
    await held.begun.wait()
    await in_thread(_start, room, bob)
    desks.get_desk().read(room.id)
    await _turns_of_the_loop()
    assert begun.count(read_games) == 1, "the second read waits for the first"
    held.go_on.set()
    live: Any = (await opening).stage.game
    await eventually(lambda: live.record.state.phase == "open", what="the second read")
    assert live.record.state.seq == (await in_thread(game_of, room)).seq


async def test_a_second_game_is_read_only_once_the_first_ones_subscription_is_made(
    hub: Hub, open_room: Open, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen = hub.bus.listen
    read: list[bool] = []

    async def listen_slowly(topic: str, listener: Listener) -> None:
        if topic == desks.TOPIC:
            await held.hold()
        await listen(topic, listener)

    def noted(room_ids: Any) -> Any:
        read.append(held.go_on.is_set())
        return read_games(room_ids)

    await hub.ready()
    rooms = [await in_thread(open_room, seed=number) for number in (1, 2)]
    monkeypatch.setattr(hub.bus, "listen", listen_slowly)
    monkeypatch.setattr(desks, "read_games", noted)
    opening = [asyncio.create_task(hub.host.open(room.id, shared=True)) for room in rooms]
    desk = desks.get_desk()
    await eventually(lambda: len(desk.lives) == 2, what="both games to be served")
    await _turns_of_the_loop()
    held.go_on.set()
    await asyncio.gather(*opening)
    assert read == [True, True]


def _start(room: Room, user: User) -> None:
    services.take_seat(room_id=room.id, user=user)
    open_first(room, ago=600_000)
