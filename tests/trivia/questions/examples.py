"""Questions to test with."""

from typing import Any

from hypothesis import HealthCheck, settings

from rooms.trivia.models import Question
from rooms.trivia.questions import checking, content
from rooms.trivia.questions.storing import store

# No time is measured in a test.
patient = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

ONE_OF_EACH: dict[str, dict[str, Any]] = {
    "choice": {"choices": ["Venus", "Jupiter", "Mars", "Pluto"], "answer": 1},
    "boolean": {"answer": False},
    "several": {"choices": ["Io", "Titan", "Europa", "Luna"], "answer": [0, 2]},
    "number": {"answer": 8848.9, "margin": 500, "unit": "m"},
    "order": {"items": ["Mercury", "Venus", "Earth", "Mars"]},
    "text": {"accepted": ["São Paulo", "Sampa"]},
}


def question(type: str = "choice", **changes: Any) -> content.Content:
    """A checked question of this type."""
    shared = {"type": type, "category": "Space", "difficulty": "easy", "text": f"What about a {type}?"}
    return checking.read(shared | ONE_OF_EACH[type] | changes)


def stored(count: int, *, category: str = "Space", pack: str = "tests", **changes: Any) -> list[Question]:
    """So many questions in the bank, of one category and each with a fact of its own."""
    questions = [
        question(category=category, text=f"{category} {number}?", fact=f"{category} {number}", **changes)
        for number in range(count)
    ]
    before = set(Question.objects.values_list("id", flat=True))
    store(questions=questions, pack=pack)
    return list(Question.objects.exclude(id__in=before).order_by("id"))
