"""A walk over every frame of a whole session: no user id, e-mail, session or token is in any of them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from accounts.models import User
from events.live import abroadcast
from rooms.database import in_thread
from rooms.models import Room
from tests.rooms.conftest import Connect

pytestmark = pytest.mark.django_db(transaction=True)

FORBIDDEN_KEYS = {
    "user",
    "user_id",
    "userid",
    "id",
    "email",
    "token",
    "session",
    "password",
    "host_id",
    "epoch",
}


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key and leaf of a JSON value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


@pytest.fixture
def alice(db: None) -> User:
    """With an id that cannot be mistaken for another number."""
    return User.objects.create_user(id=987_650_001, handle="alice", name="Alice", email="alice@pizza.example")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user(id=987_650_002, handle="bob", name="Bob", email="bob@pizza.example")


async def test_no_frame_of_a_session_says_who_somebody_is(
    connect: Connect, room: Room, alice: User, bob: User
) -> None:
    hers, his = await connect(alice, room), await connect(bob, room)
    watcher = await connect(None, room, watch=True)
    await abroadcast(f"room.{room.id}", {"kind": "scores", "players": {str(bob.pk): 5}})
    await watcher.event("scores")
    await his.send_to(bytes_data=b"\x01hello")
    await hers.snapshot()
    await hers.ask("room.lock", locked=True)
    await hers.ask("room.start")
    await his.ask("seat.rename", name="Robert")
    await hers.ask("room.kick", slot=1)
    await hers.ask("room.end")
    await hers.ask("room.rematch")
    await hers.state(), await watcher.state()
    secrets = [str(alice.pk), str(bob.pk), "pizza.example", str(room.id)]
    secrets += await in_thread(lambda: list(Session.objects.values_list("session_key", flat=True)))

    for page in (hers, his, watcher):
        texts = [frame["text"] for frame in page.frames if "text" in frame]
        assert len(texts) > 3
        for text in texts:
            assert not [secret for secret in secrets if secret in text], text
            assert not {key for key, _ in walk(json.loads(text))} & FORBIDDEN_KEYS, text


async def test_only_ones_own_handle_is_told(connect: Connect, room: Room, alice: User, bob: User) -> None:
    hers, his = await connect(alice, room), await connect(bob, room)
    assert hers.first["you"]["handle"] == "alice"
    assert "alice" not in json.dumps(his.first)
