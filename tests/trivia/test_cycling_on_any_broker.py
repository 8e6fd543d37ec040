"""A whole quiz by a real worker and a real beat alone: on Redis, and with TEST_BROKER=sqs on SQS."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import User
from events.models import Event, Outbox
from events.queues import QUEUES
from rooms import services
from rooms.clock import now_ms
from rooms.models import Room, Status
from rooms.trivia.models import Question, RoomQuestion, TriviaGame
from tests.events.conftest import beat, start_worker  # noqa: F401 - fixtures
from tests.support.processes import Program
from tests.support.waiting import wait_for
from tests.trivia.making import SLOW, game_of, say, secret_of

pytestmark = [pytest.mark.both_brokers, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def _scheduled(db: None) -> None:
    """The row that the migration made; other tests empty the table."""
    import_module("rooms.trivia.migrations.0003_beat").add(apps, None)


def reach(room: Room, seq: int) -> TriviaGame:
    """Let the phase end now, as nobody waits for its seconds, and wait for what the sweeps make of it."""
    now = now_ms()
    TriviaGame.objects.filter(pk=room.id, seq=seq - 1).update(ends_at=now, due_at=now)
    wait_for(lambda: game_of(room).seq == seq, what=f"transition {seq}")
    return game_of(room)


@pytest.mark.usefixtures("_scheduled")
def test_a_quiz_is_prepared_cycles_and_completes(
    questions: list[Question],
    alice: User,
    bob: User,
    start_worker: Callable[..., Program],  # noqa: F811
    request: pytest.FixtureRequest,
) -> None:
    start_worker(*QUEUES)
    request.getfixturevalue("beat")
    room = services.create_room(
        kind="trivia", settings={"questions": 3, "types": ["choice"], **SLOW}, host=alice
    )
    wait_for(lambda: Room.objects.get(pk=room.id).status == Status.LOBBY, what="the questions")
    services.take_seat(room_id=room.id, user=bob)
    services.start(room_id=room.id, by=alice.pk)
    for number in (1, 2, 3):
        game = reach(room, number * 2)
        assert (game.phase, game.number) == ("open", number)
        say(room, bob.pk, secret_of(room)["answer"])
        assert reach(room, number * 2 + 1).phase == "reveal"
    assert reach(room, 8).phase == "over"
    room.refresh_from_db()
    assert (room.status, room.results["rows"][0]["right"]) == (Status.COMPLETED, 3)
    asked = RoomQuestion.objects.filter(game_id=room.id, opened_at__isnull=False, closed_at__isnull=False)
    assert asked.count() == 3
    wait_for(lambda: not Outbox.objects.exists(), what="an empty outbox")
    assert Event.objects.filter(room=room.id, type="QUESTION_ANSWERED").count() == 3
