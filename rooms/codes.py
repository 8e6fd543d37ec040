"""Room codes: six letters that are easy to read out, hard to mistake, and spell nothing."""

import secrets

from rooms.models import CODE_LENGTH

# No vowels (so no words), and none of the letters that look like another or like a digit (I, L, O, S, Z).
ALPHABET = "BCDFGHJKMNPQRTVWX"
# What still reads as a rude word or worse without its vowels.
UNWANTED = ("BTCH", "CNT", "DCK", "FCK", "FGT", "FK", "KKK", "NGR", "NGG", "PRN", "TWT", "WNK", "WTF")


def random_code() -> str:
    """A code that nobody minds having on the big screen."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if is_clean(code):
            return code


def is_clean(code: str) -> bool:
    return not any(word in code for word in UNWANTED)


def normal_code(typed: str) -> str:
    """What somebody typed, pasted or read out, as a code: capitals, letters only, not too long."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())[:CODE_LENGTH]
