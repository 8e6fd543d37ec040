"""Many quizzes are read together; one that cannot be shown stops no other."""

from typing import Any

import pytest

from accounts.models import User
from rooms.database import in_thread
from rooms.models import Room
from rooms.trivia import live, services, showing
from rooms.trivia.selectors import GameRecord, read_games
from tests.trivia.conftest import Connect, Open, Player
from tests.trivia.making import SLOW, game_of, open_first, open_now

pytestmark = pytest.mark.django_db(transaction=True)


def reveal_together(rooms: list[Room]) -> None:
    """Their questions close in one sweep, and so with one word to the screens."""
    due = max(game_of(room).due_at or 0 for room in rooms)
    assert services.advance(now=due, room_ids=[room.id for room in rooms]) == len(rooms)


async def opened(page: Player, room: Room) -> None:
    await in_thread(open_first, room)
    game = await in_thread(open_now, room)
    await page.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["opens_at"] == game.opens_at)


async def test_a_quiz_that_cannot_be_shown_stops_no_other(
    connect: Connect, open_room: Open, bob: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "READ_EVERY", 2**40)
    rooms = [await in_thread(open_room, seed=seed, **SLOW) for seed in (1, 2)]
    players = {room.id: user for room, user in zip(rooms, (bob, charlie), strict=True)}
    pages = {room.id: await connect(players[room.id], room) for room in rooms}
    for room in rooms:
        await opened(pages[room.id], room)
    broken, sound = await in_thread(read_games, list(players))  # in the order in which they are followed
    shown = showing.game_view

    def refuse(record: GameRecord, seats: Any) -> Any:
        assert record.state.phase == "open" or players[broken].pk not in record.players, "a bug"
        return shown(record, seats)

    monkeypatch.setattr(showing, "game_view", refuse)
    await in_thread(reveal_together, rooms)
    await pages[sound].until(lambda m: m.get("event") == "trivia.phase" and m["game"]["reveal"] is not None)
