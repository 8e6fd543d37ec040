"""Files are read whole or not at all; what is wrong is told line by line."""

import base64
import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from rooms.trivia.importers import own_json, packs, table
from rooms.trivia.importers.packs import BadFile, Pack
from rooms.trivia.importers.reading import read_bytes
from rooms.trivia.questions.content import Boolean, Choice, right_answers
from tests.trivia.questions.examples import ONE_OF_EACH, question

HEAD = {"format": "space-pizzas-questions", "version": 1, "name": "Pub", "licence": "CC0-1.0"}
RESULTS = [
    {
        "type": "multiple",
        "difficulty": "easy",
        "category": "Entertainment: Books",
        "question": 'Who wrote "Les Misérables" & more?',
        "correct_answer": "Victor Hugo",
        "incorrect_answers": ["Émile Zola", "D'Artagnan", "50% + 1"],
    },
    {
        "type": "boolean",
        "difficulty": "hard",
        "category": "Science & Nature",
        "question": "Is it <true> that 1 + 1 = 2?",
        "correct_answer": "True",
        "incorrect_answers": ["False"],
    },
]
ENCODINGS: dict[str, Callable[[str], str]] = {
    "default": html.escape,
    "urlLegacy": quote_plus,
    "url3986": lambda text: quote(text, safe=""),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "none": str,
}


def lines(*questions: str) -> bytes:
    """A file of ours with a question on each line, the first of them on line 3."""
    return (json.dumps(HEAD)[:-1] + ',\n"questions": [\n' + ",\n".join(questions) + "\n]}").encode()


def line(**changes: Any) -> str:
    fields = {"type": "boolean", "category": "S", "difficulty": "easy", "text": "True?", "answer": True}
    return json.dumps({name: value for name, value in (fields | changes).items() if value is not None})


def encoded(value: Any, encode: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return encode(value)
    if isinstance(value, list):
        return [encoded(item, encode) for item in value]
    return {name: encoded(item, encode) for name, item in value.items()}


def refused(data: bytes, name: str = "pub.json", **options: str) -> list[str]:
    with pytest.raises(BadFile) as refusal:
        read_bytes(data, name=name, **options)
    return refusal.value.problems


def test_our_own_file_gives_its_licence_to_each_question_but_not_over_its_own() -> None:
    pack = read_bytes(lines(line(), line(text="Two?", licence="CC BY 4.0")), name="x.json")
    assert [one.licence for one in pack.questions] == ["CC0-1.0", "CC BY 4.0"]
    assert pack.name == "Pub"


def test_what_is_written_is_read_again() -> None:
    every = [question(kind, licence="MIT" if kind == "order" else "CC0-1.0") for kind in ONE_OF_EACH]
    pack = Pack(name="Mine", licence="CC0-1.0", questions=every)
    assert own_json.read(own_json.write(pack)) == pack


def test_a_broken_line_312_is_named() -> None:
    questions = [line(text=f"{number}?") for number in range(400)]
    questions[309] = line(difficulty="deadly", text="?" * 301)
    assert refused(lines(*questions)) == [
        "line 312 (question 310): difficulty: should be easy, medium or hard",
    ]


def test_the_same_broken_question_twice_is_named_at_both_lines() -> None:
    bad = line(text="")
    assert refused(lines(bad, line(), bad)) == [
        "line 3 (question 1): text: is empty",
        "line 5 (question 3): text: is empty",
    ]


def test_problems_are_told_up_to_a_bound() -> None:
    problems = refused(lines(*[line(text="")] * 60))
    assert len(problems) == 51
    assert problems[-1] == "… and 10 more"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "line 1: is not JSON"),
        (b'{"format":\n\n nonsense}', "line 3: is not JSON"),
        (lines(line())[:-3], "line 3: is not JSON"),
        (b"[1, 2]", "the file: Expected `object`"),
        (b'{"format": "other", "questions": []}', "the file: Invalid enum value 'other'"),
        (lines(line()).replace(b'"version": 1', b'"version": 2'), "the file: Invalid enum value 2"),
        (lines(line()).replace(b"Pub", b"\xff"), "line 1: is not UTF-8 text"),
        (lines(line()).replace(b"Pub", b"P" * 61), "the file: name has over 60 characters"),
        (lines(), "there is no question in it"),
        (lines('{"answer": 1e999}'), "line 3 (question 1): has a number that is far too large"),
        (lines("[[]]"), "line 3 (question 1): should be an object"),
        (b"[" * 100_000, "the file: "),
        (b'{"questions": ' + b"[" * 100_000, "the file: is nested too deeply"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(data: bytes, told: str) -> None:
    assert refused(data)[0].startswith(told)


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms.trivia.importers.reading.LARGEST_FILE", 2**20)
    assert "1 MB" in refused(b" " * (2**20 + 1))[0]
    monkeypatch.setattr(packs, "MOST_QUESTIONS", 2)
    assert "a file may have 2 questions" in refused(lines(line(), line(), line()))[0]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_open_trivia_db_is_read_in_each_of_its_encodings(encoding: str) -> None:
    data = {"response_code": 0, "results": encoded(RESULTS, ENCODINGS[encoding])}
    one, other = read_bytes(json.dumps(data).encode(), name="api.json").questions
    assert isinstance(one, Choice)
    assert (one.text, one.category) == ('Who wrote "Les Misérables" & more?', "Entertainment: Books")
    assert right_answers(one) == ["Victor Hugo"]
    assert one.choices == ["Victor Hugo", "Émile Zola", "D'Artagnan", "50% + 1"]
    assert isinstance(other, Boolean)
    assert other.answer
    assert other.text == "Is it <true> that 1 + 1 = 2?"


def test_open_trivia_db_keeps_its_licence_credit_link_and_what_we_changed() -> None:
    data = json.dumps({"results": encoded(RESULTS, html.escape)}).encode()
    for one in read_bytes(data, name="api.json").questions:
        assert (one.licence, one.credit) == ("CC BY-SA 4.0", "Open Trivia Database")
        assert one.link == "https://opentdb.com"
        assert "shuffled" in one.modified


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (1, "no results"),
        (2, "parameter"),
        (3, "token does not exist"),
        (4, "seen all"),
        (5, "5 seconds"),
        (9, "9"),
    ],
)
def test_a_refusal_of_open_trivia_db_is_explained(code: int, told: str) -> None:
    assert told in refused(json.dumps({"response_code": code, "results": []}).encode())[0]


def test_broken_items_of_open_trivia_db_are_named() -> None:
    broken = [
        {**RESULTS[0], "correct_answer": "D'Artagnan"},
        {"type": "multiple"},
        {**RESULTS[1], "type": "riddle"},
    ]
    problems = refused(json.dumps({"results": broken}, indent=0).encode())
    assert problems[0].endswith('choices: "D\'Artagnan" is there twice')
    assert "should have the fields of Open Trivia DB" in problems[1]
    assert problems[2].startswith("line 18 (question 3): type: should be multiple")


def test_the_template_is_a_file_that_can_be_read() -> None:
    pack = read_bytes(table.template().encode(), name="Pub quiz.csv")
    assert {one.type for one in pack.questions} == set(ONE_OF_EACH)
    assert pack.name == "Pub quiz"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_tables_of_other_countries_and_of_excel_are_read(delimiter: str) -> None:
    rows = ["type,category,difficulty,text,right,wrong_1", 'Choice,S,EASY,"Which?",a,b', ",,,,,"]
    data = "\r\n".join(rows).replace(",", delimiter).encode("utf-8-sig")
    (one,) = read_bytes(data, name="x.csv").questions
    assert (one.type, one.difficulty) == ("choice", "easy")


def test_lines_of_a_table_are_counted_as_an_editor_counts_them() -> None:
    data = (
        table.template()
        + 'choice,S,easy,"two\nlines",a,b\nboolean,S,easy,Is it?,perhaps\nriddle,S,easy,?,a\n'
    )
    assert refused(data.encode(), "x.csv") == [
        "line 10: right: should be true or false, and is 'perhaps'",
        "line 11: type: should be one of choice, boolean, several, number, order, text, and is 'riddle'",
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("choice,S,easy,?,a", "wrong: is empty"),
        ("choice,S,easy,,a,b", "text: is empty"),
        ("number,S,easy,?,12", "margin: should be a number"),
        ("number,S,easy,?,nan,,,,,,5", "answer: should be a number between"),
        ("choice,S,easy,?,a,b" + "," * 30 + "x", "has 36 cells"),
        ('choice,S,easy,?,a,"b', "is not CSV: unexpected end of data"),
        ("choice,S,easy,a\x00b,a,b", "text: character 2 (U+0000)"),
    ],
)
def test_a_fault_in_a_table_is_told(row: str, told: str) -> None:
    (problem,) = refused((table.template() + row).encode(), "x.csv")
    assert problem.startswith(f"line 8: {told}")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("type,category,difficulty,text", "line 1: the column right is missing"),
        ("type,category,difficulty,text,right,points", "line 1: there is no column 'points'"),
        ("type,category,difficulty,text,right,right", "line 1: the column right is there twice"),
    ],
)
def test_columns_are_those_of_the_template(head: str, told: str) -> None:
    assert refused(head.encode(), "x.csv")[0].startswith(told)


def test_the_format_can_be_said() -> None:
    assert len(read_bytes(table.template().encode(), name="x.txt", format="csv").questions) == 6
    assert refused(lines(line()), "x.json", format="opentdb")[0].startswith(
        "the file: Object missing required field"
    )
