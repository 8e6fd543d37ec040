"""A quiz with a few questions of every type; alice hosts, bob and charlie play."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from rooms import services
from rooms.models import Room
from rooms.trivia import services as trivia
from rooms.trivia.models import Question
from tests.rooms.conftest import Connect, Player, connect, hub
from tests.trivia.making import make_questions

__all__ = ["Connect", "Player", "connect", "hub"]

Open = Callable[..., Room]


@pytest.fixture(autouse=True)
def _plain_static(plain_static: None) -> None:
    """Pages without collected static files."""


@pytest.fixture
def questions(db: None) -> list[Question]:
    """A dozen choices, and one of each other type."""
    return make_questions()


@pytest.fixture
def open_room(alice: User, questions: list[Question]) -> Open:
    """`open_room(seconds=5, ...)`: a prepared room of alice's, with three questions unless told otherwise."""

    def open_it(*, host: User | None = alice, seed: int = 7, **settings: Any) -> Room:
        settings = {"questions": 3, "types": ["choice"], **settings}
        room = services.create_room(kind="trivia", settings=settings, host=host)
        trivia.prepare(room_id=room.id, seed=seed)
        room.refresh_from_db()
        return room

    return open_it
