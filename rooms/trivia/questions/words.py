"""Text as people type it: cleaned for keeping, folded for comparing. Pure."""

import re
import unicodedata

# What would turn the text around it upside down, or is no text at all.
OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co"})
# Accents of Latin, Greek and Cyrillic; points of Hebrew and Arabic. In other scripts marks are letters.
ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
ARTICLES = frozenset(
    "the a an le la les un une el los las una der die das ein eine il lo gli uno um uma het een".split()  # noqa: SIM905
)
ELIDED = re.compile(r"^[ld]['\u2019](?=\w)", re.IGNORECASE)
LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i"}
)


class Unreadable(ValueError):
    """A text holds characters that nobody could read; the message names the first."""


def clean(text: str) -> str:
    """NFC, with spaces of every kind as one. Raises `Unreadable` on control characters.

    Emoji, right-to-left text and its marks are fine; overrides of the direction are not.
    """
    joined = " ".join(text.split())
    for place, character in enumerate(joined, 1):
        if character in OVERRIDES or unicodedata.category(character) in REFUSED_CATEGORIES:
            raise Unreadable(f"character {place} (U+{ord(character):04X}) is invisible or no text: remove it")
    return unicodedata.normalize("NFC", joined)


def fold(text: str) -> str:
    """What two spellings of the same answer have in common: no case, accents, punctuation or article.

    Symbols stay (`C++`, a pizza's emoji); a text of nothing but punctuation is kept as it is.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", ELIDED.sub("", text).casefold()))
    words = _without_punctuation(unicodedata.normalize("NFC", plain).translate(LETTERS)).split()
    if len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    return " ".join(words) or text.casefold()


def _without_punctuation(text: str) -> str:
    """Apostrophes vanish (`dont`), other punctuation parts words; "&" is "and"."""
    text = re.sub("['`\u2019\u00b4\u02bc]", "", text.replace("&", " and "))
    return "".join(" " if unicodedata.category(character)[0] == "P" else character for character in text)


def same(given: str, accepted: str) -> bool:
    """Whether somebody who typed `given` meant `accepted`.

    One typo (a letter more, less, other, or two swapped) is forgiven in five letters or more, unless it is in
    the first letter (Gambia is not Zambia) or the answer has a digit (Apollo 11 is not Apollo 12).
    """
    given, accepted = _bare(given), _bare(accepted)
    if given == accepted:
        return True
    if len(accepted) < 5 or any(character.isdigit() for character in given + accepted):
        return False
    return given[:1] == accepted[:1] and one_typo_apart(given, accepted)


def _bare(text: str) -> str:
    """Folded, without spaces and what cannot be seen (marks of direction, joiners), in digits from 0 to 9."""
    seen = (character for character in text if not _is_invisible(character))
    plain = (str(unicodedata.decimal(one)) if one.isdecimal() else one for one in seen)
    return fold("".join(plain)).replace(" ", "")


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"


def one_typo_apart(one: str, other: str) -> bool:
    """Whether the Damerau-Levenshtein distance of two different texts is 1."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    a, b = one[start:], other[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped
