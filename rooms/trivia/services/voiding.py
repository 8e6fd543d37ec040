"""Taking a question out of a game: its points are taken back, and every sum is counted again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F

from events.contracts import AnswerVoided
from events.services import new_event, publish_batch
from rooms.models import Room, Status
from rooms.services.changing import locked_room, touch_room
from rooms.trivia.bulk import update_rows
from rooms.trivia.errors import NoSuchQuestion
from rooms.trivia.models import Answer, Player, RoomQuestion
from rooms.trivia.services.advancing import PLAYER_SUMS, SOURCE, announce, in_the_game
from rooms.trivia.services.ending import podium
from rooms.trivia.services.locking import Row, locked_game, require_host
from rooms.trivia.tally import recount, shortened, standings


def void(*, room_id: UUID, number: int, by: int | None, now: int) -> None:
    """Let a question that was asked count for nobody; after the end, too. Twice is once."""
    with transaction.atomic():
        require_host(room_id, by, allowed=(Status.IN_PROGRESS, Status.COMPLETED))
        row = locked_game(room_id)
        question = RoomQuestion.objects.filter(game_id=room_id, number=number, opened_at__lte=now).first()
        if question is None:
            raise NoSuchQuestion
        if question.voided_at is None:
            _void(row, question, now=now)
    announce([room_id])


def void_current(row: Row, *, now: int) -> None:
    """The same for the current question, in the caller's transaction, which has locked the game."""
    question = RoomQuestion.objects.get(game_id=row["room_id"], number=row["number"])
    if question.voided_at is None:
        _void(row, question, now=now)


def _void(row: Row, question: RoomQuestion, *, now: int) -> None:
    question.voided_at = now
    question.save(update_fields=["voided_at"])
    if question.closed_at is None:
        return  # nothing was graded; nothing will be
    _take_back(question, now=now)
    players = _recount(row["room_id"])
    _show_again(row["room_id"], players, voided=question.number)


def _take_back(question: RoomQuestion, *, now: int) -> None:
    answers = Answer.objects.filter(question=question, points__gt=0).values_list("user_id", "points")
    publish_batch(
        new_event(
            type="ANSWER_VOIDED",
            actor=user_id,
            room=question.game_id,
            data=AnswerVoided(
                number=question.number, question=shortened(question.public["text"]), points=points
            ),
            occurred_at=datetime.fromtimestamp(now / 1000, UTC),
            event_id=uuid5(question.game_id, f"void:{question.number}:{user_id}"),
            source=SOURCE,
        )
        for user_id, points in answers
        if points is not None
    )


def _recount(room_id: UUID) -> list[Row]:
    """Count the sums again from the answers to the questions that count."""
    counting = RoomQuestion.objects.filter(game_id=room_id, closed_at__isnull=False, voided_at=None)
    numbers = list(counting.order_by("number").values_list("number", flat=True))
    answers = Answer.objects.filter(question__in=counting, points__isnull=False).values(
        "user_id", "share", "points", "elapsed", number=F("question__number")
    )
    players = in_the_game([room_id]).values("id", "user_id", "team", *PLAYER_SUMS)
    counted = recount(list(players), map(dict, answers), numbers=numbers)
    rows = [{name: player[name] for name in ("id", *PLAYER_SUMS)} for player in counted]
    update_rows(Player, rows, match=("id",), set=PLAYER_SUMS)
    return counted


def _show_again(room_id: UUID, players: list[Row], *, voided: int) -> None:
    """What is on the screens now follows: the standings of the last reveal, or the podium."""
    last = RoomQuestion.objects.filter(game_id=room_id, closed_at__isnull=False).order_by("-number").first()
    if last is not None and last.outcome is not None:
        before = {line["user"]: line for line in last.outcome["standings"]}
        last.outcome["standings"] = [
            _line(line, before.get(line["user"]), gone=last.number == voided)
            for line in standings(players, before=players)
        ]
        last.save(update_fields=["outcome"])
    if Room.objects.filter(pk=room_id, status=Status.COMPLETED).update(results=podium(room_id)):
        touch_room(locked_room(room_id))


def _line(line: Row, before: dict[str, Any] | None, *, gone: bool) -> Row:
    """A new line of the standings with what the last question gave, unless that one is gone."""
    if before is None:
        return line
    kept = ("was",) if gone else ("was", "gained", "share", "right")
    return line | {name: before[name] for name in kept}
