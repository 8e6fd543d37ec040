"""What is an answer, whose, and when; and that the first one counts."""

from random import Random
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from rooms import services
from rooms.clock import now_ms
from rooms.models import Room
from rooms.trivia import errors
from rooms.trivia import services as trivia
from rooms.trivia.lag import MOST_CREDIT, Lag
from rooms.trivia.models import Answer, Question, RoomQuestion
from rooms.trivia.questions.dealing import deal
from tests.trivia.conftest import Open
from tests.trivia.making import game_of, move_on, open_first, say, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(open_room: Open, bob: User, charlie: User) -> Room:
    """Bob and charlie sit in it; the first question is open."""
    room = open_room()
    for user in (bob, charlie):
        services.take_seat(room_id=room.id, user=user)
    open_first(room)
    return room


def test_the_first_answer_counts(room: Room, bob: User) -> None:
    assert isinstance(say(room, bob.pk, 2), Answer)
    assert isinstance(say(room, bob.pk, 1), errors.AnsweredAlready)
    assert Answer.objects.get().value == 2


def test_two_in_one_batch_are_one(room: Room, bob: User) -> None:
    game = game_of(room)
    sent = trivia.Sent(room.id, bob.pk, game.seq, 2, game.opens_at + 100, 0)
    kept, refused = trivia.record_answers([sent, sent._replace(value=1)])
    assert isinstance(kept, Answer)
    assert isinstance(refused, errors.AnsweredAlready)


def test_somebody_without_a_seat_has_no_answer(room: Room, alice: User) -> None:
    assert isinstance(say(room, alice.pk, 2), errors.NoSeat)


def test_who_has_left_has_none_either(room: Room, bob: User) -> None:
    services.leave(room_id=room.id, user_id=bob.pk)
    assert isinstance(say(room, bob.pk, 2), errors.NoSeat)


@pytest.mark.parametrize("after", [10_251, 60_000])
def test_an_answer_after_the_deadline_is_too_late(room: Room, bob: User, after: int) -> None:
    assert isinstance(say(room, bob.pk, 2, after=after), errors.TooLate)


def test_one_that_was_under_way_at_the_deadline_counts_and_took_all_the_time(room: Room, bob: User) -> None:
    answer = say(room, bob.pk, 2, after=10_240)
    assert (answer.elapsed, answer.allowed) == (10_000, 10_000)


def test_an_answer_before_the_opening_is_refused(room: Room, bob: User) -> None:
    assert isinstance(say(room, bob.pk, 2, after=-1), errors.NotOpen)


def test_an_answer_to_another_question_is_refused(room: Room, bob: User) -> None:
    seq = game_of(room).seq
    assert isinstance(say(room, bob.pk, 2, seq=seq + 2), errors.WrongQuestion)
    assert isinstance(say(room, bob.pk, 2, seq=seq - 2), errors.WrongQuestion)


def test_after_the_reveal_it_is_too_late(room: Room, bob: User) -> None:
    seq = game_of(room).seq
    move_on(room)
    assert isinstance(say(room, bob.pk, 2, seq=seq), errors.TooLate)
    assert isinstance(say(room, bob.pk, 2, seq=seq + 1), errors.TooLate)


def test_before_the_first_question_there_is_nothing_to_answer(open_room: Open, bob: User) -> None:
    room = open_room()
    services.take_seat(room_id=room.id, user=bob)
    assert isinstance(say(room, bob.pk, 0), errors.NotOpen)
    start(room)
    assert isinstance(say(room, bob.pk, 0), errors.NotOpen)


def test_while_it_is_paused_nobody_answers(room: Room, bob: User) -> None:
    game = game_of(room)
    trivia.pause(room_id=room.id, by=None, now=game.opens_at + 3000)
    assert isinstance(say(room, bob.pk, 2, after=4000), errors.Paused)
    trivia.resume(room_id=room.id, by=None, now=game.opens_at + 63_000)
    answer = say(room, bob.pk, 2, seq=game.seq, after=1000 + 3000)  # of the time that did not stand still
    assert answer.elapsed == 4000


@pytest.mark.parametrize(
    "value", [None, -1, 4, 2**70, 1.5, True, "0", "x" * 10_000, [0], {}, "😀", "ש‎", [[]], float("nan")]
)
def test_nonsense_is_no_answer_and_costs_nothing(room: Room, bob: User, value: Any) -> None:
    assert isinstance(say(room, bob.pk, value), errors.BadAnswer)
    assert isinstance(say(room, bob.pk, 0), Answer)


@pytest.mark.parametrize("text", ["Paris", "paris", "LUTÈTIA", "  paris "])
def test_typed_text_forgives_case_accents_and_spaces(open_room: Open, bob: User, text: str) -> None:
    room = _one_text(open_room)
    services.take_seat(room_id=room.id, user=bob)
    open_first(room)
    say(room, bob.pk, text)
    move_on(room)
    assert Answer.objects.get().share == 1000


@pytest.mark.parametrize("text", ["😀🍕", "مرحبا", "\u202eParis", "<script>"])
def test_any_script_may_be_typed(open_room: Open, bob: User, text: str) -> None:
    room = _one_text(open_room)
    services.take_seat(room_id=room.id, user=bob)
    open_first(room)
    assert isinstance(say(room, bob.pk, text), Answer | errors.BadAnswer)
    assert isinstance(say(room, bob.pk, "y" * 10_000), errors.BadAnswer | errors.AnsweredAlready)
    move_on(room)


def _one_text(open_room: Open) -> Room:
    """A room in which every question is the typed one."""

    room = open_room()
    dealt = deal(Question.objects.get(type="text").as_content(), rng=Random(1))
    RoomQuestion.objects.filter(game_id=room.id).update(public=dealt.public, secret=dealt.secret)
    return room


def test_the_way_of_an_answer_is_credited_but_does_not_move_the_deadline(
    room: Room, bob: User, charlie: User
) -> None:
    answer = say(room, bob.pk, 2, after=3000, credit=80)
    assert (answer.elapsed, answer.latency) == (2920, 80)
    assert isinstance(say(room, charlie.pk, 2, after=10_400, credit=250), errors.TooLate)


def test_credit_is_half_of_the_shortest_trip_and_has_a_limit() -> None:
    lag = Lag()
    assert lag.credit == 0
    for trip in (400.0, 90.0, 200.0):
        lag.echo(lag.probe(now=0), now=trip)
    assert lag.credit == 45
    slow = Lag()
    slow.echo(slow.probe(now=0), now=5000)
    assert slow.credit == MOST_CREDIT


def test_an_echo_of_nothing_gives_no_credit() -> None:
    lag = Lag()
    number = lag.probe(now=1000)
    lag.echo(number + 1, now=1001)
    lag.echo(number, now=1100)
    lag.echo(number, now=1100)
    lag.echo(-1, now=0)
    assert lag.credit == 50


def test_extra_time_is_time_and_costs_no_points(room: Room, alice: User, bob: User, charlie: User) -> None:
    trivia.give_extra(room_id=room.id, slot=0, percent=100, by=alice.pk)
    assert game_of(room).ends_at == game_of(room).opens_at + 20_000 + 250
    late = say(room, bob.pk, 2, after=15_000)
    assert (late.elapsed, late.allowed) == (15_000, 20_000)
    assert isinstance(say(room, charlie.pk, 2, after=15_000), errors.TooLate)


def test_it_closes_when_everybody_who_is_there_has_answered(room: Room, bob: User, charlie: User) -> None:
    game = game_of(room)
    seat = services.take_seat(room_id=room.id, user=charlie)
    say(room, bob.pk, 2)
    now = game.opens_at + 2000
    assert not trivia.close_if_all_answered(room_id=room.id, seq=game.seq, now=now)
    services.let_go(seat_id=seat.pk, at=timezone.now())  # a phone that dropped is not waited for
    assert trivia.close_if_all_answered(room_id=room.id, seq=game.seq, now=now)
    assert not trivia.close_if_all_answered(room_id=room.id, seq=game.seq, now=now)
    after = game_of(room)
    assert (after.phase, after.ends_at) == ("reveal", now + 6000)


def test_with_extra_time_the_others_are_not_waited_for(
    room: Room, alice: User, bob: User, charlie: User
) -> None:
    trivia.give_extra(room_id=room.id, slot=0, percent=100, by=alice.pk)
    game = game_of(room)
    say(room, bob.pk, 2, after=11_000)
    assert not trivia.close_if_all_answered(room_id=room.id, seq=game.seq, now=game.opens_at + 10_000)
    assert trivia.close_if_all_answered(room_id=room.id, seq=game.seq, now=game.opens_at + 11_500)


def test_a_late_joiner_may_answer_and_gets_no_more_than_others(room: Room, alice: User) -> None:
    services.take_seat(room_id=room.id, user=alice)
    answer = say(room, alice.pk, 2, after=9000)
    assert answer.elapsed == 9000
    assert game_of(room).players.filter(user=alice).exists()


def test_a_flag_is_kept_once_with_its_last_reason(room: Room, bob: User, alice: User) -> None:
    now = now_ms() + 60_000
    trivia.flag(room_id=room.id, user_id=bob.pk, number=1, reason="no", now=now)
    trivia.flag(room_id=room.id, user_id=bob.pk, number=1, reason=" It is\n B. " + "x" * 400, now=now)
    flag = game_of(room).questions.get(number=1).flags.get()
    assert flag.reason.startswith("It is B. x")
    assert len(flag.reason) == 200
    with pytest.raises(errors.NoSuchQuestion):
        trivia.flag(room_id=room.id, user_id=bob.pk, number=2, reason="", now=now)
    with pytest.raises(errors.NoSeat):
        trivia.flag(room_id=room.id, user_id=alice.pk, number=1, reason="", now=now)
