"""Countries, capitals, borders, areas and cities, from GeoNames. What is disputed is left out (names.py)."""

from collections.abc import Iterator
from random import Random

from rooms.trivia.generators.making import Fields, Generator, choice, listed, shuffled
from rooms.trivia.generators.names import (
    DOUBTFUL_BORDERS,
    DOUBTFUL_CAPITALS,
    DOUBTFUL_CITIES,
    DOUBTFUL_CONTINENTS,
)
from rooms.trivia.generators.world import CONTINENTS, Country, cities, countries
from rooms.trivia.questions.words import fold

WELL_KNOWN = (
    "AR AT AU BE BR CA CH CN DE DK EG ES FI FR GB GR IE IN IT JP KR MX NL NO NZ PL PT RU SE TH TR US ZA"
)
KNOWN = frozenset(WELL_KNOWN.split())
CLEAR_RATIO = 1.3  # of areas: less might be a matter of how lakes and islands are counted
# Whose area depends on what is counted to them.
DOUBTFUL_AREAS = frozenset("CY DK IL IN MA PK RS SD SO UA".split())  # noqa: SIM905


def capitals(rng: Random) -> Iterator[Fields]:
    """The capital of a country, the country of a capital, and the capital typed."""
    certain = [country for country in countries().values() if has_clear_capital(country)]
    for country in shuffled(certain, rng):
        capital, about = country.capital, f"{country.capital} is the capital of {country.name}."
        shared = {"difficulty": difficulty(country), "explanation": about, "fact": fold(capital)}
        near = [other for other in certain if other.continent == country.continent and other != country]
        others = rng.sample(near, 3)
        yield {
            **shared,
            **choice(rng, capital, [other.capital for other in others]),
            "text": f"What is the capital of {country.name}?",
        }
        yield {
            **shared,
            **choice(rng, country.title, [other.title for other in others]),
            "text": f"{capital} is the capital of which country?",
        }
        if country.code in KNOWN:
            yield {
                **shared,
                "type": "text",
                "accepted": _spellings(capital),
                "text": f"Type the name of the capital of {country.name}.",
            }


def has_clear_capital(country: Country) -> bool:
    """Whether the capital is beyond dispute, and not given away by the country's name."""
    said = fold(country.name) in fold(country.capital) or fold(country.capital) in fold(country.name)
    return country.code not in DOUBTFUL_CAPITALS and not said


def continents(rng: Random) -> Iterator[Fields]:
    """The continent of a country that is on one alone."""
    for country in shuffled(countries().values(), rng):
        if country.code in DOUBTFUL_CONTINENTS:
            continue
        right = CONTINENTS[country.continent]
        wrong = rng.sample([name for name in CONTINENTS.values() if name != right], 3)
        yield {
            **choice(rng, right, wrong),
            "text": f"On which continent is {country.name}?",
            "difficulty": "medium" if difficulty(country) == "hard" else "easy",
            "explanation": f"In {right}: {with_its_capital(country)}.",
            "fact": f"continent of {country.code}",
        }


def borders(rng: Random) -> Iterator[Fields]:
    """One neighbour among others, and all neighbours. Wrong are neighbours' neighbours."""
    for country in shuffled(countries().values(), rng):
        near = [countries()[code] for code in country.neighbours if _clear_border(country, countries()[code])]
        far = _near_misses(country)
        shared = {
            "fact": f"borders of {country.code}",
            "difficulty": harder(difficulty(country)),
            "explanation": _neighbours(country, near),
        }
        if near and len(far) >= 3:
            right, wrong = rng.choice(near), rng.sample(far, 3)
            yield {
                **shared,
                **choice(rng, right.title, [other.title for other in wrong]),
                "text": f"Which of these countries has a land border with {country.name}?",
            }
        if len(near) >= 2 and len(far) >= 3:
            count = rng.randint(2, min(3, len(near)))
            some, wrong = rng.sample(near, count), rng.sample(far, 5 - count)
            yield {
                **shared,
                "type": "several",
                "choices": [other.title for other in some + wrong],
                "answer": list(range(count)),
                "text": f"Which of these countries have a land border with {country.name}?",
            }


def _neighbours(country: Country, near: list[Country]) -> str:
    """Those whose border with it is beyond doubt, in words."""
    some = ", among others," if len(near) < len(country.neighbours) else ""
    return f"{country.title} has{some} land borders with {listed(sorted(other.name for other in near))}."


def _clear_border(one: Country, other: Country) -> bool:
    both = one.code in other.neighbours and other.code in one.neighbours
    return both and frozenset({one.code, other.code}) not in DOUBTFUL_BORDERS


def _near_misses(country: Country) -> list[Country]:
    """Neighbours of neighbours that have no border with it, beyond doubt."""
    second = {code for near in country.neighbours for code in countries()[near].neighbours}
    close = second - {country.code} - set(country.neighbours)
    return [
        countries()[code]
        for code in sorted(close)
        if country.code not in countries()[code].neighbours
        and frozenset({country.code, code}) not in DOUBTFUL_BORDERS
    ]


def areas(rng: Random) -> Iterator[Fields]:
    """The largest of four countries, and four in order; each a good deal larger than the next."""
    known = [c for c in countries().values() if c.area > 2_000 and c.code not in DOUBTFUL_AREAS]
    while True:
        ladder = _ladder(rng.sample(known, 12))[:4]
        if len(ladder) < 4:
            continue
        names = [country.title for country in ladder]
        told = ", ".join(f"{country.title} {country.area:,} km²" for country in ladder)
        shared = {"fact": f"areas of {' '.join(sorted(c.code for c in ladder))}", "explanation": f"{told}."}
        shared["difficulty"] = "easy" if all(c.code in KNOWN for c in ladder) else "medium"
        if rng.random() < 0.5:
            text = "Which of these countries has the largest area?"
            yield {**shared, **choice(rng, names[0], names[1:]), "text": text}
        else:
            text = "Put these countries in order, the largest area first."
            yield {**shared, "difficulty": "hard", "type": "order", "items": names, "text": text}


def _ladder(some: list[Country]) -> list[Country]:
    """Some of the countries, each larger than the next by the clear ratio."""
    ladder: list[Country] = []
    for country in sorted(some, key=lambda country: -country.area):
        if not ladder or ladder[-1].area >= CLEAR_RATIO * country.area:
            ladder.append(country)
    return ladder


def large_cities(rng: Random) -> Iterator[Fields]:
    """The country of a city whose name is nowhere else."""
    for city in shuffled(cities(), rng):
        country = countries()[city.country]
        if city.name in DOUBTFUL_CITIES or fold(country.name) in fold(city.name):
            continue
        near = [c for c in countries().values() if c.continent == country.continent and c != country]
        likely = sorted(near, key=lambda other: -other.population)[:14]
        yield {
            **choice(rng, country.title, [other.title for other in rng.sample(likely, 3)]),
            "text": f"In which country is the city of {city.name}?",
            "difficulty": harder(difficulty(country)) if city.population < 3_000_000 else difficulty(country),
            "explanation": f"{city.name} is in {with_its_capital(country)}.",
            "fact": fold(city.name),
        }


def with_its_capital(country: Country) -> str:
    """`Peru (capital: Lima)`; the name alone if the capital is disputed or goes without saying."""
    return f"{country.name} (capital: {country.capital})" if has_clear_capital(country) else country.name


def difficulty(country: Country) -> str:
    """How well people know a country."""
    if country.code in KNOWN:
        return "easy"
    return "medium" if country.population > 15_000_000 or country.continent == "EU" else "hard"


def harder(grade: str) -> str:
    """One step up."""
    return {"easy": "medium"}.get(grade, "hard")


def _spellings(capital: str) -> list[str]:
    return ["Washington, D.C.", "Washington"] if capital.startswith("Washington") else [capital]


GENERATORS: dict[str, Generator] = {
    "capitals": capitals,
    "continents": continents,
    "borders": borders,
    "areas": areas,
    "cities": large_cities,
}
