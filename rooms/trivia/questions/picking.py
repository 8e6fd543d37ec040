"""Which questions a game gets: drawn by lot, spread over the categories, those played before last."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, Count, F, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from rooms.trivia.models import Difficulty, Question, RoomQuestion

PRIME = 2**31 - 1  # lots are `(a * shuffle + b) % PRIME`: in 64 bits, and the same on every database
NAMED = 3  # categories, in a refusal


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a host asks for. Nothing in a list: any will do."""

    count: int
    categories: Collection[str] = ()
    difficulties: Collection[str] = ()
    types: Collection[str] = ()


class NoQuestions(Exception):
    """Too few questions match; the message tells a host why, and what to do."""


class Candidate(NamedTuple):
    id: int
    fact: str


def pick_questions(*, wanted: Wanted, players: Collection[int], seed: int) -> list[Question]:
    """`wanted.count` questions in the order of play. The same bank, past and seed give the same ones.

    No two of them have the same fact. Those that one of `players` (ids of users) has met come only when all
    others are used up. Raises `NoQuestions`.
    """
    matching = _matching(wanted)
    drawn = _drawn(matching, players=players, seed=seed)
    # A few a category are enough nearly always; the whole bank is read only when facts repeat a lot.
    for few in (drawn.filter(turn__lte=2 * wanted.count), drawn):
        chosen = _distinct(Candidate(*row) for row in few.values_list("id", "fact"))
        if len(chosen) >= wanted.count:
            return _in_order(chosen[: wanted.count])
    raise NoQuestions(_reason(wanted, found=len(chosen)))


def category_counts() -> dict[str, int]:
    """How many questions may be asked in each category, by name."""
    rows = Question.objects.filter(active=True).values_list("category").annotate(count=Count("id"))
    return dict(rows.order_by("category"))


def _matching(wanted: Wanted) -> QuerySet[Question]:
    questions = Question.objects.filter(active=True)
    for field, values in (
        ("category", wanted.categories),
        ("difficulty", wanted.difficulties),
        ("type", wanted.types),
    ):
        if values:
            questions = questions.filter(**{f"{field}__in": list(values)})
    return questions


def _drawn(questions: QuerySet[Question], *, players: Collection[int], seed: int) -> QuerySet[Any]:
    """The questions in the order of their lots, one of each category in turn."""
    rng = Random(seed)
    factor, shift = rng.randrange(1, PRIME), rng.randrange(PRIME)
    lot = (F("shuffle") * Value(factor, BigIntegerField()) + shift) % Value(PRIME, BigIntegerField())
    met = Case(When(id__in=already_played(players), then=1), default=0)
    last = ["met"] if players else []  # without players it would be a constant, by which PostgreSQL sorts not
    turn = Window(RowNumber(), partition_by="category", order_by=[*last, "lot"])
    return questions.annotate(lot=lot, met=met).annotate(turn=turn).order_by(*last, "turn", "lot", "id")


def already_played(players: Collection[int]) -> QuerySet[Any]:
    """The ids of the questions that one of these users has met."""
    met = RoomQuestion.objects.filter(game__players__user__in=players, opened_at__isnull=False)
    return met.filter(question__isnull=False).values("question")


def _distinct(candidates: Iterable[Candidate]) -> list[int]:
    """The ids of the first of each fact."""
    first: dict[str, int] = {}
    for candidate in candidates:
        first.setdefault(candidate.fact, candidate.id)
    return list(first.values())


def _in_order(ids: list[int]) -> list[Question]:
    questions = Question.objects.in_bulk(ids)
    return [questions[id] for id in ids]


def _reason(wanted: Wanted, *, found: int) -> str:
    if not Question.objects.filter(active=True).exists():
        return (
            "There are no questions here yet. Whoever runs this place can load some: manage.py load_questions"
        )
    grades = () if len(wanted.difficulties) == len(Difficulty) else wanted.difficulties
    asked = [_listed(wanted.categories), _listed(grades), _listed(wanted.types)]
    what = ", ".join(part for part in asked if part) or "this"
    matches = {0: "No question matches", 1: "Only 1 question matches"}.get(
        found, f"Only {found} questions match"
    )
    return (
        f"{matches} {what}, and {wanted.count} are needed. Ask for fewer, or allow more categories or kinds."
    )


def _listed(names: Collection[str]) -> str:
    shown = list(names)[:NAMED]
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return " or ".join([*shown, *more])
