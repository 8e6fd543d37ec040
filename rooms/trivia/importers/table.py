"""Questions in a spreadsheet, saved as CSV: one line each, under the names of the template's columns."""

import csv
import io
from collections.abc import Iterator
from functools import partial
from typing import Any

from rooms.trivia.importers.lines import Lines, answers
from rooms.trivia.importers.packs import BadFile, Pack, as_text, checked
from rooms.trivia.questions.content import BadQuestion

WRONG = [f"wrong_{number}" for number in range(1, 6)]
PLAIN = ["explanation", "source", "image", "licence", "credit", "link", "modified", "language", "fact"]
NEEDED = ["type", "category", "difficulty", "text", "right"]
COLUMNS = [*NEEDED, *WRONG, "margin", "unit", "tags", *PLAIN]
EXAMPLES = [
    {"type": "choice", "text": "Which planet is the largest?", "right": "Jupiter", "wrong_1": "Saturn",
     "wrong_2": "Earth", "wrong_3": "Mars", "explanation": "All the others would fit into it.",
     "source": "NASA, Planetary Fact Sheet"},
    {"type": "boolean", "text": "Olives are fruits.", "right": "true"},
    {"type": "several", "text": "Which of these are moons of Jupiter?", "right": "Io | Europa",
     "wrong_1": "Titan", "wrong_2": "Triton"},
    {"type": "number", "text": "How high is Mount Everest?", "right": "8848.86", "margin": "500",
     "unit": "m"},
    {"type": "order", "text": "From the Sun outwards?", "right": "Mercury | Venus | Earth | Mars"},
    {"type": "text", "text": "What is the capital of France?", "right": "Paris | Lutetia"},
]  # fmt: skip
MANY = ("several", "order", "text")


def template() -> str:
    """A file with the columns and an example of each type, to begin with."""
    output = io.StringIO()
    writer = csv.DictWriter(output, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows({"category": "Examples", "difficulty": "easy", **example} for example in EXAMPLES)
    return output.getvalue()


def read(data: bytes) -> Pack:
    """The pack in `data`. Raises `BadFile`."""
    text = as_text(data)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    columns = [name.strip().casefold() for name in next(_lines(reader), (1, []))[1]]
    _check_columns(columns)
    questions = checked(
        (f"line {line}".__str__, partial(_question, columns, cells))
        for line, cells in _lines(reader)
        if any(cell.strip() for cell in cells)
    )
    return Pack(name="", questions=questions)


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line on which it begins. Raises `BadFile` when quotes do not match."""
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile([f"line {line}: is not CSV: {error}"]) from None


def _check_columns(columns: list[str]) -> None:
    problems = [f"line 1: the column {name} is missing" for name in NEEDED if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    problems += [
        f"line 1: there is no column {name!r}; the template has all that there are" for name in unknown
    ]
    problems += [f"line 1: the column {name} is there twice" for name in COLUMNS if columns.count(name) > 1]
    if problems:
        raise BadFile(problems)


def _question(columns: list[str], cells: list[str]) -> dict[str, Any]:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise BadQuestion(
            [f"has {len(cells)} cells, and there are {len(columns)} columns: is a comma unquoted?"]
        )
    row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    if missing := [name for name in NEEDED if name not in row]:
        raise BadQuestion([f"{name}: is empty" for name in missing])
    kind = row["type"].casefold()
    # A table has one cell for all right answers; only types that may have more split it.
    right = _parts(row["right"]) if kind in MANY else [row["right"]]
    wrong = [row[name] for name in WRONG if name in row]
    lines = Lines(right, wrong, margin=row.get("margin", ""), unit=row.get("unit", ""))
    shared = {name: row[name] for name in PLAIN if name in row}
    tags = {"tags": _parts(row["tags"])} if "tags" in row else {}
    head = {"type": kind, "category": row["category"], "text": row["text"]}
    return {**head, "difficulty": row["difficulty"].casefold(), **shared, **tags, **answers(kind, lines)}


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|")]
