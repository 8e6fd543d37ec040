"""From PREPARING to LOBBY, or to FAILED with a reason that helps, and a second try."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.sessions import BACKEND
from rooms import services
from rooms.errors import HostOnly, NotNow
from rooms.models import Room, Status
from rooms.trivia import services as trivia
from rooms.trivia.models import Player, Question, RoomQuestion, TriviaGame
from rooms.trivia.services import preparing
from tests.trivia.conftest import Open
from tests.trivia.making import make_questions, move_on, open_first, start

pytestmark = pytest.mark.django_db


def prepared(host: User, **settings: object) -> Room:
    room = services.create_room(kind="trivia", settings={"questions": 3, **settings}, host=host)
    assert room.status == Status.PREPARING
    trivia.prepare(room_id=room.id, seed=3)
    room.refresh_from_db()
    return room


def test_a_room_is_ready_when_its_questions_are_dealt(alice: User, questions: list[Question]) -> None:
    room = prepared(alice)
    assert room.status == Status.LOBBY
    dealt = RoomQuestion.objects.filter(game_id=room.id).order_by("number")
    assert [question.number for question in dealt] == [1, 2, 3]


def test_the_same_seed_deals_the_same_game(alice: User, questions: list[Question]) -> None:
    first, second = prepared(alice), prepared(alice)
    hands = [
        list(RoomQuestion.objects.filter(game_id=room.id).order_by("number").values_list("public", "secret"))
        for room in (first, second)
    ]
    assert hands[0] == hands[1]


def test_nothing_in_the_room_itself_tells_an_answer(alice: User, questions: list[Question]) -> None:
    room = prepared(alice)
    assert "seed" not in room.settings
    assert "answer" not in str(room.settings)


def test_no_questions_fails_with_a_reason_and_a_second_try_works(alice: User, bob: User) -> None:
    room = prepared(alice)
    assert room.status == Status.FAILED
    assert "no questions" in room.failure
    with pytest.raises(HostOnly):
        services.prepare_again(room_id=room.id, by=bob.pk)
    make_questions()
    code = room.code
    services.prepare_again(room_id=room.id, by=alice.pk)
    trivia.prepare(room_id=room.id)
    room.refresh_from_db()
    assert (room.status, room.failure, room.code) == (Status.LOBBY, "", code), "it is on posters"
    with pytest.raises(NotNow):
        services.prepare_again(room_id=room.id, by=alice.pk)


def test_too_few_questions_say_what_to_change(alice: User, questions: list[Question]) -> None:
    room = prepared(alice, categories=["Cheese"], difficulty="hard")
    assert room.status == Status.FAILED
    assert "Cheese" in room.failure


def test_a_generator_that_fails_half_way_leaves_nothing_half_done(
    alice: User, questions: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    dealt = preparing.deal

    def fail_at_the_second(content: object, *, rng: object) -> object:
        if RoomQuestion.objects.exists() or fail_at_the_second.calls:  # type: ignore[attr-defined]
            raise ZeroDivisionError("a bug of the generator")
        fail_at_the_second.calls = 1  # type: ignore[attr-defined]
        return dealt(content, rng=rng)  # type: ignore[arg-type]

    fail_at_the_second.calls = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(preparing, "deal", fail_at_the_second)
    room = prepared(alice)
    assert (room.status, room.failure) == (Status.FAILED, preparing.SPILT)
    assert not RoomQuestion.objects.exists()


def test_a_room_that_failed_can_still_be_looked_at_and_tried_again(client: Client, alice: User) -> None:
    room = prepared(alice)
    client.force_login(alice, backend=BACKEND)
    retried = client.post(reverse("trivia_retry", args=[room.code]))
    assert retried.status_code == 302
    room.refresh_from_db()
    assert room.status == Status.PREPARING


def test_a_stranger_cannot_try_again(client: Client, alice: User, bob: User) -> None:
    room = prepared(alice)
    client.force_login(bob, backend=BACKEND)
    assert client.post(reverse("trivia_retry", args=[room.code])).status_code == 404


def test_preparing_twice_changes_nothing(alice: User, questions: list[Question]) -> None:
    room = prepared(alice)
    before = list(RoomQuestion.objects.values_list("pk", flat=True))
    trivia.prepare(room_id=room.id, seed=4)
    assert list(RoomQuestion.objects.values_list("pk", flat=True)) == before


def test_a_rematch_asks_something_else(open_room: Open, alice: User, bob: User) -> None:
    room = open_room()
    services.take_seat(room_id=room.id, user=bob)
    open_first(room)
    for _ in range(6):
        move_on(room)
    room.refresh_from_db()
    assert room.status == Status.COMPLETED
    again = services.rematch(room_id=room.id, by=alice)
    assert again.status == Status.PREPARING
    trivia.prepare(room_id=again.id)
    asked = [
        set(RoomQuestion.objects.filter(game_id=pk).values_list("question_id", flat=True))
        for pk in (room.id, again.id)
    ]
    assert not asked[0] & asked[1]
    assert again.seats.filter(user=bob, slot__isnull=False).exists()


def asked_in(room: Room) -> set[int | None]:
    return set(RoomQuestion.objects.filter(game_id=room.id).values_list("question_id", flat=True))


def met(questions: set[int | None], *, by: User, host: User) -> None:
    """Somebody has played these in another room."""
    other = services.create_room(kind="trivia", settings={"questions": 3}, host=host)
    game = TriviaGame.objects.create(room=other, of=3, options={}, seed=1)
    Player.objects.create(game=game, user=by)
    for number, question in enumerate(sorted(filter(None, questions)), start=1):
        game.questions.create(number=number, question_id=question, public={}, secret={}, opened_at=1)


@pytest.mark.both_databases
def test_what_a_guest_has_played_before_is_dealt_anew_when_the_game_starts(
    open_room: Open, alice: User, bob: User, charlie: User
) -> None:
    room = open_room(teams=True)
    dealt = asked_in(room)
    met(dealt, by=bob, host=charlie)
    services.take_seat(room_id=room.id, user=bob)
    trivia.enrol(room_id=room.id)
    trivia.choose_team(room_id=room.id, user_id=bob.pk, team=1)
    game = start(room)
    assert not asked_in(room) & dealt
    assert (game.of, game.phase) == (3, "ready")
    assert sorted(game.questions.values_list("number", flat=True)) == [1, 2, 3]
    assert game.players.get(user=bob).team == 1, "whoever was in the game is"


def test_what_nobody_here_has_played_is_played_as_it_was_dealt(
    open_room: Open, alice: User, bob: User, charlie: User
) -> None:
    room = open_room()
    before = list(RoomQuestion.objects.filter(game_id=room.id).values_list("pk", flat=True))
    met(asked_in(room), by=charlie, host=charlie)
    services.take_seat(room_id=room.id, user=bob)
    start(room)
    assert list(RoomQuestion.objects.filter(game_id=room.id).values_list("pk", flat=True)) == before


def test_a_bank_that_became_too_small_meanwhile_stops_no_game(
    open_room: Open, alice: User, bob: User, charlie: User
) -> None:
    room = open_room()
    dealt = asked_in(room)
    met(dealt, by=bob, host=charlie)
    Question.objects.exclude(pk__in=dealt).update(active=False)
    Question.objects.filter(pk=min(filter(None, dealt))).update(active=False)
    services.take_seat(room_id=room.id, user=bob)
    assert start(room).phase == "ready"
    assert asked_in(room) == dealt
