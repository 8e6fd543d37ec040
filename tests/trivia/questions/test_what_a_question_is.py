"""A question is checked strictly, and what is wrong is said with the field and with what would be right."""

# ruff: noqa: RUF001

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.trivia.questions import checking, content
from rooms.trivia.questions.content import BadQuestion
from rooms.trivia.questions.words import Unreadable, clean
from tests.trivia.questions.examples import ONE_OF_EACH, patient, question


def problems(type: str = "choice", **changes: Any) -> list[str]:
    with pytest.raises(BadQuestion) as refusal:
        question(type, **changes)
    return refusal.value.problems


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_each_type_is_read(kind: str) -> None:
    assert question(kind).type == kind


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"difficulty": "deadly"}, "difficulty: should be easy, medium or hard"),
        ({"text": "?" * 301}, "text: has 301 characters, 300 is the most"),
        ({"text": " \n "}, "text: is empty"),
        ({"category": ""}, "category: is empty"),
        ({"explanation": "x" * 401}, "explanation: has 401 characters, 400 is the most"),
        ({"choices": ["a"], "answer": 0}, "choices: there are 1, and should be 2 to 6"),
        ({"choices": list("abcdefg")}, "choices: there are 7, and should be 2 to 6"),
        ({"choices": ["a", " a "]}, "choices: 'a' is there twice"),
        ({"choices": ["a", ""]}, "choices: one is empty"),
        ({"choices": ["a", "x" * 121]}, f"choices: {'x' * 30!r}… has over 120 characters"),
        ({"choices": "abcd"}, "choices: should be a list of 2 to 6 texts"),
        ({"answer": 4}, "answer: 4 is no choice, should be 0 to 3"),
        ({"answer": -1}, "answer: -1 is no choice, should be 0 to 3"),
        ({"image": "//elsewhere.example/x.png"}, "image: should be the path of a static file, such as …"),
        ({"image": "../secret.png"}, "image: should be the path of a static file, such as …"),
        ({"link": "javascript:alert(1)"}, "link: should begin with https://"),
        ({"language": "English"}, "language: should be a code such as en or pt-BR"),
        ({"points": 3}, "points: is not a field of this type of question (see docs/questions.md)"),
        ({"text": "a\x00b"}, "text: character 2 (U+0000) is invisible or no text: remove it"),
        ({"choices": ["a", "\u202eb"]}, "choices: character 1 (U+202E) is invisible or no text: remove it"),
        ({"text": "\ud800"}, "text: character 1 (U+D800) is invisible or no text: remove it"),
        ({"tags": ["x"] * 2}, "tags: 'x' is there twice"),
    ],
)
def test_a_fault_is_told_in_words(changes: dict[str, Any], told: str) -> None:
    (problem,) = problems(**changes)
    assert problem.startswith(told.removesuffix("…"))


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        ("boolean", {"answer": 1}, "answer: should be"),
        ("several", {"answer": []}, "answer: should name one choice at least, and each once"),
        ("several", {"answer": [1, 1]}, "answer: should name one choice at least, and each once"),
        ("several", {"answer": [9]}, "answer: each should be 0 to 3"),
        ("number", {"answer": float("nan")}, "answer: should be a number between"),
        ("number", {"answer": 1e16}, "answer: should be a number between"),
        ("number", {"answer": 10**400}, "answer: should be"),
        ("number", {"margin": 0}, "margin: should be over 0"),
        ("number", {"margin": float("inf")}, "margin: should be over 0"),
        ("order", {"items": ["a", "b"]}, "items: there are 2, and should be 3 to 6"),
        ("text", {"accepted": []}, "accepted: there are 0, and should be 1 to 20"),
    ],
)
def test_each_type_has_faults_of_its_own(kind: str, changes: dict[str, Any], told: str) -> None:
    (problem,) = problems(kind, **changes)
    assert problem.startswith(told)


def test_all_faults_are_told_at_once() -> None:
    assert len(problems(text="", link="x", answer=7)) == 3


@pytest.mark.parametrize("junk", [None, 3, [], "text", {}, {"type": "riddle"}, {"type": ["choice"]}])
def test_what_is_no_question_at_all_is_refused(junk: Any) -> None:
    with pytest.raises(BadQuestion):
        checking.read(junk)


def test_missing_fields_are_named() -> None:
    with pytest.raises(BadQuestion, match="text: is missing"):
        checking.read({"type": "boolean", "category": "S", "difficulty": "easy", "answer": True})


@pytest.mark.parametrize(
    "text", ["Wie heißt 🧑‍🚀?", "ما هي عاصمة فرنسا؟", "מהי בירת צרפת?", "日本の首都は？", "नमस्ते?"]
)
def test_emoji_and_every_script_are_fine(text: str) -> None:
    assert question(text=text).text == unicodedata.normalize("NFC", text)


def test_texts_are_composed_and_their_spaces_are_one() -> None:
    assert question(text="  Cafe\u0301\u00a0\n  au lait ? ").text == "Café au lait ?"


def test_the_same_question_in_other_dress_is_a_duplicate() -> None:
    one = question(text="Which planet is the largest?")
    for other in (
        question(text="WHICH PLANET, is the largest"),
        question(text="Which planet is the largest?", choices=["Jupiter", "Io"], answer=0),
        question(text="Which planet is the largest?", difficulty="hard", explanation="By far."),
    ):
        assert content.fingerprint(one) == content.fingerprint(other)


@pytest.mark.parametrize(
    "changes", [{"answer": 2}, {"text": "Which planet is the smallest?"}, {"image": "x.png"}]
)
def test_another_answer_text_or_image_is_another_question(changes: dict[str, Any]) -> None:
    one = question(text="Which planet is the largest?")
    other = question(**({"text": "Which planet is the largest?"} | changes))
    assert content.fingerprint(one) != content.fingerprint(other)


def test_questions_with_the_same_answer_are_about_the_same_fact() -> None:
    assert content.fact(question()) == content.fact(question("text", accepted=["the Jupiter"])) == "jupiter"
    assert content.fact(question(fact="largest planet")) == "largest planet"


def test_numbers_as_answers_are_no_fact_in_common() -> None:
    one, other = (question(text=text, choices=["1969", "1970"], answer=0) for text in ("Moon?", "Concorde?"))
    assert content.fact(one) != content.fact(other)


@patient
@given(st.text(max_size=400))
def test_cleaning_is_done_once_and_for_all(text: str) -> None:
    try:
        cleaned = clean(text)
    except Unreadable:
        return
    assert clean(cleaned) == cleaned
    assert not {unicodedata.category(character) for character in cleaned} & {"Cc", "Cs", "Co", "Zl", "Zp"}


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "type",
        "category",
        "difficulty",
        "text",
        "choices",
        "answer",
        "items",
        "accepted",
        "margin",
        "tags",
        "image",
    ]
)


@patient
@given(kind=st.sampled_from(list(ONE_OF_EACH)), junk=st.dictionaries(FIELDS, JUNK, max_size=3))
def test_junk_is_refused_or_read_but_never_breaks_anything(kind: str, junk: dict[str, Any]) -> None:
    fields = {"type": kind, "category": "S", "difficulty": "easy", "text": "?", **ONE_OF_EACH[kind], **junk}
    try:
        read = checking.read(fields)
    except BadQuestion:
        return
    assert content.fingerprint(read)
    assert content.fact(read)
