"""A question is dealt with its choices shuffled and nothing of its answer in what everybody sees."""

from collections import Counter
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.trivia.questions import content
from rooms.trivia.questions.dealing import BadAnswer, Dealt, check_answer, deal, share
from tests.trivia.questions.examples import ONE_OF_EACH, patient, question

WORDS = st.text(st.characters(categories=["L", "N", "S"]), min_size=1, max_size=20)
KINDS = st.sampled_from(list(ONE_OF_EACH))


@st.composite
def questions(draw: Any) -> content.Content:
    """Any question of any type."""
    kind = draw(KINDS)
    texts = draw(
        st.lists(WORDS.map(lambda word: word.strip()).filter(bool), min_size=3, max_size=6, unique=True)
    )
    index = st.integers(0, len(texts) - 1)
    fields = {
        "choice": lambda: {"choices": texts, "answer": draw(index)},
        "boolean": lambda: {"answer": draw(st.booleans())},
        "several": lambda: {"choices": texts, "answer": draw(st.lists(index, min_size=1, unique=True))},
        "number": lambda: {"answer": draw(st.floats(-1e6, 1e6)), "margin": draw(st.floats(0.01, 1e6))},
        "order": lambda: {"items": texts},
        "text": lambda: {"accepted": texts},
    }[kind]()
    try:
        return question(kind, text="What?", **fields)
    except content.BadQuestion:  # cleaned, two texts may have become one
        return question(kind)


def dealt(kind: str, seed: int = 1, **changes: Any) -> Dealt:
    return deal(question(kind, **changes), rng=Random(seed))


@patient
@given(questions(), st.integers())
def test_the_right_answer_earns_everything_and_is_a_good_answer(asked: content.Content, seed: int) -> None:
    public, secret = deal(asked, rng=Random(seed))
    assert check_answer(public, secret["answer"]) == secret["answer"]
    assert share(secret, public, secret["answer"]) == 1.0


@patient
@given(questions(), st.integers())
def test_dealing_is_the_same_again_and_both_parts_are_json(asked: content.Content, seed: int) -> None:
    once, again = (deal(asked, rng=Random(seed)) for _ in range(2))
    assert once == again
    assert msgspec.json.decode(msgspec.json.encode(once.public)) == once.public
    assert set(once.public) == {
        "type", "text", "choices", "image", "unit", "category", "difficulty", "credit",
    }  # fmt: skip


@patient
@given(questions(), st.integers())
def test_what_is_shown_is_the_choices_and_no_others(asked: content.Content, seed: int) -> None:
    choices = deal(asked, rng=Random(seed)).public["choices"]
    written = getattr(asked, "choices", None) or getattr(asked, "items", None)
    if asked.type == "boolean":
        assert choices == ["True", "False"]
    else:
        assert (sorted(choices) if choices else None) == (sorted(written) if written else None)


@patient
@given(questions(), st.integers(), st.data())
def test_a_share_is_within_its_bounds(asked: content.Content, seed: int, data: st.DataObject) -> None:
    public, secret = deal(asked, rng=Random(seed))
    count = len(public["choices"] or "")
    answer = {
        "number": st.floats(-1e15, 1e15),
        "text": WORDS,
        "several": st.lists(st.integers(0, max(count - 1, 0)), min_size=1, unique=True),
        "order": st.permutations(range(count)),
    }.get(asked.type, st.integers(0, max(count - 1, 0)))
    assert 0.0 <= share(secret, public, check_answer(public, data.draw(answer))) <= 1.0


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=300), st.lists(st.integers(-2, 9)),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.just(10**400), st.just("x" * 10_000), st.just([[0]]), st.just("\x00"), st.just("\ud800"),
)  # fmt: skip


@patient
@given(KINDS, JUNK)
def test_junk_is_refused_in_words(kind: str, junk: Any) -> None:
    public, secret = dealt(kind)
    try:
        answer = check_answer(public, junk)
    except BadAnswer as refusal:
        words = str(refusal)
        assert words.endswith(".")
        return
    assert 0.0 <= share(secret, public, answer) <= 1.0
    assert check_answer(public, answer) == answer


def test_the_right_answer_is_at_every_place_alike() -> None:
    places = Counter(dealt("choice", seed).secret["answer"] for seed in range(400))
    assert set(places) == {0, 1, 2, 3}
    assert min(places.values()) > 60


def test_an_order_is_never_dealt_as_it_should_be() -> None:
    assert all(dealt("order", seed).secret["answer"] != [0, 1, 2, 3] for seed in range(200))


def test_an_order_answered_in_the_players_words_is_right() -> None:
    public, secret = dealt("order")
    mine = [public["choices"].index(name) for name in ("Mercury", "Venus", "Earth", "Mars")]
    assert share(secret, public, check_answer(public, mine)) == 1
    assert secret["answer_text"] == "Mercury → Venus → Earth → Mars"
    assert share(secret, public, mine[::-1]) == 0


@pytest.mark.parametrize(("answer", "part"), [(8848.9, 1), (8598.9, 0.5), (9098.9, 0.5), (8348.9, 0), (1, 0)])
def test_a_number_earns_by_closeness(answer: float, part: float) -> None:
    public, secret = dealt("number")
    assert share(secret, public, answer) == pytest.approx(part)
    assert secret["answer_text"] == "8848.9 m"


def test_of_several_a_part_is_earned_and_guessing_everything_earns_nothing() -> None:
    public, secret = dealt("several")
    right = secret["answer"]
    (wrong, other) = (index for index in range(4) if index not in right)
    assert share(secret, public, right[:1]) == 0.5
    assert share(secret, public, [*right, wrong]) == 0.5
    assert share(secret, public, [right[0], wrong]) == 0
    assert share(secret, public, [*right, wrong, other]) == 0


def test_typed_text_is_compared_kindly() -> None:
    public, secret = dealt("text")
    assert share(secret, public, check_answer(public, " SAO PAULO ")) == 1
    assert share(secret, public, check_answer(public, "sampa")) == 1
    assert share(secret, public, check_answer(public, "Rio")) == 0
    assert secret["answer_text"] == "São Paulo"


@pytest.mark.parametrize(
    ("kind", "answer", "told"),
    [
        ("choice", True, "none of the answers"),
        ("choice", 4, "none of the answers"),
        ("boolean", "True", "none of the answers"),
        ("several", [], "Pick one answer at least"),
        ("several", [0, 0], "each answer once"),
        ("order", [0, 1, 2], "all 4 in order"),
        ("order", [0, 1, 2, 2], "each once"),
        ("number", float("nan"), "not a number"),
        ("number", True, "not a number"),
        ("number", 10**400, "not a number"),
        ("text", "x" * 10_000, "200 characters"),
        ("text", "  ", "Type your answer first"),
        ("text", "a\x00", "nobody can see"),
    ],
)
def test_a_player_is_told_what_is_no_answer(kind: str, answer: Any, told: str) -> None:
    with pytest.raises(BadAnswer, match=told):
        check_answer(dealt(kind).public, answer)


def test_the_secret_says_whose_it_is() -> None:
    public, secret = dealt("choice", credit="Somebody", licence="CC BY 4.0", link="https://example.org")
    assert (secret["credit"], secret["licence"], secret["link"]) == (
        "Somebody",
        "CC BY 4.0",
        "https://example.org",
    )
    assert public["credit"] == "Somebody"
