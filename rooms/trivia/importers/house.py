"""The house bank: the questions that we wrote ourselves, in `data/house/`, and the check that they pass."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rooms.trivia.importers import own_json
from rooms.trivia.importers.packs import BadFile
from rooms.trivia.questions import content
from rooms.trivia.questions.content import Boolean, Choice, Content
from rooms.trivia.questions.words import fold

FOLDER = Path(__file__).resolve().parent.parent / "data" / "house"
NAME = "House bank"
LEAST_QUESTIONS, LEAST_CATEGORIES, LEAST_IN_CATEGORY = 400, 10, 15
LEAST_SHARE, MOST_SHARE = 0.15, 0.35  # of the right answers at each of four places
MOST_LONGEST = 0.45  # of the choices, the share in which the longest is right: people notice


def read_bank(folder: Path = FOLDER) -> list[Content]:
    """Every question of the bank. Raises `BadFile` with the problems of all files."""
    questions: list[Content] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.json")):
        try:
            questions += own_json.read(path.read_bytes()).questions
        except BadFile as bad:
            problems += [f"{path.name}: {problem}" for problem in bad.problems]
    if problems:
        raise BadFile(problems)
    return questions


def faults(questions: Sequence[Content]) -> list[str]:
    """What is wrong with the bank as a whole, a line each; empty: it may be served."""
    return [*_of_each(questions), *_duplicates(questions), *_of_the_whole(questions), *_of_places(questions)]


def _of_each(questions: Sequence[Content]) -> Iterator[str]:
    for question in questions:
        for name in ("explanation", "source", "licence"):
            if not getattr(question, name):
                yield f"{question.text!r} has no {name}"
        if isinstance(question, Choice) and len(question.choices) < 3:
            yield f"{question.text!r} has too few choices: make it a boolean"


def _duplicates(questions: Sequence[Content]) -> Iterator[str]:
    texts = Counter(fold(question.text) for question in questions)
    yield from (f"asked {count} times: {text!r}" for text, count in texts.items() if count > 1)
    marks = Counter(content.fingerprint(question) for question in questions)
    yield from (f"one fingerprint {count} times: {mark}" for mark, count in marks.items() if count > 1)


def _of_the_whole(questions: Sequence[Content]) -> Iterator[str]:
    if len(questions) < LEAST_QUESTIONS:
        yield f"there are {len(questions)} questions, {LEAST_QUESTIONS} are promised"
    categories = Counter(question.category for question in questions)
    if len(categories) < LEAST_CATEGORIES:
        yield f"there are {len(categories)} categories, {LEAST_CATEGORIES} are promised"
    for category, count in categories.items():
        if count < LEAST_IN_CATEGORY:
            yield f"{category!r} has {count} questions, {LEAST_IN_CATEGORY} are the least"
    difficulties = Counter(question.difficulty for question in questions)
    for difficulty in ("easy", "medium", "hard"):
        if difficulties[difficulty] < len(questions) / 7:
            yield f"only {difficulties[difficulty]} questions are {difficulty}"
    kinds = Counter(question.type for question in questions)
    yield from (f"no question is of type {kind}" for kind in content.TYPES if not kinds[kind])


def _of_places(questions: Sequence[Content]) -> Iterator[str]:
    four = [q for q in questions if isinstance(q, Choice) and len(q.choices) == 4]
    places = Counter(question.answer for question in four)
    for place in range(4):
        if four and not LEAST_SHARE <= places[place] / len(four) <= MOST_SHARE:
            yield f"the right answer is at place {place} in {places[place]} of {len(four)}"
    longest = sum(_longest_is_right(question) for question in four)
    if longest > MOST_LONGEST * len(four):
        yield f"the longest choice is the right one in {longest} of {len(four)}"
    truths = [question.answer for question in questions if isinstance(question, Boolean)]
    if truths and not 0.35 <= sum(truths) / len(truths) <= 0.65:
        yield f"{sum(truths)} of {len(truths)} statements are true: about half should be"


def _longest_is_right(question: Choice) -> bool:
    others = [len(text) for index, text in enumerate(question.choices) if index != question.answer]
    return len(question.choices[question.answer]) > max(others)


def main() -> int:
    """`python -m rooms.trivia.importers.house`: say what is wrong with the bank."""
    try:
        questions = read_bank()
        problems = faults(questions)
    except BadFile as bad:
        questions, problems = [], bad.problems
    counts = Counter((question.category, question.difficulty) for question in questions)
    for (category, difficulty), count in sorted(counts.items()):
        sys.stdout.write(f"{category:24} {difficulty:8} {count:4}\n")
    sys.stdout.write("\n".join([*problems, f"{len(questions)} questions, {len(problems)} problems"]) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
