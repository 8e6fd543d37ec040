"""A quiz for five hundred: seats, answers in one go, and standings that a phone can carry."""

import pytest
from django.utils import timezone

from accounts.models import User
from rooms import services
from rooms.errors import RoomFull
from rooms.models import Room, Seat
from rooms.trivia import services as trivia
from rooms.trivia.models import RoomQuestion
from rooms.trivia.options import MOST_PLAYERS
from tests.trivia.conftest import Open
from tests.trivia.making import game_of, move_on, open_first, secret_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def fill(room: Room, count: int) -> list[User]:
    """Seat so many at once, from slot 0 on."""
    people = User.objects.bulk_create(
        User(handle=f"hall-{number}", name=f"Hall {number}") for number in range(count)
    )
    now = timezone.now()
    Seat.objects.bulk_create(
        Seat(room=room, user=user, slot=slot, name=user.name, joined_at=now, seen_at=now)
        for slot, user in enumerate(people)
    )
    return people


def test_five_hundred_sit_down_and_the_next_is_told_that_it_is_full(
    open_room: Open, bob: User, charlie: User
) -> None:
    room = open_room(size=MOST_PLAYERS)
    fill(room, MOST_PLAYERS - 1)
    assert services.take_seat(room_id=room.id, user=bob).slot == MOST_PLAYERS - 1
    with pytest.raises(RoomFull):
        services.take_seat(room_id=room.id, user=charlie)


def test_five_hundred_answers_at_once_are_all_kept_and_counted(open_room: Open) -> None:
    room = open_room(size=MOST_PLAYERS)
    people = fill(room, MOST_PLAYERS)
    game = open_first(room)
    right = secret_of(room)["answer"]
    sent = [
        trivia.Sent(
            room_id=room.id,
            user_id=user.pk,
            seq=game.seq,
            value=(right + place % 2) % 4,
            received_at=(game.opens_at or 0) + place,
            credit=0,
        )
        for place, user in enumerate(people)
    ]
    again = trivia.record_answers(sent) + trivia.record_answers(sent)
    assert [getattr(answer, "code", "kept") for answer in again] == [
        *["kept"] * MOST_PLAYERS,
        *["answered_already"] * MOST_PLAYERS,
    ]
    assert move_on(room).phase == "reveal"
    outcome = RoomQuestion.objects.get(game=game_of(room), number=1).outcome
    assert (outcome["answers"], outcome["right"], sum(outcome["counts"])) == (500, 250, 500)
    assert len(outcome["standings"]) == MOST_PLAYERS
