"""Whether a question can be asked, and if not, everything that is wrong with it in words. Pure."""

import re
from collections.abc import Callable
from typing import Any

from rooms.trivia.questions.content import (
    CHOICE_LENGTH,
    LARGEST_NUMBER,
    LENGTHS,
    TAG_LENGTH,
    WANTED,
    BadQuestion,
    Choice,
    Content,
    Number,
    Order,
    Several,
    Text,
    convert,
)
from rooms.trivia.questions.words import Unreadable, clean

MOST_TAGS, MOST_ACCEPTED = 10, 20
IMAGE = re.compile(r"[\w-]+(/[\w.-]+)*\.(svg|png|webp|avif|jpe?g|gif)", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)?")


def read(fields: Any) -> Content:
    """A checked, cleaned question from its JSON. Raises `BadQuestion` with everything that is wrong."""
    question = convert(fields)
    problems = _clean_texts(question)
    problems += _check_shared(question) + CHECKS[question.type](question)
    if problems:
        raise BadQuestion(problems)
    return question


def _clean_texts(question: Content) -> list[str]:
    problems = []
    for name in question.__struct_fields__:
        value = getattr(question, name)
        try:
            if isinstance(value, str):
                setattr(question, name, clean(value))
            elif isinstance(value, list) and value and isinstance(value[0], str):
                setattr(question, name, [clean(item) for item in value])
        except Unreadable as wrong:
            problems.append(f"{name}: {wrong}")
    return problems


def _check_shared(question: Content) -> list[str]:
    problems = [f"{name}: is empty" for name in ("text", "category") if not getattr(question, name)]
    for name in question.__struct_fields__:
        value = getattr(question, name)
        if isinstance(value, str) and name in LENGTHS and len(value) > LENGTHS[name]:
            problems.append(f"{name}: has {len(value)} characters, {LENGTHS[name]} is the most")
    if question.image and not IMAGE.fullmatch(question.image):
        problems.append("image: should be the path of a static file, such as trivia/flags/1a2b.svg")
    if question.link and not question.link.startswith(("https://", "http://")):
        problems.append("link: should begin with https://")
    if not LANGUAGE.fullmatch(question.language):
        problems.append("language: should be a code such as en or pt-BR")
    return problems + _check_texts("tags", question.tags, least=0, most=MOST_TAGS, length=TAG_LENGTH)


def _check_texts(
    name: str, texts: list[str], *, least: int, most: int, length: int = CHOICE_LENGTH
) -> list[str]:
    problems = []
    if not least <= len(texts) <= most:
        problems.append(f"{name}: there are {len(texts)}, and should be {least} to {most}")
    if any(not text for text in texts):
        problems.append(f"{name}: one is empty")
    problems += [
        f"{name}: {text[:30]!r}… has over {length} characters" for text in texts if len(text) > length
    ]
    if twice := next((text for text in texts if texts.count(text) > 1), None):
        problems.append(f"{name}: {twice!r} is there twice")
    return problems


def _check_choice(question: Choice) -> list[str]:
    problems = _check_texts("choices", question.choices, least=2, most=6)
    if not 0 <= question.answer < len(question.choices):
        problems.append(f"answer: {question.answer} is no choice, should be 0 to {len(question.choices) - 1}")
    return problems


def _check_several(question: Several) -> list[str]:
    problems = _check_texts("choices", question.choices, least=2, most=6)
    if not question.answer or len(set(question.answer)) < len(question.answer):
        problems.append("answer: should name one choice at least, and each once")
    if any(not 0 <= index < len(question.choices) for index in question.answer):
        problems.append(f"answer: each should be 0 to {len(question.choices) - 1}")
    return problems


def _check_number(question: Number) -> list[str]:
    problems = []
    if not abs(question.answer) <= LARGEST_NUMBER:
        problems.append("answer: should be a number between -1e15 and 1e15")
    if not 0 < question.margin <= LARGEST_NUMBER:
        problems.append("margin: should be over 0, " + WANTED["margin"])
    return problems


def _check_text(question: Text) -> list[str]:
    return _check_texts("accepted", question.accepted, least=1, most=MOST_ACCEPTED)


def _check_order(question: Order) -> list[str]:
    return _check_texts("items", question.items, least=3, most=6)


CHECKS: dict[str, Callable[[Any], list[str]]] = {
    "choice": _check_choice,
    "boolean": lambda question: [],
    "several": _check_several,
    "number": _check_number,
    "order": _check_order,
    "text": _check_text,
}
