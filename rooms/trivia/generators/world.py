"""The open data that questions are made of; read once, and only when something is generated."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

DATA = Path(__file__).resolve().parent / "data"
CONTINENTS = {
    "AF": "Africa",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}


class Country(msgspec.Struct, frozen=True):
    """Area in km². `neighbours` are codes. `flag` is the path of a static file, or empty."""

    code: str
    name: str
    capital: str
    continent: str
    area: int
    population: int
    neighbours: list[str]
    flag: str

    @property
    def title(self) -> str:
        """The name as it stands alone: `The Gambia`."""
        return self.name[0].upper() + self.name[1:]


class City(msgspec.Struct, frozen=True):
    name: str
    country: str
    population: int


class Element(msgspec.Struct, frozen=True):
    number: int
    symbol: str
    name: str


@cache
def countries() -> dict[str, Country]:
    """Every country by its code."""
    return {country.code: country for country in _read("countries.json", list[Country])}


@cache
def cities() -> list[City]:
    """Large cities, the largest first."""
    return _read("cities.json", list[City])


@cache
def elements() -> list[Element]:
    """The chemical elements by their number."""
    return _read("elements.json", list[Element])


def _read(name: str, kind: Any) -> Any:
    return msgspec.json.decode((DATA / name).read_bytes(), type=kind)
