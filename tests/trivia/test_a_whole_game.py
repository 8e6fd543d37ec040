"""A game over the real socket, from the lobby to the podium."""

import pytest

from accounts.models import User
from rooms.database import in_thread
from rooms.models import Room, Status
from rooms.trivia.models import Answer
from tests.trivia.conftest import Connect, Open
from tests.trivia.making import move_on, secret_of

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_game_is_played_from_the_lobby_to_the_podium(
    connect: Connect, open_room: Open, alice: User, bob: User, charlie: User
) -> None:
    room = await in_thread(open_room, streaks=False, speed=0)
    screen = await connect(alice, room, watch=True)
    assert screen.first["hosts"]
    assert screen.first["game"]["phase"] == "lobby"
    his, hers = await connect(bob, room), await connect(charlie, room)
    assert (await screen.ask("room.start"))["ok"]
    ready = await his.until(lambda message: message.get("event") == "trivia.phase")
    assert ready["game"]["phase"] == "ready"
    for number in (1, 2, 3):
        await in_thread(move_on, room)
        opened = await his.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["phase"] == "open")
        game = opened["game"]
        assert (game["number"], game["reveal"]) == (number, None)
        await in_thread(_open_now, room)
        right = (await in_thread(secret_of, room))["answer"]
        assert (await his.ask("trivia.answer", seq=game["seq"], answer=right))["ok"]
        assert (await hers.ask("trivia.answer", seq=game["seq"], answer=(right + 1) % 4))["ok"]
        # Everybody has answered: it closes at once.
        shown = await his.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["phase"] == "reveal")
        reveal = shown["game"]["reveal"]
        assert reveal["answer"] == right
        assert (reveal["answers"], reveal["right"]) == (2, 1)
        assert [line["points"] for line in reveal["standings"]] == [1000 * number, 0]
        own = await his.until(lambda m: m.get("event") == "trivia.own" and m["own"]["result"])
        assert own["own"]["result"]["rank"] == 1
    await in_thread(move_on, room)
    changed = await screen.until(
        lambda m: m.get("event") == "room.changed" and m["room"]["status"] == Status.COMPLETED
    )
    rows = changed["room"]["results"]["rows"]
    assert [(row["name"], row["points"], row["right"]) for row in rows] == [
        ("Bob", 3000, 3),
        ("Charlie", 0, 0),
    ]
    assert await in_thread(Answer.objects.count) == 6


def _open_now(room: Room) -> None:
    """The opening lies a little ahead; the tests have no time for that."""
    from rooms.live import now_ms
    from rooms.trivia.models import TriviaGame

    game = TriviaGame.objects.get(pk=room.id)
    gone = (game.opens_at or 0) - now_ms() + 50
    TriviaGame.objects.filter(pk=room.id).update(
        opens_at=game.opens_at - gone,
        closes_at=game.closes_at - gone,
        ends_at=game.ends_at - gone,
        due_at=game.due_at - gone,
    )
