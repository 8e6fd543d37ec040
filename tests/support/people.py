"""Somebody for the tests."""

from typing import Any

from accounts.models import User


def make_player(name: str, **fields: Any) -> User:
    """A player whose handle is the name in small letters; with an address, unless told otherwise."""
    handle = name.lower()
    fields = {"email": f"{handle}@pizza.example", **fields}
    return User.objects.create_user(handle=handle, name=name, **fields)
