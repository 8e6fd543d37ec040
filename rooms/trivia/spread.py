"""How the answers to a closed question were spread, for the big screen. Pure.

What somebody typed is never in it, unless it is a right answer, and then in our own spelling: a wall that a
whole pub looks at is no place for a stranger's words.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from events.scoring import RIGHT
from rooms.trivia.questions.dealing import share
from rooms.trivia.questions.words import fold, same

NEAR = 4  # bars on either side of the middle one that lie within the margin
FAR = NEAR + 2  # bars on either side in all; the last one has everything beyond, too
MOST_CLOSEST = 3
MOST_SPELLINGS = 5

Row = dict[str, Any]
Part = Mapping[str, Any]


def counts(secret: Part, public: Part, answers: Sequence[Row]) -> list[int] | None:
    """How many chose each choice, or put it in its place; None where there is nothing to choose from."""
    if not public["choices"]:
        return None
    found = [0] * len(public["choices"])
    for answer in answers:
        for index in _counted(secret, public, answer["value"]):
            found[index] += 1
    return found


def partly(secret: Part, public: Part, answers: Sequence[Row]) -> int:
    """How many were wrong, and yet not quite: near the number, some of several, some in their place."""
    return sum(_is_partly(secret, public, answer["value"]) for answer in answers)


def spread(secret: Part, public: Part, answers: Sequence[Row]) -> Row | None:
    """How numbers and typed words were spread; None for the other types, whose choices are counted.

    Numbers: `bars` (13 counts: the middle one has the right answer, nine are within `margin`), `margin`, and
    `closest`: None without answers, else `off` (the distance), `users` (up to three, the quickest first) and
    `count`. Words: `given` (`[{"text", "count"}]`, the most frequent of the right spellings) and `other` (how
    many were wrong).
    """
    return _SPREADS[public["type"]](secret, answers) if public["type"] in _SPREADS else None


def _counted(secret: Part, public: Part, value: Any) -> list[int]:
    if public["type"] == "order":
        return [index for index, right in zip(value, secret["answer"], strict=True) if index == right]
    return value if isinstance(value, list) else [value]


def _is_partly(secret: Part, public: Part, value: Any) -> bool:
    if public["type"] == "order":
        return 0 < len(_counted(secret, public, value)) < len(value)
    return public["type"] in ("several", "number") and 0 < share(secret, public, value) < RIGHT / 1000


def _numbers(secret: Part, answers: Sequence[Row]) -> Row:
    bars = [0] * (2 * FAR + 1)
    for answer in answers:
        bars[_bar(answer["value"] - secret["answer"], secret["margin"])] += 1
    return {"bars": bars, "margin": secret["margin"], "closest": _closest(secret["answer"], answers)}


def _bar(distance: float, margin: float) -> int:
    """Which bar a distance from the right answer belongs to; a distance of the margin is outside."""
    steps = int(min(FAR, abs(distance) / margin * (NEAR + 0.5) + 0.5))  # in this order: it may be infinite
    return FAR + (steps if distance > 0 else -steps)


def _closest(right: float, answers: Sequence[Row]) -> Row | None:
    if not answers:
        return None
    off = min(abs(answer["value"] - right) for answer in answers)
    users = [
        answer["user_id"]
        for answer in sorted(answers, key=lambda row: row["elapsed"])
        if abs(answer["value"] - right) == off
    ]
    return {"off": float(f"{off:.6g}"), "users": users[:MOST_CLOSEST], "count": len(users)}


def _words(secret: Part, answers: Sequence[Row]) -> Row:
    meant = Counter(_spelling(secret["accepted"], answer["value"]) for answer in answers)
    other = meant.pop(None, 0)
    given = [{"text": text, "count": count} for text, count in meant.most_common(MOST_SPELLINGS)]
    return {"given": given, "other": other}


def _spelling(accepted: Sequence[str], value: str) -> str | None:
    """The accepted answer that somebody meant: their very own first, then one that is a typo away."""
    exact = (text for text in accepted if fold(text) == fold(value))
    return next(exact, None) or next((text for text in accepted if same(value, text)), None)


_SPREADS: dict[str, Callable[[Part, Sequence[Row]], Row]] = {"number": _numbers, "text": _words}
