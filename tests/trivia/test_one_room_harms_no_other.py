"""Many quizzes are read together; one that cannot be shown stops no other."""

from typing import Any

import pytest

from accounts.models import User
from rooms.database import in_thread
from rooms.models import Room
from rooms.trivia import live
from rooms.trivia.models import RoomQuestion, TriviaGame
from rooms.trivia.services.advancing import announce
from tests.trivia.conftest import Connect, Open
from tests.trivia.making import SLOW, move_on, open_first, open_now

pytestmark = pytest.mark.django_db(transaction=True)


def reveal_both(broken: Room, sound: Room) -> None:
    """They close at the same time; what the first one's question gave is lost."""
    for room in (broken, sound):
        open_now(room)
        move_on(room)
    RoomQuestion.objects.filter(game_id=broken.id, number=1).update(secret={})
    TriviaGame.objects.filter(pk=broken.id).update(seq=9)
    announce([broken.id, sound.id])


async def test_a_quiz_that_cannot_be_shown_stops_no_other(
    connect: Connect, open_room: Open, bob: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "READ_EVERY", 2**40)
    rooms = [await in_thread(open_room, seed=seed, **SLOW) for seed in (1, 2)]
    broken, sound = sorted(rooms, key=lambda room: room.id)  # in the order in which they are read
    await connect(bob, broken)
    hers = await connect(charlie, sound)
    for room in rooms:
        await in_thread(open_first, room)
    await in_thread(reveal_both, broken, sound)
    shown = await hers.until(_revealed)
    assert shown["game"]["number"] == 1


def _revealed(message: dict[str, Any]) -> bool:
    return message.get("event") == "trivia.phase" and message["game"]["reveal"] is not None
