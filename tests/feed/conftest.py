"""Alice and Bob are members, Gus is a guest, and rooms open, start and end around them."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.models import User
from events.contracts import Contract, RoomChanged
from events.feed.models import Entry
from events.services import publish
from tests.accounts.conftest import _plain_static_files  # noqa: F401 - a fixture
from tests.support.bus import settle
from tests.support.people import make_player

Happen = Callable[..., None]


@pytest.fixture
def alice(db: None) -> User:
    return make_player("Alice", is_guest=False)


@pytest.fixture
def bob(db: None) -> User:
    return make_player("Bob", is_guest=False)


@pytest.fixture
def gus(db: None) -> User:
    return make_player("Gus", email=None)


@pytest.fixture
def stranger() -> Client:
    return Client()


def room_event(type: str, *, actor: User | None = None, room: UUID | None = None, **details: object) -> UUID:
    """Something about a public room, or one as told; gives the room."""
    room = room or uuid4()
    said = {"code": "PIZZAS", "kind": "arena", "title": "Friday oven", "visibility": "public", **details}
    publish(type=type, actor=actor.pk if actor else None, room=room, data=RoomChanged(**said), source="tests")
    return room


def happen(type: str, data: Contract, *, actor: User) -> None:
    publish(type=type, actor=actor.pk, data=data, source="tests")


def entries() -> set[tuple[int, str, str]]:
    """All of the feed: the event's place in the log, the audience, the kind."""
    return set(Entry.objects.values_list("event_id", "audience", "kind"))


def kinds(audience: str) -> list[str]:
    """What an audience is shown, oldest first."""
    return list(Entry.objects.filter(audience=audience).order_by("event_id").values_list("kind", flat=True))


def text_of(client: Client, path: str, *, status: int = 200) -> str:
    """A page's words, without mark-up and double spaces."""
    import re

    answer = client.get(path)
    assert answer.status_code == status, path
    page = re.sub(r"(?s)<script.*?</script>", "", answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


__all__ = ["entries", "happen", "kinds", "room_event", "settle", "text_of"]
