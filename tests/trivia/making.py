"""Questions for the tests, and the steps of a game without sockets."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from rooms import services
from rooms.clock import now_ms
from rooms.models import Room
from rooms.trivia import services as trivia
from rooms.trivia.models import Question, RoomQuestion, TriviaGame
from rooms.trivia.questions import checking, content
from rooms.trivia.services.advancing import announce

# No phase but the first ends by itself while a test looks, however slow the machine.
SLOW = {"seconds": 120, "reveal_seconds": 30}


def make_questions() -> list[Question]:
    """A dozen choices, and one of each other type."""
    shared = {"category": "Space", "difficulty": "easy", "explanation": "Because it is.", "source": "A book"}
    made: list[dict[str, Any]] = [
        {
            "type": "choice",
            "text": f"Which topping is number {number}?",
            "choices": [f"Right {number}", f"Wrong {number} a", f"Wrong {number} b", f"Wrong {number} c"],
            "answer": 0,
            "fact": f"topping {number}",
        }
        for number in range(12)
    ]
    made += [
        {"type": "boolean", "text": "Is the Moon of cheese?", "answer": False},
        {
            "type": "several",
            "text": "Which are planets?",
            "choices": ["Mars", "Venus", "Sun"],
            "answer": [0, 1],
        },
        {"type": "number", "text": "How high is it?", "answer": 8848.0, "margin": 500.0, "unit": "m"},
        {"type": "order", "text": "From the Sun outwards?", "items": ["Mercury", "Venus", "Earth"]},
        {"type": "text", "text": "The capital of France?", "accepted": ["Paris", "Lutetia"]},
    ]
    return [_question(checking.read({**shared, **fields})) for fields in made]


def _question(question: content.Content) -> Question:
    own = {"choices", "answer", "margin", "unit", "items", "accepted"}
    fields = {name: getattr(question, name) for name in question.__struct_fields__}
    return Question.objects.create(
        type=question.type,
        content={name: value for name, value in fields.items() if name in own},
        pack="Tests",
        fingerprint=content.fingerprint(question),
        fact=content.fact(question),
        shuffle=int(content.fingerprint(question)[:7], 16),
        **{name: value for name, value in fields.items() if name not in own and name not in ("fact", "type")},
    )


def game_of(room: Room) -> TriviaGame:
    return TriviaGame.objects.get(pk=room.id)


def start(room: Room) -> TriviaGame:
    services.start(room_id=room.id, by=room.host_id)
    return game_of(room)


def move_on(room: Room, *, to: str = "") -> TriviaGame:
    """Let the next transition happen at the very moment it is due. A process with sockets makes it by itself
    when it is late; `to` is the phase that is wanted and may be there."""
    game = game_of(room)
    if to and game.phase == to:
        return game
    assert game.due_at is not None
    trivia.advance(now=game.due_at, room_ids=[room.id])
    return game_of(room)


def open_first(room: Room, *, ago: int = 0) -> TriviaGame:
    """The first question opens, as if the game had been started `ago` ms earlier."""
    start(room)
    TriviaGame.objects.filter(pk=room.id).update(ends_at=F("ends_at") - ago, due_at=F("due_at") - ago)
    return move_on(room, to="open")


def open_now(room: Room, *, ago: int = 50) -> TriviaGame:
    """An opening lies a little ahead; a test has no time for that."""
    gone = (game_of(room).opens_at or 0) - now_ms() + ago
    fields = ("opens_at", "closes_at", "ends_at", "due_at")
    TriviaGame.objects.filter(pk=room.id).update(**{name: F(name) - gone for name in fields})
    RoomQuestion.objects.filter(game_id=room.id).update(opened_at=F("opened_at") - gone)
    announce([room.id])
    return game_of(room)


def take_the_host_away(room: Room) -> None:
    """The host's screen was seen last some minutes ago."""
    long_ago = timezone.now() - timedelta(minutes=5)
    Room.objects.filter(pk=room.pk).update(created_at=long_ago, host_seen_at=long_ago)


def secret_of(room: Room) -> dict[str, Any]:
    """The secret of the room's current question."""
    return RoomQuestion.objects.get(game_id=room.id, number=game_of(room).number).secret


def say(
    room: Room, user_id: int, value: Any, *, after: int = 1000, seq: int | None = None, credit: int = 0
) -> Any:
    """An answer that comes `after` ms after the opening: the row, or the refusal."""
    game = game_of(room)
    sent = trivia.Sent(
        room_id=room.id,
        user_id=user_id,
        seq=game.seq if seq is None else seq,
        value=value,
        received_at=(game.opens_at or now_ms()) + after,
        credit=credit,
    )
    return trivia.record_answers([sent])[0]
