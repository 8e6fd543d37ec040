"""Dealing a question to a room: what everybody may see, and what nobody may before the reveal. Pure."""

from random import Random
from typing import Any, NamedTuple

from rooms.trivia.questions.content import (
    Boolean,
    Choice,
    Content,
    Number,
    Order,
    Several,
    Text,
    right_answers,
)
from rooms.trivia.questions.grading import BadAnswer, check_answer, share

__all__ = ["BadAnswer", "Dealt", "check_answer", "deal", "share"]

TRUE_OR_FALSE = ["True", "False"]


class Dealt(NamedTuple):
    """`public`: type, text, choices (list or None), image, unit, category, difficulty, credit.

    `secret`: answer (as on the wire), answer_text, explanation, source, credit, link, licence, and what
    grading needs: `accepted` of typed text, `margin` of a number.
    """

    public: dict[str, Any]
    secret: dict[str, Any]


def deal(question: Content, *, rng: Random) -> Dealt:
    """The question with its choices shuffled; the same `rng` deals the same way."""
    choices, secret = _lay_out(question, rng)
    public = {
        "type": question.type,
        "text": question.text,
        "choices": choices,
        "image": question.image,
        "unit": question.unit if isinstance(question, Number) else "",
        "category": question.category,
        "difficulty": question.difficulty,
        "credit": question.credit,
    }
    told = {name: getattr(question, name) for name in ("explanation", "source", "credit", "link", "licence")}
    return Dealt(public, {**secret, "answer_text": answer_text(question), **told})


def answer_text(question: Content) -> str:
    """The right answer for people to read."""
    answers = right_answers(question)
    if isinstance(question, Text):
        return answers[0]
    return (" → " if isinstance(question, Order) else ", ").join(answers)


def _lay_out(question: Content, rng: Random) -> tuple[list[str] | None, dict[str, Any]]:
    """The choices as they are shown, and the answer as it is on the wire."""
    match question:
        case Boolean():
            return TRUE_OR_FALSE, {"answer": 0 if question.answer else 1}
        case Number():
            return None, {"answer": question.answer, "margin": question.margin}
        case Text():
            return None, {"answer": question.accepted[0], "accepted": question.accepted}
        case Choice():
            order = _shuffled(len(question.choices), rng)
            return [question.choices[i] for i in order], {"answer": order.index(question.answer)}
        case Several():
            order = _shuffled(len(question.choices), rng)
            right = sorted(order.index(index) for index in question.answer)
            return [question.choices[i] for i in order], {"answer": right}
        case Order():
            order = _disordered(len(question.items), rng)
            return [question.items[i] for i in order], {"answer": [order.index(i) for i in range(len(order))]}
    raise TypeError(question)


def _shuffled(count: int, rng: Random) -> list[int]:
    order = list(range(count))
    rng.shuffle(order)
    return order


def _disordered(count: int, rng: Random) -> list[int]:
    """Any order but the right one, so that leaving it as it is gets no points."""
    while (order := _shuffled(count, rng)) == list(range(count)):
        pass
    return order
