"""Flags, drawn by flag-icons. Their files are named so that the address gives nothing away."""

from collections.abc import Iterator
from random import Random

from rooms.trivia.generators.geography import difficulty, with_its_capital
from rooms.trivia.generators.making import Fields, Generator, choice, shuffled
from rooms.trivia.generators.names import LIKE_FLAGS, SAME_FLAGS
from rooms.trivia.generators.world import Country, countries


def flags(rng: Random) -> Iterator[Fields]:
    """The country of a flag; wrong are countries of the same continent whose flags are not alike."""
    drawn = [country for country in countries().values() if country.flag and country.code not in SAME_FLAGS]
    for country in shuffled(drawn, rng):
        others = rng.sample([other for other in drawn if _may_stand_beside(other, country)], 3)
        yield {
            **choice(rng, country.title, [other.title for other in others]),
            "text": "Which country has this flag?",
            "image": country.flag,
            "difficulty": difficulty(country),
            "explanation": f"This is the flag of {with_its_capital(country)}.",
            "fact": f"flag of {country.code}",
        }


def _may_stand_beside(other: Country, country: Country) -> bool:
    alike = any({other.code, country.code} <= group for group in LIKE_FLAGS)
    return other != country and other.continent == country.continent and not alike


GENERATORS: dict[str, Generator] = {"flags": flags}
