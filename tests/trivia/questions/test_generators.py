"""What is made of open data is right, has one right answer, and is the same for the same seed."""

import re
from collections import Counter
from fractions import Fraction
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import CommandError

from rooms.trivia.generators import flags, sums
from rooms.trivia.generators.catalogue import GENERATORS, generate
from rooms.trivia.generators.geography import CLEAR_RATIO
from rooms.trivia.generators.names import DOUBTFUL_BORDERS, DOUBTFUL_CAPITALS, MEMBERS
from rooms.trivia.generators.world import Country, countries, elements
from rooms.trivia.models import Question
from rooms.trivia.questions import content
from rooms.trivia.questions.content import Choice, Content, Number, Order, Several, right_answers

MANY = 400


@pytest.fixture(scope="module")
def made() -> dict[str, list[Content]]:
    return {name: generate(name, count=MANY, seed=1) for name in GENERATORS}


def by_title() -> dict[str, Country]:
    return {country.title: country for country in countries().values()}


@pytest.mark.parametrize("name", GENERATORS)
def test_the_same_seed_makes_the_same_and_another_seed_other_questions(
    made: dict[str, list[Content]], name: str
) -> None:
    assert generate(name, count=MANY, seed=1) == made[name]
    assert generate(name, count=20, seed=2) != made[name][:20]


@pytest.mark.parametrize("name", GENERATORS)
def test_questions_are_many_different_graded_and_say_whose_they_are(
    made: dict[str, list[Content]], name: str
) -> None:
    assert len(made[name]) >= 150
    assert len({content.fingerprint(one) for one in made[name]}) == len(made[name])
    assert len({one.difficulty for one in made[name]}) >= 2
    assert all(one.explanation and one.licence and one.source for one in made[name])


@pytest.mark.parametrize("name", GENERATORS)
def test_the_right_answer_is_at_every_place(made: dict[str, list[Content]], name: str) -> None:
    places = Counter(one.answer for one in made[name] if isinstance(one, Choice))
    assert not places or min(places[place] for place in range(4)) > places.total() / 8


def test_the_data_are_whole() -> None:
    assert set(countries()) == MEMBERS
    assert len(elements()) == 118
    assert [element.number for element in elements()] == list(range(1, 119))
    for country in countries().values():
        assert country.area > 0
        assert country.capital


@pytest.mark.parametrize(
    ("code", "capital"),
    [
        ("AU", "Canberra"),
        ("KZ", "Astana"),
        ("TR", "Ankara"),
        ("BR", "Brasília"),
        ("CA", "Ottawa"),
        ("UA", "Kyiv"),
    ],
)
def test_capitals_are_those_of_today(code: str, capital: str) -> None:
    assert countries()[code].capital == capital


def test_no_capital_is_disputed_and_no_name_gives_it_away(made: dict[str, list[Content]]) -> None:
    text = " ".join(one.text for one in made["capitals"])
    for code in DOUBTFUL_CAPITALS:
        assert f"capital of {countries()[code].name}?" not in text
    assert "Mexico City" not in text
    assert "Luxembourg" not in text


def test_capitals_are_right(made: dict[str, list[Content]]) -> None:
    capital = {country.name: country.capital for country in countries().values()}
    for one in made["capitals"]:
        if asked := re.fullmatch(r"What is the capital of (.+)\?", one.text):
            assert right_answers(one) == [capital[asked[1]]]


def test_neighbours_are_neighbours_and_the_others_are_not(made: dict[str, list[Content]]) -> None:
    for one in made["borders"]:
        assert isinstance(one, Choice | Several)
        country = next(c for c in countries().values() if one.text.endswith(f"border with {c.name}?"))
        right = right_answers(one)
        for title in one.choices:
            other = by_title()[title]
            assert (other.code in country.neighbours) == (title in right), one
            assert (country.code in other.neighbours) == (title in right), one
            assert frozenset({country.code, other.code}) not in DOUBTFUL_BORDERS


def test_areas_differ_clearly(made: dict[str, list[Content]]) -> None:
    for one in made["areas"]:
        names = one.items if isinstance(one, Order) else [*right_answers(one), *one.choices]  # type: ignore[attr-defined]
        areas = [by_title()[name].area for name in names]
        if isinstance(one, Order):
            assert all(a >= CLEAR_RATIO * b for a, b in pairwise(areas))
        else:
            assert all(areas[0] >= CLEAR_RATIO * area for area in areas[1:] if area != areas[0])


def test_flags_are_here_and_give_nothing_away(made: dict[str, list[Content]]) -> None:
    for one in made["flags"]:
        path = finders.find(one.image)
        assert path, one.image
        drawing = Path(path).read_text()
        country = by_title()[right_answers(one)[0]]
        assert len(drawing) < 6000
        assert f'"{country.code.lower()}' not in drawing
        assert "flag-icons" not in drawing
        assert not re.search(r"<script|<title|https?://(?!www\.w3\.org)", drawing)
        assert re.fullmatch(r"trivia/flags/[0-9a-f]{12}\.svg", one.image)


def test_parts_of_a_flag_are_all_found_in_it() -> None:
    for one in generate("flags", count=MANY, seed=1):
        drawing = Path(finders.find(one.image) or "").read_text()
        used = set(re.findall(r'(?:href="#|url\(#)([\w-]+)', drawing))
        assert used <= set(re.findall(r'id="([\w-]+)"', drawing)), one


def test_flags_that_are_alike_are_no_choice(made: dict[str, list[Content]]) -> None:
    for one in made["flags"]:
        assert isinstance(one, Choice)
        codes = {by_title()[title].code for title in one.choices}
        right = by_title()[right_answers(one)[0]].code
        for group in flags.LIKE_FLAGS:
            assert right not in group or not (codes - {right}) & group


def test_elements_are_right(made: dict[str, list[Content]]) -> None:
    for one in made["elements"]:
        if isinstance(one, Number):
            element = next(e for e in elements() if one.text.endswith(f"number of {e.name}?"))
            assert one.answer == element.number
        elif asked := re.fullmatch(r"What is the chemical symbol of (\w+)\?", one.text):
            assert right_answers(one) == [next(e.symbol for e in elements() if e.name == asked[1])]


def test_sums_are_right(made: dict[str, list[Content]]) -> None:
    for one in made["arithmetic"]:
        said = one.text.removeprefix("What is ").removesuffix("?")
        said = re.sub(r"(\d+) % of (\d+)", r"Fraction(\1 * \2, 100)", said).replace(" squared", " ** 2")
        for sign, operator in (("\N{MULTIPLICATION SIGN}", "*"), ("\N{MINUS SIGN}", "-")):
            said = said.replace(sign, operator)
        assert sums.written(Fraction(eval(said, {"Fraction": Fraction}))) == right_answers(one)[0], one


@pytest.mark.parametrize(("number", "text"), [(4, "IV"), (49, "XLIX"), (1994, "MCMXCIV"), (2026, "MMXXVI")])
def test_numerals_are_roman(number: int, text: str) -> None:
    assert sums.numeral(number) == text


def test_units_are_right(made: dict[str, list[Content]]) -> None:
    factors = {(small, large): factor for large, small, factor in sums.UNITS}
    for one in made["units"]:
        asked = re.fullmatch(r"How many ([\w ]+) are ([\d.,]+) ([\w ]+)\?", one.text)
        assert asked, one.text
        result = Fraction(asked[2].replace(",", "")) * factors[asked[1], asked[3]]
        assert right_answers(one) == [sums.written(result)]


def ran(*arguments: str) -> str:
    out = StringIO()
    call_command("generate_questions", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_makes_questions_once() -> None:
    asked = ("--generator", "flags", "--generator", "roman", "--count", "30")
    assert ran(*asked, "--dry-run").startswith("Would make Generated: flags: 30 new.\n")
    assert not Question.objects.exists()
    assert ran(*asked) == "Made Generated: flags: 30 new.\nMade Generated: roman: 30 new.\n"
    assert (
        ran(*asked) == "Made Generated: flags: 30 known already.\nMade Generated: roman: 30 known already.\n"
    )
    assert ran(*asked, "--seed", "2").count("new") >= 1


@pytest.mark.django_db
@pytest.mark.parametrize("count", ["0", "-3", "many", "20001"])
def test_a_wrong_count_is_refused_with_what_would_do(count: str) -> None:
    with pytest.raises(CommandError, match="a whole number from 1 to 20000"):
        ran(f"--count={count}")
