"""Whether what a player sent is an answer at all, and how right it is. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from rooms.trivia.questions.content import LARGEST_NUMBER
from rooms.trivia.questions.words import Unreadable, clean, same

LONGEST_ANSWER = 200  # characters


class BadAnswer(ValueError):
    """No answer to this question; the message is for the player."""


def check_answer(public: Mapping[str, Any], answer: Any) -> Any:
    """`answer` in its normal form, to be stored. Raises `BadAnswer`.

    choice, boolean: an index; several: a sorted list of indices; order: a list of all indices in the
    player's order; number: a finite number; text: up to 200 characters, cleaned.
    """
    return _CHECKS[public["type"]](public, answer)


def share(secret: Mapping[str, Any], public: Mapping[str, Any], answer: Any) -> float:
    """How much of the points a checked `answer` earns: 0.0 to 1.0.

    A number loses in proportion to its distance and has nothing left at the margin. Of several, each right
    choice counts for a part and each wrong one takes one away. Everything else is right or wrong.
    """
    return _SHARES.get(public["type"], _exact)(secret, answer)


def _check_index(public: Mapping[str, Any], answer: Any) -> int:
    if type(answer) is not int or not 0 <= answer < len(public["choices"]):
        raise BadAnswer("That is none of the answers. Pick one of those on the screen.")
    return answer


def _check_several(public: Mapping[str, Any], answer: Any) -> list[int]:
    if not isinstance(answer, list) or not 0 < len(answer) <= len(public["choices"]):
        raise BadAnswer("Pick one answer at least.")
    if len(picked := {_check_index(public, index) for index in answer}) < len(answer):
        raise BadAnswer("Pick each answer once.")
    return sorted(picked)


def _check_order(public: Mapping[str, Any], answer: Any) -> list[int]:
    count = len(public["choices"])
    if not isinstance(answer, list) or len(answer) != count:
        raise BadAnswer(f"Put all {count} in order.")
    if {_check_index(public, index) for index in answer} != set(range(count)):
        raise BadAnswer(f"Put all {count} in order, each once.")
    return answer


def _check_number(public: Mapping[str, Any], answer: Any) -> float:
    if type(answer) not in (int, float) or not abs(answer) <= LARGEST_NUMBER:
        raise BadAnswer("That is not a number that we can read. Digits alone will do.")
    return float(answer)


def _check_text(public: Mapping[str, Any], answer: Any) -> str:
    if not isinstance(answer, str):
        raise BadAnswer("Type your answer.")
    if len(answer) > LONGEST_ANSWER:
        raise BadAnswer(f"That is a long one! {LONGEST_ANSWER} characters are the most.")
    try:
        cleaned = clean(answer)
    except Unreadable:
        raise BadAnswer("There is a character in it that nobody can see. Type it again, please.") from None
    if not cleaned:
        raise BadAnswer("Type your answer first.")
    return cleaned


_CHECKS: dict[str, Callable[[Mapping[str, Any], Any], Any]] = {
    "choice": _check_index,
    "boolean": _check_index,
    "several": _check_several,
    "order": _check_order,
    "number": _check_number,
    "text": _check_text,
}


def _exact(secret: Mapping[str, Any], answer: Any) -> float:
    return float(answer == secret["answer"])


def _several(secret: Mapping[str, Any], answer: list[int]) -> float:
    right = set(secret["answer"])
    hits = len(right & set(answer))
    return max(0, hits - (len(answer) - hits)) / len(right)


def _number(secret: Mapping[str, Any], answer: float) -> float:
    return float(max(0.0, 1 - abs(answer - secret["answer"]) / secret["margin"]))


def _text(secret: Mapping[str, Any], answer: str) -> float:
    return float(any(same(answer, accepted) for accepted in secret["accepted"]))


_SHARES: dict[str, Callable[[Mapping[str, Any], Any], float]] = {
    "several": _several,
    "number": _number,
    "text": _text,
}
