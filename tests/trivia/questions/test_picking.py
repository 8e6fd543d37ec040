"""A game gets questions by lot, from every category, and those that its players know come last."""

from collections import Counter

import pytest
from django.utils import timezone

from accounts.models import User
from rooms.models import Room
from rooms.trivia.models import Question, TriviaGame
from rooms.trivia.questions.picking import NoQuestions, Wanted, category_counts, pick_questions
from rooms.trivia.questions.storing import store
from tests.trivia.questions.examples import question, stored

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def picked(
    count: int, *, seed: int = 1, players: tuple[int, ...] = (), **wanted: list[str]
) -> list[Question]:
    return pick_questions(wanted=Wanted(count=count, **wanted), players=players, seed=seed)


def test_the_same_seed_picks_the_same_questions_and_another_seed_others() -> None:
    stored(50)
    assert picked(10) == picked(10)
    assert set(picked(10)) != set(picked(10, seed=2))


def test_the_lots_are_fair() -> None:
    stored(10)
    times = Counter(question.id for seed in range(100) for question in picked(3, seed=seed))
    assert len(times) == 10
    assert min(times.values()) > 10


def test_a_small_category_gets_as_many_as_a_large_one() -> None:
    stored(60, category="Geography")
    for category in ("Space", "Food", "Music"):
        stored(4, category=category)
    assert set(Counter(question.category for question in picked(12)).values()) == {3}
    assert Counter(question.category for question in picked(20))["Geography"] == 8


def test_neighbours_are_of_different_categories() -> None:
    for category in ("Space", "Food", "Music"):
        stored(5, category=category)
    order = [question.category for question in picked(15)]
    assert all(len(set(order[start : start + 3])) == 3 for start in range(0, 15, 3))


def test_the_same_fact_is_not_asked_twice() -> None:
    store(
        questions=[question(text=f"In other words {n}: the largest planet?") for n in range(30)]
        + [question(text="And the smallest?", answer=3)],
        pack="tests",
    )
    assert {question.fact for question in picked(2)} == {"jupiter", "pluto"}
    with pytest.raises(NoQuestions, match="Only 2 questions match"):
        picked(3)


def test_only_what_the_host_asked_for_is_picked() -> None:
    stored(5)
    stored(5, category="Food", difficulty="hard")
    stored(5, category="Music", type="number")
    assert {question.category for question in picked(5, categories=["Food"])} == {"Food"}
    assert {question.category for question in picked(5, difficulties=["hard"])} == {"Food"}
    assert {question.category for question in picked(5, types=["number"])} == {"Music"}


def played(questions: list[Question], *, by: list[User], opened: bool = True) -> None:
    """A game in which these people met these questions, or were only dealt them."""
    game = TriviaGame.objects.create(room=make_room(by[0]), of=len(questions), options={}, seed=1)
    for number, dealt in enumerate(questions, 1):
        opened_at = 1_000 if opened else None
        game.questions.create(number=number, question=dealt, public={}, secret={}, opened_at=opened_at)
    for user in by:
        game.players.create(user=user)


def make_room(host: User) -> Room:
    now = timezone.now()
    return Room.objects.create(
        code="PIZZAS", kind="trivia", title="Quiz", host=host, created_at=now, expires_at=now
    )


def test_what_somebody_in_the_room_has_met_comes_last() -> None:
    alice, bob, charlie = (User.objects.create_user(handle=name, name=name) for name in ("al", "bo", "cy"))
    questions = stored(20)
    met = questions[:12]
    played(met, by=[alice, bob])
    for seed in range(5):
        assert not set(picked(8, seed=seed, players=(alice.pk, charlie.pk))) & set(met)
        assert set(picked(8, seed=seed, players=(charlie.pk,))) & set(met)
    last = picked(20, players=(bob.pk,))
    assert set(last[8:]) == set(met)


def test_questions_of_a_game_that_never_came_are_not_met() -> None:
    alice = User.objects.create_user(handle="al", name="al")
    questions = stored(20)
    played(questions[:12], by=[alice], opened=False)
    assert picked(8, players=(alice.pk,)) == picked(8, players=(alice.pk + 1,)) == picked(8)


def test_a_question_that_was_put_away_is_not_asked() -> None:
    stored(3)
    Question.objects.filter(text="Space 0?").update(active=False)
    assert len(picked(2)) == 2
    with pytest.raises(NoQuestions):
        picked(3)
    assert category_counts() == {"Space": 2}


def test_a_host_is_told_how_many_there_are_and_what_to_do() -> None:
    stored(6, difficulty="hard")
    with pytest.raises(NoQuestions) as refusal:
        picked(10, categories=["Space"], difficulties=["hard"])
    assert str(refusal.value) == (
        "Only 6 questions match Space, hard, and 10 are needed. "
        "Ask for fewer, or allow more categories or kinds."
    )


def test_a_host_is_told_when_nothing_matches() -> None:
    stored(1)
    with pytest.raises(NoQuestions, match="No question matches Food or Art or Music or 1 more"):
        picked(3, categories=["Food", "Art", "Music", "History"])


def test_an_empty_bank_says_how_to_fill_it() -> None:
    with pytest.raises(NoQuestions, match=r"manage\.py load_questions"):
        picked(3)
