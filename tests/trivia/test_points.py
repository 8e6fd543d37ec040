"""Points: the rule, the ledger that keeps them, and that all of it agrees."""

from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import events.selectors
from accounts.models import User
from accounts.selectors import receipts
from events.contracts import AnswerVoided, QuestionAnswered
from events.models import Event, Outbox
from events.scoring import points_for
from events.store import store_payload
from rooms import services
from rooms.clock import now_ms
from rooms.models import Room
from rooms.trivia import services as trivia
from rooms.trivia.models import Answer, Player
from tests.trivia.conftest import Open
from tests.trivia.making import game_of, move_on, open_first, say, secret_of


def said(**changes: int) -> QuestionAnswered:
    fields = {"number": 1, "share": 1000, "elapsed": 5000, "allowed": 10_000, "speed": 50, "streak": 0}
    return QuestionAnswered(question="?", **{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({"elapsed": 0}, 1000),
        ({"elapsed": 499}, 1000),
        ({"elapsed": 5000}, 750),
        ({"elapsed": 10_000}, 500),
        ({"speed": 0}, 1000),
        ({"speed": 100, "elapsed": 10_000}, 0),
        ({"share": 0}, 0),
        ({"share": 0, "streak": 5}, 0),
        ({"share": 500, "speed": 0}, 500),
        ({"streak": 1, "elapsed": 0}, 1000),
        ({"streak": 3, "elapsed": 0}, 1200),
        ({"streak": 40, "elapsed": 0}, 1500),
        ({"elapsed": 2500, "allowed": 5000}, 750),
        ({"elapsed": 3333, "allowed": 10_001}, 833),
    ],
)
def test_points_fall_with_time_and_grow_with_streaks(changes: dict[str, int], points: int) -> None:
    assert points_for("QUESTION_ANSWERED", said(**changes)) == points


@given(
    share=st.integers(0, 1000),
    allowed=st.integers(1, 360_000),
    data=st.data(),
    speed=st.integers(0, 100),
    streak=st.integers(0, 50),
)
def test_points_have_bounds_and_are_never_taken(
    share: int, allowed: int, data: st.DataObject, speed: int, streak: int
) -> None:
    elapsed = data.draw(st.integers(0, allowed))
    points = points_for(
        "QUESTION_ANSWERED", said(share=share, allowed=allowed, elapsed=elapsed, speed=speed, streak=streak)
    )
    assert 0 <= points <= 1500
    assert points_for("ANSWER_VOIDED", AnswerVoided(number=1, question="?", points=points)) == -points


def store_all() -> None:
    """What the worker does: everything that is owed goes into the log."""
    for row in Outbox.objects.filter(task__endswith="store_events").order_by("created_at"):
        store_payload(outbox_id=row.pk, payload=row.payload, now=timezone.now())


def play_through(room: Room, answers: list[list[int | None]], users: list[User]) -> None:
    """Answers as offsets from the right one (0 is right, None is none), for each question and user."""
    open_first(room, ago=600_000)
    for number, row in enumerate(answers, start=1):
        assert game_of(room).number == number
        right = secret_of(room)["answer"]
        for user, offset in zip(users, row, strict=True):
            if offset is not None:
                say(room, user.pk, (right + offset) % 4, after=0)
        move_on(room)
        move_on(room)


@pytest.fixture
def seated(open_room: Open, bob: User, charlie: User) -> Room:
    room = open_room()
    for user in (bob, charlie):
        services.take_seat(room_id=room.id, user=user)
    return room


@pytest.mark.django_db(transaction=True)
def test_the_podium_the_ledger_and_the_answers_agree(seated: Room, bob: User, charlie: User) -> None:
    play_through(seated, [[0, 1], [0, 0], [0, None]], [bob, charlie])
    store_all()
    seated.refresh_from_db()
    points = {row["name"]: row["points"] for row in seated.results["rows"]}
    assert points == {"Bob": 1000 + 1100 + 1200, "Charlie": 1000}
    assert events.selectors.room_totals(seated.id) == {bob.pk: 3300, charlie.pk: 1000}
    assert Event.objects.filter(type="QUESTION_ANSWERED").count() == Answer.objects.count() == 5
    call_command("rebuild_scores", verify=True)
    bobs = seated.results["rows"][0]
    assert (bobs["right"], bobs["answered"], bobs["best_streak"], bobs["fastest_ms"]) == (3, 3, 3, 0)


@pytest.mark.django_db(transaction=True)
def test_a_voided_question_takes_its_points_back_once(
    seated: Room, alice: User, bob: User, charlie: User
) -> None:
    play_through(seated, [[0, 1], [1, 0], [None, None]], [bob, charlie])
    for _ in range(2):
        trivia.void(room_id=seated.id, number=1, by=alice.pk, now=now_ms())
    store_all()
    assert Event.objects.filter(type="ANSWER_VOIDED").get().points == -1000
    assert events.selectors.room_totals(seated.id) == {bob.pk: 0, charlie.pk: 1000}
    seated.refresh_from_db()
    assert [(row["name"], row["points"]) for row in seated.results["rows"]] == [("Charlie", 1000), ("Bob", 0)]
    call_command("rebuild_scores", verify=True)
    lines, _ = receipts(player=bob, before_seq=None)
    assert [(line.what, line.points) for line in lines] == [("Taken back:", -1000), ("Answered", 1000)]
    assert lines[0].opponent_name.startswith("Which topping")


@pytest.mark.django_db
def test_a_voided_question_breaks_no_streak(seated: Room, alice: User, bob: User, charlie: User) -> None:
    play_through(seated, [[0, 0], [1, 0], [0, 0]], [bob, charlie])
    trivia.void(room_id=seated.id, number=2, by=alice.pk, now=now_ms())
    assert Player.objects.get(user=bob).best_streak == 2


@pytest.mark.django_db
def test_grading_the_same_answers_again_gives_the_same_events(seated: Room, bob: User, charlie: User) -> None:
    """Ids are derived from room, question and player, so a batch that comes twice counts once."""
    from uuid import uuid5

    play_through(seated, [[0, 1], [0, 1], [0, 1]], [bob, charlie])
    expected = {
        uuid5(seated.id, f"answer:{number}:{user.pk}") for number in (1, 2, 3) for user in (bob, charlie)
    }
    sent = "".join(Outbox.objects.values_list("payload", flat=True))
    assert all(str(event_id) in sent for event_id in expected)
    assert isinstance(next(iter(expected)), UUID)
