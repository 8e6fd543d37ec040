"""The six digits that prove an address: derived from a nonce and the secret key, so stored nowhere."""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

DIGITS = 6


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


def code_for(*, nonce: str, email: str) -> str:
    """Six digits; RFC 4226's truncation, taken from the front of the digest."""
    digest = salted_hmac("accounts.codes", f"{nonce}|{email.lower()}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def matches(*, typed: str, nonce: str, email: str) -> bool:
    """Whether `typed` is the code; spaces and dashes do not count."""
    digits = "".join(character for character in typed if character.isdigit())
    return constant_time_compare(digits, code_for(nonce=nonce, email=email))
