"""What an importer makes of a file: checked questions, or everything that is wrong with it, line by line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rooms.trivia.questions import checking
from rooms.trivia.questions.content import BadQuestion, Content

LARGEST_FILE = 64 * 2**20  # bytes
MOST_QUESTIONS = 100_000
MOST_PROBLEMS = 50  # that are told; more are only counted


class BadFile(ValueError):
    """A file of which nothing is imported. `problems` has a line each, with the place in the file."""

    def __init__(self, problems: Sequence[str]) -> None:
        told = list(problems[:MOST_PROBLEMS])
        if len(problems) > MOST_PROBLEMS:
            told.append(f"… and {len(problems) - MOST_PROBLEMS} more")
        super().__init__("\n".join(told))
        self.problems = told


@dataclass(frozen=True, kw_only=True)
class Pack:
    """The questions of one file, with its licence already on each of them."""

    name: str
    licence: str = ""
    credit: str = ""
    link: str = ""
    questions: list[Content] = field(default_factory=list)


def checked(rows: Iterable[tuple[Callable[[], str], Callable[[], Any]]]) -> list[Content]:
    """The questions of all `rows`: pairs of functions for the place in the file, and for the question's JSON.

    Raises `BadFile` with the problems of every row that has some.
    """
    questions: list[Content] = []
    problems: list[str] = []
    for place, fields in rows:
        if len(questions) >= MOST_QUESTIONS:
            raise BadFile([f"{place()}: a file may have {MOST_QUESTIONS:,} questions. Split it, please."])
        try:
            questions.append(checking.read(fields()))
        except BadQuestion as bad:
            problems += [f"{place()}: {problem}" for problem in bad.problems]
        except RecursionError:
            problems.append(f"{place()}: is nested too deeply")
    if problems:
        raise BadFile(problems)
    return questions


def as_text(data: bytes) -> str:
    """The file's text, without a byte order mark. Raises `BadFile` if it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = line_of(data, error.start)
        raise BadFile([f"line {line}: is not UTF-8 text. Save the file again as UTF-8."]) from None


def line_of(data: bytes, offset: int) -> int:
    """The number of the line, from 1, in which the byte at `offset` is."""
    return data.count(b"\n", 0, offset) + 1
