"""What an event is worth. Pure: the same event gives the same points for ever, so a replay agrees."""

from collections.abc import Callable
from typing import Any

from events.contracts import AnswerVoided, Contract, QuestionAnswered, ShipHit

HIT_POINTS = 1
DESTROYING_HIT_POINTS = 3

QUESTION_POINTS = 1000
AT_ONCE = 500  # ms: an answer so quick loses nothing
STREAK_POINTS = 100  # for each right answer in a row after the first
LONGEST_STREAK = 5  # of those that are paid
RIGHT = 500  # of 1000: so right counts as right


def _ship_hit(data: ShipHit) -> int:
    return DESTROYING_HIT_POINTS if data.destroyed else HIT_POINTS


def _question_answered(data: QuestionAnswered) -> int:
    """`share * (1 - speed * elapsed / allowed)`, rounded half up; and the streak's points."""
    late = 0 if data.elapsed < AT_ONCE else min(data.elapsed, data.allowed)
    whole = 100 * data.allowed
    points = (2 * QUESTION_POINTS * data.share * (whole - data.speed * late) // 1000 + whole) // (2 * whole)
    if data.share < RIGHT:
        return points
    return points + STREAK_POINTS * min(max(data.streak - 1, 0), LONGEST_STREAK)


def _answer_voided(data: AnswerVoided) -> int:
    return -data.points


# Type of event: (the game on whose boards it counts, its rule). A type that is not here scores nothing.
RULES: dict[str, tuple[str, Callable[[Any], int]]] = {
    "SHIP_HIT": ("arena", _ship_hit),
    "QUESTION_ANSWERED": ("trivia", _question_answered),
    "ANSWER_VOIDED": ("trivia", _answer_voided),
}


def points_for(type: str, data: Contract) -> int:
    """The points that an event of `type` gives its actor; 0 for a type that does not score."""
    return RULES[type][1](data) if type in RULES else 0


def game_of(type: str) -> str:
    """The game whose boards an event of a scoring type counts on."""
    return RULES[type][0]
