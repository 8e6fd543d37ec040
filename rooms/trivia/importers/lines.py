"""A question's answers as lines of text, as tables and the editor have them: right ones and wrong ones."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from rooms.trivia.questions.content import (
    BadQuestion,
    Boolean,
    Choice,
    Content,
    Number,
    Order,
    Several,
    Text,
    right_answers,
)


class Lines(NamedTuple):
    """`right` has one line for a choice, a boolean (true or false) and a number; more for the other types."""

    right: Sequence[str]
    wrong: Sequence[str] = ()
    margin: str = ""
    unit: str = ""


def answers(kind: str, lines: Lines) -> dict[str, Any]:
    """The fields of a question of this type. Raises `BadQuestion`."""
    if kind not in _ANSWERS:
        raise BadQuestion([f"type: should be one of {', '.join(_ANSWERS)}, and is {kind!r}"])
    if not lines.right:
        raise BadQuestion(["right: is empty"])
    return _ANSWERS[kind](lines)


def lines_of(question: Content) -> Lines:
    """The lines that give this question's answers again."""
    match question:
        case Choice() | Several():
            right = right_answers(question)
            return Lines(right, [text for text in question.choices if text not in right])
        case Boolean():
            return Lines(["true" if question.answer else "false"])
        case Number():
            return Lines([f"{question.answer:.15g}"], margin=f"{question.margin:.15g}", unit=question.unit)
        case Order():
            return Lines(question.items)
        case Text():
            return Lines(question.accepted)
    raise TypeError(question)


def _wrong(lines: Lines) -> Sequence[str]:
    if not lines.wrong:
        raise BadQuestion(["wrong: is empty, and one wrong choice is needed at least"])
    return lines.wrong


def _one(lines: Lines) -> str:
    if len(lines.right) > 1:
        raise BadQuestion([f"right: there are {len(lines.right)} answers, and this type of question has one"])
    return lines.right[0]


def _boolean(lines: Lines) -> dict[str, Any]:
    if (word := _one(lines).casefold()) not in ("true", "false"):
        raise BadQuestion([f"right: should be true or false, and is {lines.right[0]!r}"])
    return {"answer": word == "true"}


def _number(lines: Lines) -> dict[str, Any]:
    return {
        "answer": _float("right", _one(lines)),
        "margin": _float("margin", lines.margin),
        "unit": lines.unit,
    }


def _float(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadQuestion([f"{name}: should be a number such as 8848.86, and is {text!r}"]) from None


_ANSWERS: dict[str, Callable[[Lines], dict[str, Any]]] = {
    "choice": lambda lines: {"choices": [_one(lines), *_wrong(lines)], "answer": 0},
    "boolean": _boolean,
    "several": lambda lines: {
        "choices": [*lines.right, *_wrong(lines)],
        "answer": list(range(len(lines.right))),
    },
    "number": _number,
    "order": lambda lines: {"items": list(lines.right)},
    "text": lambda lines: {"accepted": list(lines.right)},
}
