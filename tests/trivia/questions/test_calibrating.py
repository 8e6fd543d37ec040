"""After a game its questions know how many answered them, and how many were right."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from events.contracts import RoomChanged
from events.subscribing import Occurred, registry
from rooms.models import Room
from rooms.trivia.models import Question, TriviaGame
from rooms.trivia.questions.calibrating import count_answers
from tests.trivia.questions.examples import stored

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def finished_game(questions: list[Question], shares: list[list[int | None]], *, voided: int = 0) -> Room:
    """A game in which the players' answers to each question had these shares (of 1000; None: not graded)."""
    now = timezone.now()
    room = Room.objects.create(code="PIZZAS", kind="trivia", title="", created_at=now, expires_at=now)
    game = TriviaGame.objects.create(room=room, of=len(questions), options={}, seed=1)
    people = [User.objects.create_user(handle=f"p{number}", name=f"P{number}") for number in range(3)]
    for number, (asked, given) in enumerate(zip(questions, shares, strict=True), 1):
        void = 1 if number == voided else None
        row = game.questions.create(number=number, question=asked, public={}, secret={}, voided_at=void)
        for user, share in zip(people, given, strict=False):
            row.answers.create(
                user=user, token=uuid4(), value=0, received_at=0, latency=0, elapsed=0, allowed=1, share=share
            )
    return room


def sums() -> list[tuple[int, int]]:
    return list(Question.objects.order_by("id").values_list("times_played", "times_right"))


def test_answers_are_counted_and_half_right_is_right() -> None:
    room = finished_game(stored(3), [[1000, 0, 500], [499, 0], []])
    count_answers(room_id=room.pk)
    assert sums() == [(3, 2), (2, 0), (0, 0)]


def test_what_was_voided_or_never_graded_is_not_counted() -> None:
    room = finished_game(stored(2), [[1000, 1000], [None, 1000]], voided=1)
    count_answers(room_id=room.pk)
    assert sums() == [(0, 0), (1, 1)]


def test_of_all_who_hear_of_a_games_end_one_counts() -> None:
    room = finished_game(stored(1), [[1000, 0]])
    now = timezone.now()
    event = Occurred(
        seq=1,
        event_id=uuid4(),
        type="ROOM_COMPLETED",
        actor=None,
        room=room.pk,
        data=RoomChanged(code=room.code, kind="trivia", title=""),
        points=0,
        occurred_at=now,
        recorded_at=now,
        source="rooms",
    )
    for handler in registry.of_type("ROOM_COMPLETED"):
        if handler.queue == "trivia":
            handler.function(event)
    assert sums() == [(2, 1)]
