"""Reading games: for many rooms at once, as the processes that have their sockets need it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

import rooms.selectors
from events.snapshots import snapshot
from rooms.models import Seat
from rooms.trivia import phases
from rooms.trivia.models import Answer, Flag, Player, RoomQuestion, TriviaGame
from rooms.trivia.options import TriviaSettings
from rooms.trivia.phases import Rules, State
from rooms.trivia.states import COLUMNS, rules_in, settings_of, state_of

Row = dict[str, Any]
DESERTED = timedelta(seconds=30)  # a connected player is seen every 15 s
TOLD_AFTER = ("reveal", "rest", "over")


@dataclass(slots=True, kw_only=True)
class GameRecord:
    """A game as one read gives it. `answers` and `players` by user id.

    `secret` and `outcome` (whose standings `lines` has by user id) are there only once the question is
    closed: what is not read cannot leak. `answered`: who has, also where another process has the answer.
    """

    state: State
    rules: Rules
    settings: TriviaSettings
    deserted: bool
    question: Row | None = None
    secret: Row | None = None
    outcome: Row | None = None
    voided: bool = False
    answers: dict[int, Row] = field(default_factory=dict)
    players: dict[int, Row] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)
    lines: dict[int, Row] = field(default_factory=dict)
    flags: list[tuple[int, str]] = field(default_factory=list)

    @property
    def due_at(self) -> int | None:
        return phases.due_at(self.state, self.rules)


def read_games(room_ids: Collection[UUID]) -> dict[UUID, GameRecord]:
    """The prepared games of these rooms, all of one moment, in six queries whatever their number."""
    with snapshot():
        rows = TriviaGame.objects.filter(pk__in=room_ids).values(*COLUMNS, "deserted")
        games = {
            row["room_id"]: GameRecord(
                state=state_of(row), rules=rules_in(row), settings=settings_of(row), deserted=row["deserted"]
            )
            for row in rows
        }
        _add_players(games)
        _add_questions(games)
    return games


def _add_players(games: dict[UUID, GameRecord]) -> None:
    fields = ("game_id", "user_id", "team", "extra", "points", "rank", "streak")
    for row in Player.objects.filter(game_id__in=games).values(*fields):
        games[row["game_id"]].players[row["user_id"]] = row


def _add_questions(games: dict[UUID, GameRecord]) -> None:
    """The current question of each game; of those that are closed, all about them."""
    asked = RoomQuestion.objects.filter(game_id__in=games, number=F("game__number"))
    rooms: dict[int, UUID] = {}
    for row in asked.values("id", "game_id", "number", "public", "voided_at"):
        game = games[row["game_id"]]
        game.question = {"number": row["number"], **row["public"]}
        game.voided = row["voided_at"] is not None
        rooms[row["id"]] = row["game_id"]
    closed = [pk for pk, room_id in rooms.items() if games[room_id].state.phase in TOLD_AFTER]
    told = RoomQuestion.objects.filter(pk__in=closed, closed_at__isnull=False)
    outcome: Any
    for pk, secret, outcome in told.values_list("pk", "secret", "outcome"):
        game = games[rooms[pk]]
        game.secret, game.outcome = secret, outcome
        game.lines = {line["user"]: line for line in outcome["standings"]}
    fields = (
        "question_id",
        "user_id",
        "value",
        "received_at",
        "latency",
        "elapsed",
        "share",
        "streak",
        "points",
    )
    for row in Answer.objects.filter(question_id__in=rooms).values(*fields):
        game = games[rooms[row["question_id"]]]
        game.answers[row["user_id"]] = row
        game.answered.add(row["user_id"])
    for question_id, user_id, reason in Flag.objects.filter(question_id__in=rooms).values_list(
        "question_id", "user_id", "reason"
    ):
        games[rooms[question_id]].flags.append((user_id, reason))


def is_waited_for(*, room_id: UUID, now: int) -> bool:
    """Whether somebody who is connected may still answer the open question and has not."""
    game = TriviaGame.objects.filter(pk=room_id).values(*COLUMNS).get()
    state, rules = state_of(game), rules_in(game)
    present = Seat.objects.filter(rooms.selectors.connected(now=timezone.now()), room_id=room_id)
    answered = Answer.objects.filter(question__game_id=room_id, question__number=state.number)
    waiting = present.exclude(user_id__in=answered.values("user_id")).values_list("user_id", flat=True)
    extra = dict(Player.objects.filter(game_id=room_id).values_list("user_id", "extra"))
    return any(
        not phases.too_late(state, rules, extra=extra.get(user_id, 0), received_at=now) for user_id in waiting
    )


def deserted_games() -> list[UUID]:
    """Running games in which nobody has been for a while."""
    seen = timezone.now() - DESERTED
    here = Seat.objects.filter(room=OuterRef("room"), slot__isnull=False, seen_at__gte=seen)
    games = TriviaGame.objects.filter(due_at__isnull=False).exclude(Exists(here))
    return list(games.values_list("pk", flat=True))
