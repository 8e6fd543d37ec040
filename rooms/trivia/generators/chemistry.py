"""The elements: names, symbols and places in the periodic table."""

from collections.abc import Iterator
from random import Random

from rooms.trivia.generators.making import Fields, Generator, choice, shuffled
from rooms.trivia.generators.world import Element, elements
from rooms.trivia.questions.words import fold

EVERYDAY = frozenset(
    "H He C N O F Ne Na Mg Al Si P S Cl K Ca Fe Ni Cu Zn Ag Sn I Au Hg Pb U".split()  # noqa: SIM905
)
LAST_COMMON = 86  # radon: what comes after it is known to few


def chemistry(rng: Random) -> Iterator[Fields]:
    """Symbols, numbers and the order of the elements."""
    for element in shuffled(elements(), rng):
        near = sorted(
            elements(), key=lambda other: (_unlike(other, element), abs(other.number - element.number))
        )
        others = rng.sample(near[1:9], 3)
        shared = {
            "difficulty": grade(element),
            "explanation": f"Element {element.number} is {element.name}, {element.symbol}.",
            "fact": fold(element.name),
        }
        yield {
            **shared,
            **choice(rng, element.symbol, [other.symbol for other in others]),
            "text": f"What is the chemical symbol of {element.name}?",
        }
        yield {
            **shared,
            **choice(rng, element.name.capitalize(), [other.name.capitalize() for other in others]),
            "text": f"Which element has the symbol {element.symbol}?",
        }
        yield {
            **shared,
            "type": "number",
            "answer": element.number,
            "margin": 10,
            "difficulty": "hard",
            "text": f"What is the atomic number of {element.name}?",
        }
        yield _in_order(rng.sample(elements()[:LAST_COMMON], 4))


def grade(element: Element) -> str:
    """How well people know an element."""
    if element.symbol in EVERYDAY:
        return "easy"
    return "medium" if element.number <= LAST_COMMON else "hard"


def _unlike(one: Element, other: Element) -> bool:
    return one.symbol[0] != other.symbol[0]


def _in_order(some: list[Element]) -> Fields:
    ranked = sorted(some, key=lambda element: element.number)
    return {
        "type": "order",
        "items": [element.name.capitalize() for element in ranked],
        "text": "Put these elements in order, the smallest atomic number first.",
        "difficulty": "hard",
        "explanation": ", ".join(f"{element.name} {element.number}" for element in ranked) + ".",
        "fact": " ".join(element.symbol for element in ranked),
    }


GENERATORS: dict[str, Generator] = {"elements": chemistry}
