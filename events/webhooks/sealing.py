"""Secrets at rest: sealed with a key derived from `SECRET_KEY`, so a copy of the database gives none away.

Whoever changes `SECRET_KEY` keeps the old one in `SECRET_KEY_FALLBACKS` until `manage.py webhooks reseal` has
sealed everything anew with today's key.
"""

import secrets
from base64 import b64encode, urlsafe_b64encode
from contextlib import suppress
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from events.webhooks.errors import Unopenable
from events.webhooks.signing import PREFIX

PURPOSE = b"space pizzas: secrets of webhooks, 1"
SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh Standard Webhooks secret."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal(secret: str) -> str:
    """The secret as it may lie in the database."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again; raises `Unopenable`."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unopenable(
            "A secret cannot be read: was SECRET_KEY changed? Put the old one into SECRET_KEY_FALLBACKS, or "
            "rotate the secret."
        ) from None


def unseal_all(sealed: str) -> list[str]:
    """Those of several secrets, separated by spaces, that can be read."""
    found = []
    for one in sealed.split():
        with suppress(Unopenable):
            found.append(unseal(one))
    return found


def _box() -> MultiFernet:
    return _box_for((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _box_for(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    raw = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return urlsafe_b64encode(raw)
