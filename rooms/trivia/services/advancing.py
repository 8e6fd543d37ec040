"""Moving games on: whatever is due, a batch at a time, with the same few statements for one game or hundreds.

A game is claimed by its row's lock (SKIP LOCKED where the database has it), so two sweeps share the work and
never make one transition twice; the UPDATE names the `seq` that it leaves, so a late trigger finds nothing.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from events.contracts import NewEvent
from events.retrying import retry_conflicts
from events.services import new_event, publish_batch
from rooms import services
from rooms.errors import NotNow
from rooms.models import Seat, Status
from rooms.services.changing import tell
from rooms.trivia import phases
from rooms.trivia.bulk import update_rows
from rooms.trivia.models import Answer, Player, RoomQuestion, TriviaGame
from rooms.trivia.phases import Rules, State
from rooms.trivia.states import COLUMNS, STATE, columns_of, rules_in, settings_of, state_of
from rooms.trivia.tally import Closing, Graded, Row, grade

logger = logging.getLogger(__name__)

BATCH = 300
SOURCE = "trivia"
TOPIC = "trivia"
PLAYER_SUMS = ("points", "right", "answered", "streak", "best_streak", "fastest", "rank")
BROKEN = "The oven broke in the middle of a question. Sorry! Your points are safe."


class Move(NamedTuple):
    """A transition of one game. `row` has the columns of `TriviaGame`."""

    row: Row
    before: State
    after: State
    rules: Rules

    @property
    def closes(self) -> bool:
        return self.after.phase == "reveal"

    @property
    def opens(self) -> bool:
        return self.after.phase == "open"

    @property
    def ends(self) -> bool:
        return self.after.phase == "over"


class Done(NamedTuple):
    """What a transaction did: transitions made, rooms that broke, and games that are over now."""

    moves: int
    broken: list[UUID]
    over: list[UUID]


def advance(*, now: int, room_ids: Collection[UUID] | None = None, limit: int = BATCH) -> int:
    """Make up to `limit` transitions that are due at `now` (ms), of these rooms or of any; how many.

    Cheap when there is nothing to do: no transaction is begun.
    """
    due = _due(now, room_ids)
    if not due.exists():
        return 0
    done = retry_conflicts(lambda: _advance(now, room_ids, limit))
    for room_id in done.broken:
        give_up(room_id)
    return done.moves + sum(complete(room_id) for room_id in done.over)


def make(moves: Sequence[Move], *, now: int) -> list[UUID]:
    """Write transitions of games that the caller has locked, and tell the screens; gives what broke.

    The end is none of them: it is the room's (`complete`).
    """
    closing = [move for move in moves if move.closes]
    broken = _close(closing, now) if closing else []
    going = [move for move in moves if move.row["room_id"] not in broken]
    broken += _open([move for move in going if move.opens])
    rows = [_columns(move) for move in going]
    update_rows(TriviaGame, rows, match=("room_id", "seq"), set=(*STATE, "due_at"))
    announce([move.row["room_id"] for move in going])
    return broken


def in_the_game(room_ids: Collection[UUID]) -> QuerySet[Player]:
    """The players of these games; who was sent away has no place in them any more."""
    kicked = Seat.objects.filter(room=OuterRef("game"), user=OuterRef("user"), kicked_at__isnull=False)
    return Player.objects.filter(~Exists(kicked), game_id__in=room_ids)


def announce(room_ids: Collection[UUID]) -> None:
    """After the commit, one message for all: whoever has sockets in one of these rooms reads it again."""
    if room_ids:
        tell(TOPIC, {"kind": "moved", "rooms": [room_id.hex for room_id in room_ids]})


def _due(now: int, room_ids: Collection[UUID] | None) -> Any:
    games = TriviaGame.objects.filter(due_at__lte=now)
    return games if room_ids is None else games.filter(room_id__in=room_ids)


def _advance(now: int, room_ids: Collection[UUID] | None, limit: int) -> Done:
    with transaction.atomic():
        locked = _due(now, room_ids).select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked, no_key=True
        )
        rows = list(locked.order_by("due_at").values(*COLUMNS)[:limit])
        moves = [move for row in rows if (move := _move(row, now)) is not None]
        over = [move.row["room_id"] for move in moves if move.ends]
        going = [move for move in moves if not move.ends]
        return Done(len(going), broken=make(going, now=now), over=over)


def _move(row: Row, now: int) -> Move | None:
    before, rules = state_of(row), rules_in(row)
    after = phases.step(before, rules, now=now)
    return None if after is None else Move(row, before, after, rules)


def _columns(move: Move) -> Row:
    columns = columns_of(move.after, move.rules)
    return columns | {"room_id": move.row["room_id"].hex, "was_seq": move.before.seq}


# --- closing a question ---------------------------------------------------------------------------


def _close(moves: Sequence[Move], now: int) -> list[UUID]:
    """Grade the questions that close, and publish what they gave; gives the rooms where that failed."""
    closings = _read(moves)
    graded: list[tuple[Move, Row, Graded]] = []
    broken = []
    for move in moves:
        room_id = move.row["room_id"]
        try:
            question, closing = closings[room_id]
            graded.append((move, question, grade(closing)))
        except Exception:
            logger.exception("A question of room %s could not be graded", room_id)
            broken.append(room_id)
    update_rows(
        Answer,
        [answer for _, _, result in graded for answer in result.answers],
        match=("id",),
        set=("share", "streak", "points"),
    )
    update_rows(
        Player,
        [_sums(player) for _, _, result in graded for player in result.players],
        match=("id",),
        set=PLAYER_SUMS,
    )
    update_rows(
        RoomQuestion,
        [{"id": row["id"], "closed_at": now, "outcome": result.outcome} for _, row, result in graded],
        match=("id",),
        set=("closed_at", "outcome"),
    )
    publish_batch(event for move, _, result in graded for event in _events(move, result))
    return broken


def _read(moves: Sequence[Move]) -> dict[UUID, tuple[Row, Closing]]:
    """The questions that close, by room, with their answers and players: three queries for all."""
    numbers = {move.row["room_id"]: move.before.number for move in moves}
    questions = _current_questions(numbers)
    answers = _grouped(
        Answer.objects.filter(question_id__in=[row["id"] for row in questions.values()]).values(
            "id", "question_id", "user_id", "value", "elapsed", "allowed", "received_at"
        ),
        by="question_id",
    )
    players = _grouped(
        in_the_game(numbers).values("id", "game_id", "user_id", "team", *PLAYER_SUMS),
        by="game_id",
    )
    found = {}
    for move in moves:
        room_id = move.row["room_id"]
        if (question := questions.get(room_id)) is not None:
            settings = settings_of(move.row)
            found[room_id] = (
                question,
                Closing(
                    number=move.before.number,
                    public=question["public"],
                    secret=question["secret"],
                    voided=question["voided_at"] is not None,
                    speed=settings.speed,
                    streaks=settings.streaks,
                    answers=answers.get(question["id"], []),
                    players=players.get(room_id, []),
                ),
            )
    return found


def _current_questions(numbers: dict[UUID, int]) -> dict[UUID, Row]:
    rows = RoomQuestion.objects.filter(game_id__in=numbers, number__in=set(numbers.values())).values(
        "id", "game_id", "number", "public", "secret", "voided_at"
    )
    return {row["game_id"]: dict(row) for row in rows if numbers[row["game_id"]] == row["number"]}


def _grouped(rows: Any, *, by: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[by], []).append(row)
    return groups


def _sums(player: Row) -> Row:
    return {name: player[name] for name in ("id", *PLAYER_SUMS)}


def _events(move: Move, graded: Graded) -> list[NewEvent]:
    room_id = move.row["room_id"]
    return [
        new_event(
            type="QUESTION_ANSWERED",
            actor=answer["user_id"],
            room=room_id,
            data=said,
            occurred_at=datetime.fromtimestamp(answer["received_at"] / 1000, UTC),
            event_id=uuid5(room_id, f"answer:{said.number}:{answer['user_id']}"),
            source=SOURCE,
        )
        for answer, said in graded.events
    ]


# --- opening, and the end -------------------------------------------------------------------------


def _open(moves: Sequence[Move]) -> list[UUID]:
    """Note when each question opens; gives the rooms whose question is gone."""
    rows = [
        {
            "game_id": move.row["room_id"].hex,
            "number": move.after.number,
            "opened_at": move.after.opens_at,
        }
        for move in moves
    ]
    if update_rows(RoomQuestion, rows, match=("game_id", "number"), set=("opened_at",)) == len(rows):
        return []
    there = _current_questions({move.row["room_id"]: move.after.number for move in moves})
    return [move.row["room_id"] for move in moves if move.row["room_id"] not in there]


def complete(room_id: UUID) -> bool:
    """The game's end is the room's: a transaction of its own, as everybody locks rooms before games.

    Killed before it, the game is still due. False if the room was over already.
    """
    try:
        services.complete(room_id=room_id, results=None)
        return True
    except NotNow:
        _stop(room_id)
        return False


def give_up(room_id: UUID) -> None:
    """A game that cannot go on fails with its room."""
    try:
        services.fail(room_id=room_id, reason=BROKEN)
    except NotNow:
        _stop(room_id)


def _stop(room_id: UUID) -> None:
    """Whatever became of the room: its game is over."""
    over = TriviaGame.objects.filter(pk=room_id).exclude(room__status=Status.IN_PROGRESS)
    over.update(phase="over", due_at=None)
