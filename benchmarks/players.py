"""Players for a load: users with sessions, and rooms for them, made straight in the platform's database."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password

from accounts.models import COLOURS, MARKS, User


def make_players(count: int) -> list[tuple[User, str]]:
    """`count` guests, each with the Cookie header that signs them in."""
    unusable = make_password(None)
    users = User.objects.bulk_create(
        User(
            handle=f"load-{number}",
            name=f"Load {number}",
            colour=number % COLOURS,
            mark=number // COLOURS % MARKS,
            password=unusable,
        )
        for number in range(count)
    )
    return [(user, f"{settings.SESSION_COOKIE_NAME}={_session(user)}") for user in users]


def _session(user: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def make_room(host: User, **game_settings: Any) -> tuple[UUID, str]:
    """A public arena that is in progress; its id and code."""
    from rooms.models import Room
    from rooms.services import create_room

    room: Room = create_room(host=host, kind="arena", title="Load", settings=game_settings, running=True)
    return room.id, room.code


def seats(rooms: Sequence[tuple[UUID, str]], players: Sequence[tuple[User, str]]) -> list[tuple[str, str]]:
    """(socket path, cookie) for each player, spread evenly over the rooms."""
    each = len(players) // len(rooms)
    return [
        (f"/ws/rooms/{rooms[min(place // each, len(rooms) - 1)][1]}/", cookie)
        for place, (_, cookie) in enumerate(players)
    ]
