"""What people are called: the rules for a name, and names for those who have not chosen one. Pure."""

import unicodedata
from random import Random

from accounts.errors import BadName

MAX_LENGTH = 24
MAX_SYMBOLS = 8
MAX_MARKS_IN_A_ROW = 2

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
# Letters and symbols that show nothing: Hangul fillers and the empty Braille cell.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Me"})
_VISIBLE = ("L", "N", "S")

PIZZA_WORDS = (
    "Zesty", "Cheesy", "Crispy", "Saucy", "Smoky", "Spicy", "Golden", "Toasty", "Tangy", "Peppery",
    "Herby", "Melty", "Crusty", "Doughy", "Salty", "Sizzling", "Basil", "Tomato", "Olive", "Truffle",
    "Garlic", "Paprika", "Oregano", "Caper", "Ricotta", "Pesto", "Chilli", "Mozzarella", "Artichoke",
)  # fmt: skip
SPACE_WORDS = (
    "Comet", "Meteor", "Nebula", "Quasar", "Pulsar", "Rocket", "Orbit", "Saturn", "Neptune", "Astro",
    "Cosmos", "Eclipse", "Galaxy", "Lander", "Rover", "Photon", "Nova", "Star", "Moon", "Satellite",
    "Titan", "Aurora", "Zenith", "Voyager", "Asteroid", "Pilot", "Captain", "Cadet", "Courier", "Vega",
)  # fmt: skip


def clean_name(name: str) -> str:
    """The name as it is stored: NFC, single spaces, 1 to 24 visible characters. `BadName` otherwise."""
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not any(_is_visible(character) for character in cleaned):
        raise BadName("A name needs at least one letter, number or symbol that people can see.")
    if len(cleaned) > MAX_LENGTH:
        raise BadName(f"That name is too long for the box: {MAX_LENGTH} characters fit.")
    _refuse_hidden(cleaned)
    _refuse_piled_marks(cleaned)
    if sum(unicodedata.category(character) == "So" for character in cleaned) > MAX_SYMBOLS:
        raise BadName(f"Lovely toppings, but {MAX_SYMBOLS} emoji are the most that fit.")
    return cleaned


def random_name(random: Random) -> str:
    """A friendly name, such as `Zesty Comet`; always one that `clean_name` accepts."""
    return f"{random.choice(PIZZA_WORDS)} {random.choice(SPACE_WORDS)}"


def handle_for(name: str, *, digits: int, random: Random) -> str:
    """An address for a generated name, such as `zesty-comet-4821`, with so many digits."""
    number = random.randrange(10 ** (digits - 1), 10**digits)
    return f"{name.lower().replace(' ', '-')}-{number}"


def _is_visible(character: str) -> bool:
    return unicodedata.category(character).startswith(_VISIBLE) and character not in _BLANKS


def _refuse_hidden(name: str) -> None:
    for index, character in enumerate(name):
        hidden = unicodedata.category(character) in _HIDDEN or character in _BLANKS
        if hidden and not _joins_emoji(name, index):
            raise BadName("That name has hidden characters in it. Letters, numbers and emoji all work.")


def _joins_emoji(name: str, index: int) -> bool:
    """Families and flags are several emoji with a joiner between them: the one hidden character allowed."""
    if name[index] != _JOINER or not 0 < index < len(name) - 1:
        return False
    before = name[index - 1]
    after = unicodedata.category(name[index + 1])
    return after == "So" and (before == _EMOJI_STYLE or unicodedata.category(before) in {"So", "Sk"})


def _refuse_piled_marks(name: str) -> None:
    """Accents sit on letters, at most two on one: more climb over the lines above."""
    marks, base = 0, " "
    for character in name:
        if unicodedata.category(character) not in {"Mn", "Mc"}:
            marks, base = 0, character
            continue
        marks += 1
        if base == " " or marks > MAX_MARKS_IN_A_ROW:
            raise BadName("Those accents pile up too high. Two on a letter are the most that fit.")
