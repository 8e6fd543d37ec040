"""What generators share: a question is made as the JSON of its file, and checked as if it were read."""

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, TypeVar

Fields = dict[str, Any]
Generator = Callable[[Random], Iterator[Fields]]
T = TypeVar("T")


def choice(rng: Random, right: str, wrong: list[str]) -> Fields:
    """The fields of a choice, the right one at any place."""
    place = rng.randint(0, len(wrong))
    return {"type": "choice", "choices": [*wrong[:place], right, *wrong[place:]], "answer": place}


def shuffled(items: Iterable[T], rng: Random) -> list[T]:
    """A shuffled copy."""
    every = list(items)
    rng.shuffle(every)
    return every


def listed(names: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
