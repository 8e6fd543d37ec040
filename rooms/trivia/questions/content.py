"""What a question is: one typed, strict schema for each type, and what is wrong with it in words. Pure.

The file format and every rule in it is described in docs/questions.md.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import msgspec

from rooms.trivia.questions.words import fold

CATEGORY_LENGTH, TEXT_LENGTH, CHOICE_LENGTH, EXPLANATION_LENGTH, SOURCE_LENGTH = 40, 300, 120, 400, 200
IMAGE_LENGTH, NAME_LENGTH, CREDIT_LENGTH, LINK_LENGTH, FACT_LENGTH = 120, 60, 200, 300, 80
UNIT_LENGTH, TAG_LENGTH, LANGUAGE_LENGTH = 20, 40, 10
LARGEST_NUMBER = 1e15
LENGTHS = {
    "category": CATEGORY_LENGTH,
    "text": TEXT_LENGTH,
    "explanation": EXPLANATION_LENGTH,
    "source": SOURCE_LENGTH,
    "image": IMAGE_LENGTH,
    "licence": NAME_LENGTH,
    "credit": CREDIT_LENGTH,
    "link": LINK_LENGTH,
    "modified": CREDIT_LENGTH,
    "fact": FACT_LENGTH,
    "unit": UNIT_LENGTH,
    "language": LANGUAGE_LENGTH,
}


class BadQuestion(ValueError):
    """A question that cannot be asked; `problems` has a line for each fault: the field and what would do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


class Content(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, tag_field="type", omit_defaults=True):
    """What every question has. `image` is the path of a static file; the last ones override their file's.

    Two questions with the same `fact` are not asked in one game; empty: the right answer stands for it.
    """

    type: ClassVar[str]
    category: str
    difficulty: Literal["easy", "medium", "hard"]
    text: str
    explanation: str = ""
    source: str = ""
    image: str = ""
    licence: str = ""
    credit: str = ""
    link: str = ""
    modified: str = ""
    language: str = "en"
    fact: str = ""
    tags: list[str] = []


class Choice(Content, tag="choice"):
    """One of the choices is right: `answer` is its index from 0."""

    type = "choice"
    choices: list[str]
    answer: int


class Boolean(Content, tag="boolean"):
    type = "boolean"
    answer: bool


class Several(Content, tag="several"):
    """One or more of the choices are right: `answer` has their indices from 0."""

    type = "several"
    choices: list[str]
    answer: list[int]


class Number(Content, tag="number"):
    """Scored by closeness: at a distance of `margin` from `answer` nothing is left of the points."""

    type = "number"
    answer: float
    margin: float
    unit: str = ""


class Order(Content, tag="order"):
    """`items` are in the right order."""

    type = "order"
    items: list[str]


class Text(Content, tag="text"):
    """`accepted` has every right answer; the first is the one shown."""

    type = "text"
    accepted: list[str]


AnyQuestion = Choice | Boolean | Several | Number | Order | Text
TYPES: dict[str, type[Content]] = {
    kind.type: kind for kind in (Choice, Boolean, Several, Number, Order, Text)
}
SHARED_FIELDS = tuple(name for name in Content.__struct_fields__)


def convert(fields: dict[str, Any]) -> Content:
    """A `Content` from its JSON. Raises `BadQuestion` if fields are missing, unknown or of a wrong type."""
    try:
        return msgspec.convert(fields, AnyQuestion)
    except msgspec.ValidationError as error:
        raise BadQuestion([in_words(str(error))]) from None


def fingerprint(question: Content) -> str:
    """32 hexadecimal digits; equal for questions that differ only in case, accents, or wrong choices."""
    parts = [question.type, fold(question.text), question.image, *_answers(question)]
    return hashlib.blake2b(msgspec.json.encode(parts), digest_size=16).hexdigest()


def fact(question: Content) -> str:
    """What the question is about, so that a game does not ask it twice in other words."""
    if question.fact:
        return question.fact
    if isinstance(question, Choice | Text):
        answer = fold(right_answers(question)[0])
        if len(answer) > 2 and not any(character.isdigit() for character in answer):
            return answer[:FACT_LENGTH]
    return fingerprint(question)


def own_fact(question: Content) -> str:
    """The fact if it was given; empty if it is the one that follows from the question."""
    return "" if question.fact == fact(msgspec.structs.replace(question, fact="")) else question.fact


def right_answers(question: Content) -> list[str]:
    """The right answer, or answers, or the right order, as texts."""
    match question:
        case Choice():
            return [question.choices[question.answer]]
        case Several():
            return [question.choices[index] for index in sorted(question.answer)]
        case Order():
            return question.items
        case Text():
            return question.accepted
        case Number():
            return [f"{number_text(question.answer)} {question.unit}".strip()]
        case Boolean():
            return ["True" if question.answer else "False"]
    raise TypeError(question)


def number_text(number: float) -> str:
    """A number for people to read: 1969 may be a year, 40,075 is none."""
    return f"{number:,.10g}" if abs(number) >= 10_000 else f"{number:.10g}"


def _answers(question: Content) -> list[str]:
    """What a fingerprint is made of; it stays as it is, or what is stored would not be recognised."""
    match question:
        case Number():
            return [f"{question.answer:,.10g} {question.unit}".strip()]
        case Several():
            return sorted(question.choices)
        case Order():
            return sorted(question.items)
        case Text():
            return [fold(question.accepted[0])]
    return right_answers(question)


# --- What is wrong, in words -----------------------------------------------------------------------

WANTED = {
    "type": f"one of {', '.join(TYPES)}",
    "difficulty": "easy, medium or hard",
    "choices": "a list of 2 to 6 texts",
    "items": "a list of 3 to 6 texts in the right order",
    "accepted": "a list of the answers that are right, as texts",
    "tags": "a list of texts",
    "answer": "the index of the right choice from 0 (choice), a list of them (several), "
    "true or false (boolean) or a number (number)",
    "margin": "a number: how far off an answer is when it gets no points",
}


def in_words(error: str) -> str:
    """msgspec's message with the field's name first and with what would be right."""
    message, _, path = error.partition(" - at `$")
    field = re.sub(r"\[.*", "", path.strip("`.")) or ""
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", message):
        return f"{missing[1]}: is missing ({WANTED.get(missing[1], 'a text')})"
    if unknown := re.fullmatch(r"Object contains unknown field `(.+)`", message):
        return f"{unknown[1]}: is not a field of this type of question (see docs/questions.md)"
    if message.startswith(("Invalid", "Expected", "Number")) and field:
        return f"{field}: should be {WANTED.get(field, 'a text')}"
    return "should be an object with type, category, difficulty, text and the answer"
