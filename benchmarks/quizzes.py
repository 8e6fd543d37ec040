"""Thousands of quizzes in progress, made straight in the database, and a log of every transition."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from accounts.models import User
from rooms import services
from rooms.codes import random_code
from rooms.models import Room, Seat
from rooms.trivia import phases
from rooms.trivia import services as trivia
from rooms.trivia.bulk import update_rows
from rooms.trivia.models import Player, RoomQuestion, TriviaGame
from rooms.trivia.phases import Rules, State
from rooms.trivia.services.advancing import BATCH
from rooms.trivia.states import STATE, columns_of

PLAYERS = 2  # in each room
AT_ONCE = 2000
FOR_EVER = timedelta(days=1)

# The time of a commit is PostgreSQL's own (track_commit_timestamp), looked up by the row's transaction.
LOG = """
CREATE UNLOGGED TABLE transition (room uuid, seq int, phase text, number int, due bigint);
CREATE FUNCTION log_transitions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO transition SELECT fresh.room_id, fresh.seq, fresh.phase, fresh.number, was.due_at
    FROM fresh JOIN was USING (room_id) WHERE fresh.seq <> was.seq;
    RETURN NULL;
END $$;
CREATE TRIGGER log_transitions AFTER UPDATE ON trivia_triviagame
REFERENCING OLD TABLE AS was NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION log_transitions();
"""
READ = """
SELECT room, seq, phase, number, due, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8
FROM transition
"""


class Transition(NamedTuple):
    """What was committed; times in ms since 1970."""

    room: UUID
    seq: int
    phase: str
    number: int
    due: int
    committed: float


def log_transitions() -> None:
    """From now on, note every transition."""
    with connection.cursor() as cursor:
        cursor.execute(LOG)


def read_transitions() -> list[Transition]:
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return [Transition(*row) for row in cursor.fetchall()]


def open_quiz(**settings: Any) -> Room:
    """A quiz of nobody's, whose questions are prepared."""
    room = services.create_room(kind="trivia", settings={"types": ["choice"], **settings}, host=None)
    trivia.prepare(room_id=room.id, seed=1)
    room.refresh_from_db()
    return room


def make_quizzes(count: int, people: Sequence[User], **settings: Any) -> list[Room]:
    """`count` rooms in progress with the same questions and two players each, whose clocks stand still."""
    model = open_quiz(**settings)
    services.take_seat(room_id=model.id, user=people[0])
    services.start(room_id=model.id, by=None)
    model.refresh_from_db()
    game = TriviaGame.objects.get(pk=model.id)
    dealt = list(RoomQuestion.objects.filter(game=game))
    codes = sorted(_codes(count))
    rooms = [
        _copy(
            model,
            id=uuid4(),
            code=code,
            host_id=_sitter(people, place, 0).pk,
            expires_at=timezone.now() + FOR_EVER,
        )
        for place, code in enumerate(codes)
    ]
    Room.objects.bulk_create(rooms, AT_ONCE)
    TriviaGame.objects.bulk_create(
        [_copy(game, room_id=room.id, due_at=None, ends_at=None) for room in rooms], AT_ONCE
    )
    RoomQuestion.objects.bulk_create(
        [_copy(question, id=None, game_id=room.id) for room in rooms for question in dealt], AT_ONCE
    )
    sitting = [
        (room, slot, _sitter(people, place, slot)) for place, room in enumerate(rooms) for slot in (0, 1)
    ]
    Seat.objects.bulk_create([_seat(room, slot, user) for room, slot, user in sitting], AT_ONCE)
    Player.objects.bulk_create([Player(game_id=room.id, user=user) for room, _, user in sitting], AT_ONCE)
    services.end(room_id=model.id, by=None)
    _analyse()
    return rooms


def _codes(count: int) -> set[str]:
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(random_code())
    return codes


def _copy(row: Any, **changes: Any) -> Any:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return row.__class__(**{**fields, **changes})


def _sitter(people: Sequence[User], place: int, slot: int) -> User:
    return people[(place * PLAYERS + slot) % len(people)]


def _seat(room: Room, slot: int, user: User) -> Seat:
    """Somebody who is there all the time, as far as the database knows."""
    now = timezone.now()
    return Seat(room=room, user=user, slot=slot, name=user.name, joined_at=now, seen_at=now + FOR_EVER)


def start_clocks(rooms: Sequence[Room], rules: Rules, *, at: int) -> dict[UUID, State]:
    """Let the first questions open within one period from `at` on, evenly spread; gives the states.

    The log begins anew.
    """
    cycle = period(rules)
    places = list(range(len(rooms)))
    Random(1).shuffle(places)
    states = {
        room.id: State(phase="ready", seq=1, ends_at=at + phases.LEAD + place * cycle // len(rooms))
        for room, place in zip(rooms, places, strict=True)
    }
    rows = [columns_of(state, rules) | {"room_id": room_id.hex} for room_id, state in states.items()]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trivia_triviagame DISABLE TRIGGER log_transitions")
        for chunk in range(0, len(rows), BATCH):
            update_rows(TriviaGame, rows[chunk : chunk + BATCH], match=("room_id",), set=(*STATE, "due_at"))
        cursor.execute("ALTER TABLE trivia_triviagame ENABLE TRIGGER log_transitions")
        cursor.execute("TRUNCATE transition")
    _analyse()
    return states


def _analyse() -> None:
    """What autovacuum has long done where as many rooms came one by one."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def stop_clocks() -> None:
    TriviaGame.objects.update(due_at=None, ends_at=None)


def period(rules: Rules) -> int:
    """From one question to the next, in ms."""
    return rules.answering + phases.GRACE + rules.revealing


def expected(state: State, rules: Rules, *, until: int) -> list[tuple[int, str, int]]:
    """(seq, phase, number) of each transition that is due before `until`, if each is made when it is due."""
    found = []
    while (due := phases.due_at(state, rules)) is not None and due < until:
        after = phases.step(state, rules, now=due)
        assert after is not None
        state = after
        found.append((state.seq, state.phase, state.number))
    return found
