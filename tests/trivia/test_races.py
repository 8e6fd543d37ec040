"""Many at once, on real threads and real connections: each transition is made once, each answer kept once."""

from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from rooms import services
from rooms.errors import RoomError
from rooms.models import Room, Status
from rooms.trivia import errors
from rooms.trivia import services as trivia
from rooms.trivia.models import Answer, Player, RoomQuestion, TriviaGame
from rooms.trivia.selectors import read_games
from tests.rooms.test_races import at_once
from tests.support.meanwhile import meanwhile
from tests.support.people import make_player
from tests.trivia.conftest import Open
from tests.trivia.making import game_of, move_on, open_first, say, secret_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def room(open_room: Open, bob: User) -> Room:
    room = open_room()
    services.take_seat(room_id=room.id, user=bob)
    return room


def test_a_whole_game_on_this_database(room: Room, bob: User) -> None:
    """Every bulk statement, with everything that may be null."""
    open_first(room, ago=600_000)
    for _ in range(3):
        say(room, bob.pk, secret_of(room)["answer"])
        move_on(room)
        move_on(room)
    room.refresh_from_db()
    assert room.status == Status.COMPLETED
    assert room.results["rows"][0]["right"] == 3
    assert game_of(room).phase == "over"
    opened = RoomQuestion.objects.filter(game=game_of(room), opened_at__isnull=False, closed_at__isnull=False)
    assert opened.count() == 3


def test_two_starts_at_once_are_one(room: Room, alice: User) -> None:
    results = at_once(*[lambda: services.start(room_id=room.id, by=alice.pk)] * 4)
    assert sum(isinstance(result, Room) for result in results) == 1
    assert game_of(room).seq == 1


def test_sweeps_at_once_share_the_work_and_double_nothing(open_room: Open, bob: User) -> None:
    rooms = [open_room(seed=number) for number in range(12)]
    for room in rooms:
        services.take_seat(room_id=room.id, user=bob)
        open_first(room, ago=600_000)
        say(room, bob.pk, 0)
    now = max(TriviaGame.objects.values_list("due_at", flat=True))
    done = at_once(*[lambda: trivia.advance(now=now, limit=5)] * 6)
    done += [trivia.advance(now=now)]
    assert sum(done) == 12
    assert set(TriviaGame.objects.values_list("phase", "seq", "number")) == {("reveal", 3, 1)}
    assert Answer.objects.filter(points=None).count() == 0
    assert set(Player.objects.values_list("answered", flat=True)) == {1}


def test_a_late_sweep_finds_nothing(room: Room) -> None:
    game = open_first(room)
    assert trivia.advance(now=game.due_at) == 1
    assert trivia.advance(now=game.due_at) == 0
    assert game_of(room).seq == game.seq + 1


def test_an_answer_against_the_close_is_graded_or_refused(open_room: Open) -> None:
    """Never kept and not graded: whoever comes first to the game's row decides."""
    players = [make_player(f"Player{number}") for number in range(6)]
    room = open_room()
    for user in players:
        services.take_seat(room_id=room.id, user=user)
    game = open_first(room, ago=600_000)
    calls: list[Any] = [lambda user=user: _answer(room, user.pk, game) for user in players]
    at_once(*calls[:3], lambda: trivia.advance(now=game.due_at), *calls[3:])
    trivia.advance(now=game.due_at)
    assert game_of(room).phase == "reveal"
    assert not Answer.objects.filter(points=None).exists()
    outcome = RoomQuestion.objects.get(game=game, number=1).outcome
    assert outcome["answers"] == Answer.objects.count()


def _answer(room: Room, user_id: int, game: TriviaGame) -> Any:
    sent = trivia.Sent(room.id, user_id, game.seq, 1, game.opens_at + 500, 0)
    return trivia.record_answers([sent])[0]


def test_two_answers_of_one_player_at_once_are_one(room: Room, bob: User) -> None:
    game = open_first(room)
    results = at_once(*[lambda: _answer(room, bob.pk, game)] * 6)
    assert sum(isinstance(result, Answer) for result in results) == 1
    assert sum(isinstance(result, errors.AnsweredAlready) for result in results) == 5
    assert Answer.objects.count() == 1


def test_the_host_and_the_sweep_at_once_move_on_once(room: Room, alice: User) -> None:
    game = open_first(room)
    now = game.due_at
    at_once(
        lambda: trivia.go_on(room_id=room.id, seq=game.seq, by=alice.pk, now=now),
        lambda: trivia.advance(now=now),
        lambda: trivia.go_on(room_id=room.id, seq=game.seq, by=alice.pk, now=now),
    )
    assert game_of(room).seq == game.seq + 1
    assert game_of(room).phase == "reveal"


def test_the_end_and_the_sweep_at_once_leave_a_podium(room: Room, alice: User) -> None:
    open_first(room)
    for _ in range(5):
        game = move_on(room)
    at_once(
        lambda: trivia.advance(now=game.due_at),
        lambda: services.end(room_id=room.id, by=alice.pk),
        lambda: trivia.advance(now=game.due_at),
    )
    room.refresh_from_db()
    assert room.status == Status.COMPLETED
    assert (game_of(room).phase, game_of(room).due_at) == ("over", None)


def test_preparing_at_once_deals_one_hand(alice: User, open_room: Open) -> None:
    room = services.create_room(kind="trivia", settings={"questions": 3}, host=alice)
    results = at_once(*[lambda: trivia.prepare(room_id=room.id)] * 3)
    assert not any(isinstance(result, RoomError) for result in results)
    assert RoomQuestion.objects.filter(game_id=room.id).count() == 3


def test_hundreds_of_games_take_the_same_few_statements(
    open_room: Open, bob: User, django_assert_max_num_queries: Any
) -> None:
    rooms = [open_room(seed=number) for number in range(20)]
    for room in rooms:
        services.take_seat(room_id=room.id, user=bob)
        open_first(room, ago=600_000)
        say(room, bob.pk, 0)
    now = max(TriviaGame.objects.values_list("due_at", flat=True))
    with django_assert_max_num_queries(20):
        assert trivia.advance(now=now) == 20
    connection.close()


def test_a_read_while_the_game_moves_on_is_of_one_moment(room: Room) -> None:
    open_first(room, ago=600_000)
    move_on(room)
    with meanwhile(lambda: move_on(room), before=Player) as moved:
        record = read_games([room.id])[room.id]
    assert [game.number for game in moved] == [2]
    assert (record.state.phase, record.state.number) == ("reveal", 1)
    assert record.question is not None
    assert record.question["number"] == 1
    assert record.outcome is not None
