"""What a big screen shows of everybody's answers once a question is closed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from rooms import services
from rooms.models import Room
from rooms.seats import LiveSeat
from rooms.trivia import services as trivia
from rooms.trivia.models import RoomQuestion
from rooms.trivia.selectors import read_games
from rooms.trivia.showing import game_view
from rooms.trivia.spread import counts, partly, spread
from tests.trivia.conftest import Open
from tests.trivia.making import game_of, move_on, open_first, say

EVEREST = {"type": "number", "choices": None}
METRES = {"answer": 8848.0, "margin": 450.0}
PLANETS = {"type": "order", "choices": ["Earth", "Mercury", "Venus"]}
OUTWARDS = {"answer": [1, 2, 0]}
CAPITAL = {"type": "text", "choices": None}
PARIS = {"answer": "Paris", "accepted": ["Paris", "Lutetia"]}


def said(*values: Any) -> list[dict[str, Any]]:
    """Answers of users 1, 2, ..., the last one the quickest."""
    quickness = range(len(values), 0, -1)
    return [
        {"user_id": user, "value": value, "elapsed": 100 * slow}
        for user, value, slow in zip(range(1, len(values) + 1), values, quickness, strict=True)
    ]


def bars(*values: float) -> list[int]:
    found = spread(METRES, EVEREST, said(*values))
    assert found
    return list(found["bars"])


@pytest.mark.parametrize(
    ("value", "bar"),
    [
        (8848, 6),
        (8848 + 49, 6),
        (8848 - 49, 6),
        (8848 + 51, 7),
        (8848 - 51, 5),
        (8848 + 449, 10),
        (8848 - 449, 2),
        (8848 + 450, 11),
        (8848 - 450, 1),
        (1e15, 12),
        (-1e15, 0),
    ],
)
def test_a_number_stands_as_far_from_the_middle_as_it_is_from_the_right_one(value: float, bar: int) -> None:
    assert [place for place, count in enumerate(bars(value)) if count] == [bar]


def test_a_number_that_is_all_margins_away_stands_at_the_end() -> None:
    found = spread({"answer": 1.0, "margin": 1e-300}, EVEREST, said(1e15))
    assert found
    assert found["bars"] == [0] * 12 + [1]


@given(st.lists(st.floats(-1e15, 1e15), max_size=50))
def test_every_number_stands_somewhere(values: list[float]) -> None:
    assert (len(bars(*values)), sum(bars(*values))) == (13, len(values))


def test_the_closest_are_named_the_quickest_first_and_three_at_most() -> None:
    found = spread(METRES, EVEREST, said(8849, 8847, 9000, 8849, 8847))
    assert found
    assert found["closest"] == {"off": 1.0, "users": [5, 4, 2], "count": 4}


def test_nobody_is_the_closest_when_nobody_said_a_number() -> None:
    assert spread(METRES, EVEREST, []) == {"bars": [0] * 13, "margin": 450.0, "closest": None}


def test_typed_answers_are_shown_in_our_own_spelling_and_only_the_right_ones() -> None:
    found = spread(PARIS, CAPITAL, said("PARIS", "pariz", "lutétia", "a rude word", "a rude word", "Rome"))
    assert found == {"given": [{"text": "Paris", "count": 2}, {"text": "Lutetia", "count": 1}], "other": 3}


def test_at_most_five_spellings_are_shown() -> None:
    accepted = [f"{letter}{letter}" for letter in "abcdefgh"]
    found = spread({"accepted": accepted}, CAPITAL, said(*accepted, "hh"))
    assert found
    assert [one["text"] for one in found["given"]] == ["hh", "aa", "bb", "cc", "dd"]


def test_of_an_order_it_is_counted_how_many_put_each_in_its_place() -> None:
    answers = said([1, 2, 0], [1, 0, 2], [2, 0, 1])
    assert counts(OUTWARDS, PLANETS, answers) == [1, 2, 1]
    assert partly(OUTWARDS, PLANETS, answers) == 1


def test_of_several_each_pick_is_counted() -> None:
    public = {"type": "several", "choices": ["Mars", "Venus", "Sun", "Saturn", "Pluto"]}
    secret = {"answer": [0, 1, 3]}
    answers = said([0, 1, 3], [0], [2, 4], [0, 1, 2])
    assert counts(secret, public, answers) == [3, 2, 2, 1, 1]
    assert partly(secret, public, answers) == 2
    assert spread(secret, public, answers) is None


def test_a_number_that_is_near_is_part_of_it() -> None:
    assert partly(METRES, EVEREST, said(8848, 8848 + 400, 8848 + 450)) == 1


@pytest.mark.parametrize("kind", ["boolean", "choice"])
def test_a_choice_is_right_or_wrong(kind: str) -> None:
    public = {"type": kind, "choices": ["True", "False"]}
    assert counts({"answer": 0}, public, said(0, 1, 1)) == [1, 2]
    assert partly({"answer": 0}, public, said(0, 1, 1)) == 0


# --- in a game ------------------------------------------------------------------------------------


def shown(room: Room, *players: User) -> dict[str, Any]:
    """The reveal as the screens get it; the players sit on 0, 1, ..."""
    seats = {
        slot: LiveSeat(
            user_id=player.id,
            slot=slot,
            handle=player.handle,
            name=player.handle,
            colour=0,
            mark=0,
            is_guest=False,
            connected=True,
        )
        for slot, player in enumerate(players)
    }
    view = game_view(read_games([room.id])[room.id], seats)["reveal"]
    assert isinstance(view, dict)
    return view


@pytest.fixture
def mountain(open_room: Open, bob: User, charlie: User) -> Room:
    """A question for a number, open."""
    room = open_room(questions=3, types=["choice"])
    for player in (bob, charlie):
        services.take_seat(room_id=room.id, user=player)
    RoomQuestion.objects.filter(game_id=room.id).update(
        public=EVEREST | {"text": "How high?", "unit": "m"},
        secret=METRES | {"answer_text": "8848 m"},
    )
    open_first(room)
    return room


def test_the_screens_are_told_who_came_closest_by_their_seats(
    mountain: Room, bob: User, charlie: User
) -> None:
    say(mountain, bob.id, 8850)
    say(mountain, charlie.id, 100)
    move_on(mountain)
    reveal = shown(mountain, charlie, bob)
    assert reveal["spread"]["closest"] == {"off": 2.0, "slots": [1], "count": 1}
    assert sum(reveal["spread"]["bars"]) == reveal["answers"] == 2
    assert shown(mountain, charlie)["spread"]["closest"]["slots"] == []


def test_an_answer_of_somebody_who_was_sent_away_is_not_shown(
    mountain: Room, alice: User, bob: User, charlie: User
) -> None:
    say(mountain, bob.id, 8850)
    say(mountain, charlie.id, 100)
    services.kick(room_id=mountain.id, slot=1, by=alice.id)
    move_on(mountain)
    reveal = shown(mountain, bob)
    assert (reveal["answers"], sum(reveal["spread"]["bars"])) == (1, 1)


def test_a_reveal_that_was_stored_before_there_were_spreads_is_shown_as_it_was(
    mountain: Room, bob: User
) -> None:
    say(mountain, bob.id, 8850)
    move_on(mountain)
    question = RoomQuestion.objects.get(game_id=mountain.id, number=game_of(mountain).number)
    assert question.outcome
    question.outcome = {name: question.outcome[name] for name in ("counts", "answers", "right", "standings")}
    question.save()
    assert (shown(mountain, bob)["spread"], shown(mountain, bob)["partly"]) == (None, 0)


def test_a_question_that_was_skipped_has_no_spread(mountain: Room, alice: User, bob: User) -> None:
    say(mountain, bob.id, 8850)
    game = game_of(mountain)
    trivia.skip(room_id=mountain.id, seq=game.seq, by=alice.id, now=(game.opens_at or 0) + 500)
    assert game_view(read_games([mountain.id])[mountain.id], {})["reveal"] is None
