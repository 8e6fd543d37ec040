"""Our own format: JSON with a licence for all and one object a question. Read and written here."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Literal, TypeVar

import msgspec

from rooms.trivia.importers.packs import BadFile, Pack, as_text, checked, line_of
from rooms.trivia.questions.content import CREDIT_LENGTH, LINK_LENGTH, NAME_LENGTH, BadQuestion, Content

FORMAT = "space-pizzas-questions"
OVERRIDDEN = ("licence", "credit", "link")
T = TypeVar("T")


class File(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The file as a whole; see docs/questions.md."""

    format: Literal["space-pizzas-questions"]
    version: Literal[1]
    name: str = ""
    licence: str = ""
    credit: str = ""
    link: str = ""
    questions: list[msgspec.Raw]


def read(data: bytes) -> Pack:
    """The pack in `data`. Raises `BadFile`."""
    file = decoded(data, File)
    _check_header(file)
    header = {name: getattr(file, name) for name in OVERRIDDEN}
    questions = checked(
        (place, partial(_with_header, raw, header)) for place, raw in placed(data, file.questions)
    )
    return Pack(name=file.name, **header, questions=questions)


def write(pack: Pack) -> bytes:
    """The file of a pack; reading it gives the pack again."""
    header = {name: getattr(pack, name) for name in ("name", *OVERRIDDEN)}
    lines = [b"  " + _line(question, pack) for question in pack.questions]
    start = msgspec.json.encode({"format": FORMAT, "version": 1, **header})[:-1]
    return start + b',\n "questions": [\n' + b",\n".join(lines) + b"\n ]}\n"


def decoded(data: bytes, kind: type[T]) -> T:
    """`data` as this kind of file. Raises `BadFile` with the line of what is no JSON."""
    text = as_text(data)
    try:
        return msgspec.json.decode(text, type=kind)
    except RecursionError:
        raise BadFile(["the file: is nested too deeply"]) from None
    except msgspec.ValidationError as error:
        raise BadFile([f"the file: {error}. docs/questions.md shows what it should be."]) from None
    except msgspec.DecodeError as error:
        at = re.search(r"\(byte (\d+)\)", str(error))
        line = line_of(data, int(at[1]) if at else len(data))
        raise BadFile([f"line {line}: is not JSON: {re.sub(r' .byte .*', '', str(error))}"]) from None


def placed(data: bytes, items: Sequence[msgspec.Raw]) -> Iterator[tuple[Callable[[], str], msgspec.Raw]]:
    """Each item with a function that names its place; the line is only looked up when somebody asks."""
    offset = 0
    for number, item in enumerate(items, 1):
        text = bytes(item)
        offset = data.find(text, offset)
        yield partial(_place, data, offset, number), item
        offset += len(text)


def _place(data: bytes, offset: int, number: int) -> str:
    return f"line {line_of(data, offset)} (question {number})"


def _check_header(file: File) -> None:
    limits = {"name": NAME_LENGTH, "licence": NAME_LENGTH, "credit": CREDIT_LENGTH, "link": LINK_LENGTH}
    problems = [
        f"the file: {name} has over {most} characters"
        for name, most in limits.items()
        if len(getattr(file, name)) > most
    ]
    if problems:
        raise BadFile(problems)


def _with_header(raw: msgspec.Raw, header: dict[str, str]) -> Any:
    try:
        fields = msgspec.json.decode(raw)
    except msgspec.ValidationError:  # it is JSON, or the file would not have been read
        raise BadQuestion(["has a number that is far too large: 1e15 is the most"]) from None
    return {**header, **fields} if isinstance(fields, dict) else fields


def _line(question: Content, pack: Pack) -> bytes:
    fields = msgspec.to_builtins(question)
    for name in OVERRIDDEN:
        if getattr(question, name) == getattr(pack, name):
            fields.pop(name, None)
        else:
            fields[name] = getattr(question, name)
    return msgspec.json.encode(fields)
