"""What somebody types is right if anybody would call it right."""

# ruff: noqa: RUF001

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.trivia.questions.words import one_typo_apart, same
from tests.trivia.questions.examples import patient


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ("paris", "Paris"),
        ("PARIS!", "Paris"),
        ("sao paulo", "São Paulo"),
        ("São  Paulo", "Sao Paulo"),
        ("the Beatles", "Beatles"),
        ("beatles", "The Beatles"),
        ("l'etranger", "L'Étranger"),
        ("Étranger", "L’Étranger"),
        ("tom and jerry", "Tom & Jerry"),
        ("spiderman", "Spider-Man"),
        ("dont look now", "Don't Look Now"),
        ("Strasse", "Straße"),
        ("Malmo", "Malmö"),
        ("Malmö", "Malmo\u0308"),
        ("Lodz", "Łódź"),
        ("aero", "Ærø"),
        ("kobenhavn", "København"),
        ("ＪＡＰＡＮ", "Japan"),
        ("Ｃ++", "c++"),
        ("москва", "Москва"),
        ("القاهره", "القاهرة"),
        ("Missisippi", "Mississippi"),
        ("Jupitre", "Jupiter"),
        ("Jupitter", "Jupiter"),
        ("Jupixer", "Jupiter"),
        ("1969", "1969"),
        ("🍕", "🍕"),
        ("❤", "❤\ufe0f"),
        ("\u200fParis", "Paris"),
        ("\u2066Lyon\u2069", "Lyon"),
        ("\u0661\u0669\u0666\u0669", "1969"),
        ("?", "?"),
        ("The The", "the the"),
        ("a", "A"),
    ],
)
def test_it_is_right(given: str, accepted: str) -> None:
    assert same(given, accepted)


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ("Gambia", "Zambia"),
        ("Iran", "Iraq"),
        ("Austria", "Australia"),
        ("North Korea", "South Korea"),
        ("Apollo 12", "Apollo 11"),
        ("1968", "1969"),
        ("Slovakia", "Slovenia"),
        ("Niger", "Nigeria"),
        ("Jupxixer", "Jupiter"),
        ("Mars", "Mar"),
        ("C", "C++"),
        ("", "Paris"),
        ("!", "?"),
        ("Henry IV", "Henry V II"),
        ("かき", "がき"),
        ("कि", "का"),
    ],
)
def test_it_is_something_else(given: str, accepted: str) -> None:
    assert not same(given, accepted)


@patient
@given(st.text(min_size=1, max_size=60))
def test_what_was_asked_for_is_always_right(text: str) -> None:
    assert same(text, text)


@patient
@given(st.text("abcde", max_size=8), st.text("abcde", max_size=8))
def test_one_typo_is_a_distance_of_one(one: str, other: str) -> None:
    if one != other:
        assert one_typo_apart(one, other) == (_distance(one, other) == 1)


def _distance(one: str, other: str) -> int:
    """Optimal string alignment, by the book."""
    table = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            cost = one[i - 1] != other[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]
