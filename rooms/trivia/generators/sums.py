"""Sums, percentages, units and Roman numerals; wrong answers are the slips that people make."""

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from rooms.trivia.generators.making import Fields, Generator, choice

# How many of the second make one of the first: exact by definition.
UNITS = [
    ("kilometres", "metres", Fraction(1000)), ("metres", "centimetres", Fraction(100)),
    ("metres", "millimetres", Fraction(1000)), ("kilograms", "grams", Fraction(1000)),
    ("tonnes", "kilograms", Fraction(1000)), ("litres", "millilitres", Fraction(1000)),
    ("litres", "centilitres", Fraction(100)), ("hectares", "square metres", Fraction(10_000)),
    ("hours", "minutes", Fraction(60)), ("minutes", "seconds", Fraction(60)), ("days", "hours", Fraction(24)),
    ("weeks", "days", Fraction(7)), ("dozen", "pieces", Fraction(12)), ("feet", "inches", Fraction(12)),
    ("yards", "feet", Fraction(3)), ("pounds", "ounces", Fraction(16)),
    ("inches", "millimetres", Fraction(254, 10)),
]  # fmt: skip
ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
         (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]  # fmt: skip


def arithmetic(rng: Random) -> Iterator[Fields]:
    """Times, plus, minus and percent, for ever."""
    while True:
        yield rng.choice([_times, _plus, _minus, _percent, _square])(rng)


def units(rng: Random) -> Iterator[Fields]:
    """So many of one unit in another, for ever."""
    while True:
        large, small, factor = rng.choice(UNITS)
        amount = Fraction(rng.randint(2, 40)) / rng.choice([1, 1, 2])
        result = amount * factor
        slips = [
            result * 10,
            result / 10,
            result + factor,
            result * 2,
            result / 2,
            amount * 100,
            amount + factor,
        ]
        grade = "easy" if amount.denominator == 1 and factor in (7, 60, 100, 1000) else "medium"
        yield _with_slips(
            rng, f"How many {small} are {written(amount)} {large}?", result, slips, grade=grade, unit=small
        )


def roman(rng: Random) -> Iterator[Fields]:
    """The value of a Roman numeral, and the numeral of a year, for ever."""
    while True:
        number = rng.randint(4, 399) if rng.random() < 0.5 else rng.randint(1066, 2100)
        others = [number + slip for slip in (-10, 10, -2, 2, -100, 100, 5, -1) if number + slip > 0]
        wrong = rng.sample(others, 3)
        grade = "easy" if number < 40 else "medium" if number < 400 else "hard"
        shared = {
            "difficulty": grade,
            "fact": f"roman {number}",
            "explanation": f"{numeral(number)} is {number}.",
        }
        if rng.random() < 0.5:
            answers = choice(rng, str(number), [str(other) for other in wrong])
            yield {**shared, **answers, "text": f"Which number is {numeral(number)} in Roman numerals?"}
        else:
            answers = choice(rng, numeral(number), [numeral(other) for other in wrong])
            yield {**shared, **answers, "text": f"How is {number} written in Roman numerals?"}


def numeral(number: int) -> str:
    """The Roman numeral of a number from 1 to 3999."""
    text = ""
    for value, letters in ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def written(number: Fraction) -> str:
    """`12`, `2.5` or `12,700`."""
    return f"{int(number):,}" if number.denominator == 1 else f"{float(number):,.10g}"


def _times(rng: Random) -> Fields:
    a, b = rng.randint(3, 12), rng.randint(3, 99)
    grade = "easy" if b <= 12 else "medium" if a < 10 else "hard"
    slips = [(a + 1) * b, (a - 1) * b, a * (b + 1), a * (b - 1), a * b + 10, a * b - 10, a * b + 2]
    return _with_slips(rng, f"What is {a} \N{MULTIPLICATION SIGN} {b}?", a * b, slips, grade=grade)


def _plus(rng: Random) -> Fields:
    a, b = rng.randint(12, 999), rng.randint(12, 999)
    slips = [a + b + 10, a + b - 10, a + b + 100, a + b - 100, a + b + 1, a + b - 1]
    return _with_slips(rng, f"What is {a} + {b}?", a + b, slips, grade="easy" if a + b < 200 else "medium")


def _minus(rng: Random) -> Fields:
    b, rest = rng.randint(12, 600), rng.randint(12, 600)
    slips = [rest + 10, rest - 10, rest + 100, rest + 1, rest - 1, rest + 20]
    grade = "easy" if b + rest < 200 else "medium"
    return _with_slips(rng, f"What is {b + rest} \N{MINUS SIGN} {b}?", rest, slips, grade=grade)


def _percent(rng: Random) -> Fields:
    percent, whole = rng.choice([5, 10, 15, 20, 25, 30, 40, 60, 75]), 20 * rng.randint(2, 60)
    part = Fraction(percent * whole, 100)
    slips = [part + 5, part + 10, part * 2, part / 2, part + percent, part - 2]
    grade = "easy" if percent in (10, 25) else "medium" if whole <= 400 else "hard"
    return _with_slips(rng, f"What is {percent} % of {whole}?", part, slips, grade=grade)


def _square(rng: Random) -> Fields:
    root = rng.randint(4, 35)
    slips = [(root + 1) ** 2, (root - 1) ** 2, root**2 + 10, root**2 - 10, root**2 + root, root * 2]
    grade = "easy" if root <= 12 else "medium" if root <= 20 else "hard"
    return _with_slips(rng, f"What is {root} squared?", root**2, slips, grade=grade)


def _with_slips(
    rng: Random,
    text: str,
    right: Fraction | int,
    slips: list[int] | list[Fraction],
    *,
    grade: str,
    unit: str = "",
) -> Fields:
    """A choice among the right number and three different positive slips."""
    possible = sorted({Fraction(slip) for slip in slips if slip > 0 and slip != right})
    wrong = [written(slip) for slip in rng.sample(possible, 3)]
    explanation = f"The answer is {written(Fraction(right))} {unit}".strip() + "."
    answers = choice(rng, written(Fraction(right)), wrong)
    return {**answers, "text": text, "difficulty": grade, "explanation": explanation, "fact": text}


GENERATORS: dict[str, Generator] = {"arithmetic": arithmetic, "units": units, "roman": roman}
