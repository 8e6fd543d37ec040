"""The quiz's rules in a real browser, without its pages: scenes, typed numbers, events, clocks that slept."""

from typing import Any

import pytest

from tests.e2e.modules import Modules

OPEN = {"phase": "open", "number": 3, "opens_at": 10_000, "closes_at": 20_000, "paused": None}


@pytest.mark.parametrize(
    ("game", "own", "now", "shown"),
    [
        ({}, None, 9_999, ["ready", 1]),
        ({}, None, 10_000, ["open", 10]),
        ({}, None, 19_001, ["open", 1]),
        ({}, None, 25_000, ["open", 0]),
        ({}, {"extra": 50}, 21_000, ["open", 4]),
        ({"paused": {"remaining": 7000}}, None, 99_000, ["open", 7]),
        ({"paused": {"remaining": 7000}}, {"extra": 50}, 99_000, ["open", 12]),
        ({"paused": {"remaining": 10_400}}, None, 99_000, ["ready", 1]),
        ({"phase": "ready", "opens_at": 12_000, "closes_at": None}, None, 9_500, ["ready", 3]),
        ({"phase": "reveal", "next_at": 23_500}, None, 21_000, ["reveal", 3]),
        ({"phase": "reveal", "next_at": None}, None, 21_000, ["reveal", None]),
    ],
)
def test_what_there_is_to_see(
    modules: Modules, game: dict[str, Any], own: Any, now: int, shown: list[Any]
) -> None:
    assert modules.run("quiz.scenes", [{"game": OPEN | game, "own": own, "now": now}]) == [shown]


def test_what_a_typed_number_means(modules: Modules) -> None:
    meant = {
        "42": 42,
        " 8 848,9 ": 8848.9,
        "8,848.9": 8848.9,
        "1,234,567": 1_234_567,
        "3,5": 3.5,
        "\u22127": -7,
        ".5": 0.5,
        "1'000": 1000,
        "\u200f\u0664\u0662": 42,
        "\u06f1\u066c\u06f0\u06f0\u06f0\u066b\u06f5": 1000.5,
        "\uff14\uff12": 42,
        "8\u00b2": None,
        "": None,
        "ten": None,
        "1e5": None,
        "12 m": None,
    }
    assert modules.run("quiz.numbers", list(meant)) == list(meant.values())


def test_with_the_next_question_the_old_answer_is_gone_and_the_extra_time_is_not(modules: Modules) -> None:
    own = {"answer": 2, "answered_at": 9, "extra": 50, "result": {"points": 1}}
    state = {"game": {"seq": 4, "number": 1, "question": {"number": 1}}, "own": own}
    reveal = {"event": "trivia.phase", "game": {"seq": 5, "number": 1, "question": {"number": 1}}}
    following = {"event": "trivia.phase", "game": {"seq": 6, "number": 2, "question": {"number": 2}}}
    counted = {"event": "trivia.answered", "seq": 6, "answered": 3, "expected": 4}
    late = {"event": "trivia.answered", "seq": 5, "answered": 9, "expected": 9}
    assert modules.run("quiz.replay", state=state, events=[reveal])["own"] == own
    after = modules.run("quiz.replay", state=state, events=[reveal, following, counted, late])
    assert after["own"] == {"answer": None, "answered_at": None, "extra": 50, "result": None}
    assert (after["game"]["answered"], after["game"]["expected"]) == (3, 4)


@pytest.mark.parametrize("slept", [0, 400, 3_600_000, -3_600_000])
def test_a_clock_that_slept_or_leapt_is_put_right_by_a_word_of_the_server(
    modules: Modules, slept: int
) -> None:
    before, after = modules.run("quiz.clock", slept=slept)
    assert before == -slept
    assert after == 0


def test_what_is_called_out(modules: Modules) -> None:
    base = {
        "own": {"answer": None, "result": None},
        "question": {"type": "several"},
        "reveal": {"voided": False},
        "watching": False,
        "late": False,
    }
    half = {"answer": 7, "result": {"share": 0.5}}
    close = {"answer": 8848, "result": {"share": 0.999}}
    outcomes = {
        "Not handed in No harm done. The next one is yours.": {},
        "Welcome! You are in time for the next one.": {"late": True},
        "Nearly there 50 % of it was right.": {"own": half},
        "Nearly there Close enough for 50 % of the points.": {"own": half, "question": {"type": "number"}},
        "Nearly there Close enough for 99 % of the points.": {"own": close, "question": {"type": "number"}},
        "Order up! Exactly as ordered.": {"own": {"answer": 7, "result": {"share": 1}}},
        "A little burnt Not this time. There is more dough.": {"own": {"answer": 7, "result": {"share": 0}}},
        "Off the menu This question does not count, for anybody.": {"reveal": {"voided": True}, "late": True},
    }
    said = modules.run("quiz.verdicts", [base | changes for changes in outcomes.values()])
    assert said == list(outcomes)


def test_how_many_had_it_right_is_said_in_words(modules: Modules) -> None:
    reveal = {"right": 3, "partly": 2, "answers": 6, "voided": False}
    games = {
        "3 of 6 had it right.": ("choice", {}),
        "3 of 6 had it right, 2 more had part of it.": ("several", {}),
        "3 of 6 came close, 2 more not quite.": ("number", {}),
        "3 of 6 had it all in order.": ("order", {"partly": 0}),
        "Nobody ordered anything.": ("text", {"answers": 0, "right": 0}),
        "This question does not count, for anybody.": ("text", {"voided": True}),
    }
    asked = [{"question": {"type": kind}, "reveal": reveal | changes} for kind, changes in games.values()]
    assert modules.run("quiz.rightInWords", asked) == list(games)


def test_a_year_is_written_as_a_year(modules: Modules) -> None:
    assert modules.run("quiz.readable", [1969, 8848.86, 40075, -3, 1.14]) == [
        "1969",
        "8848.86",
        "40,075",
        "-3",
        "1.14",
    ]
