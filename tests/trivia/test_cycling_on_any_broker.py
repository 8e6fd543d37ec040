"""Beat says what is due, a worker moves the games on: on Redis, and with TEST_BROKER=sqs on SQS."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import F

from accounts.models import User
from rooms import services
from rooms.live import now_ms
from rooms.models import Room, Status
from rooms.trivia.models import TriviaGame
from tests.events.conftest import Worker, beat, start_worker  # noqa: F401 - fixtures
from tests.support.waiting import wait_for
from tests.trivia.conftest import Open
from tests.trivia.making import game_of, start

pytestmark = [pytest.mark.both_brokers, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def _scheduled(db: None) -> None:
    """The row that the migration made; other tests empty the table."""
    import_module("rooms.trivia.migrations.0003_beat").add(apps, None)


def make_due(room: Room) -> None:
    """Let the phase end a moment ago: nobody waits for its seconds."""
    game = game_of(room)
    gone = (game.due_at or 0) - now_ms()
    fields = [
        name for name in ("opens_at", "closes_at", "ends_at", "due_at") if getattr(game, name) is not None
    ]
    TriviaGame.objects.filter(pk=room.id, seq=game.seq).update(**{name: F(name) - gone for name in fields})


@pytest.mark.usefixtures("_scheduled")
def test_a_game_is_moved_on_to_its_end(
    open_room: Open,
    bob: User,
    start_worker: Callable[..., Worker],  # noqa: F811
    request: pytest.FixtureRequest,
) -> None:
    room = open_room()
    services.take_seat(room_id=room.id, user=bob)
    start(room)
    start_worker("trivia")
    request.getfixturevalue("beat")
    phases = []
    while (game := game_of(room)).phase != "over":
        phases.append(game.phase)
        make_due(room)
        wait_for(lambda seq=game.seq: game_of(room).seq != seq, what=f"the end of {game.phase}")  # type: ignore[misc]
    assert phases == ["ready", *["open", "reveal"] * 3]
    room.refresh_from_db()
    assert room.status == Status.COMPLETED
