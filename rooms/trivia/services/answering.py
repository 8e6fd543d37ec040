"""Answers: kept once, in the order in which they came, many in one transaction."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction

from events.retrying import retry_conflicts
from rooms.errors import RoomError
from rooms.models import Seat
from rooms.trivia import errors, phases
from rooms.trivia.models import Answer, Flag, Player, RoomQuestion, TriviaGame
from rooms.trivia.questions.dealing import BadAnswer, check_answer
from rooms.trivia.selectors import is_waited_for
from rooms.trivia.services.advancing import advance
from rooms.trivia.services.locking import Row
from rooms.trivia.states import COLUMNS, rules_in, state_of

REASON_LENGTH = 200


class Sent(NamedTuple):
    """What a player sent, and when we had it, in ms. `credit`: for its way, as the server measured it."""

    room_id: UUID
    user_id: int
    seq: int
    value: Any
    received_at: int
    credit: int


def record_answers(sent: Sequence[Sent]) -> list[Answer | RoomError]:
    """Keep the answers that may be given, in one transaction; for each the row, or why not.

    The games' rows are locked as a reader does, so that no question closes between the look at its deadline
    and the answer that it allows. Uniqueness decides which of two answers at once came first.
    """
    return retry_conflicts(lambda: _record(sent))


def _record(sent: Sequence[Sent]) -> list[Answer | RoomError]:
    with transaction.atomic():
        table = _Table(sent)
        found: list[Answer | RoomError] = [table.judge(one) for one in sent]
        answers = [answer for answer in found if isinstance(answer, Answer)]
        if not answers:
            return found
        table.enrol_missing(answers)
        Answer.objects.bulk_create(answers, ignore_conflicts=True)
        tokens = [answer.token for answer in answers]
        kept = set(Answer.objects.filter(token__in=tokens).values_list("token", flat=True))
    return [
        errors.AnsweredAlready() if isinstance(answer, Answer) and answer.token not in kept else answer
        for answer in found
    ]


class _Table:
    """What judging a batch of answers needs: four queries whatever its size."""

    def __init__(self, sent: Sequence[Sent]) -> None:
        rooms = {one.room_id for one in sent}
        users = {one.user_id for one in sent}
        _lock_as_a_reader(rooms)
        self.games = {row["room_id"]: row for row in TriviaGame.objects.filter(pk__in=rooms).values(*COLUMNS)}
        numbers = {row["number"] for row in self.games.values()}
        questions = RoomQuestion.objects.filter(game_id__in=rooms, number__in=numbers).only(
            "id", "game_id", "number", "public"
        )
        self.questions = {(question.game_id, question.number): question for question in questions}
        seats = Seat.objects.filter(room_id__in=rooms, user_id__in=users, slot__isnull=False)
        self.seats = set(seats.values_list("room_id", "user_id"))
        players = Player.objects.filter(game_id__in=rooms, user_id__in=users)
        self.extra = {
            (game, user): extra for game, user, extra in players.values_list("game_id", "user_id", "extra")
        }

    def judge(self, sent: Sent) -> Answer | RoomError:
        try:
            return self._answer(sent)
        except RoomError as refusal:
            return refusal
        except BadAnswer as wrong:
            return errors.BadAnswer(str(wrong))

    def _answer(self, sent: Sent) -> Answer:
        if (sent.room_id, sent.user_id) not in self.seats:
            raise errors.NoSeat
        row = self.games.get(sent.room_id)
        if row is None:
            raise errors.NotOpen
        question = self._open_question(row, sent)
        state, rules = state_of(row), rules_in(row)
        extra = self.extra.get((sent.room_id, sent.user_id), 0)
        if phases.too_late(state, rules, extra=extra, received_at=sent.received_at):
            raise errors.TooLate
        took = phases.elapsed(state, rules, extra=extra, received_at=sent.received_at, credit=sent.credit)
        return Answer(
            question=question,
            user_id=sent.user_id,
            token=uuid4(),
            value=check_answer(question.public, sent.value),
            received_at=sent.received_at,
            latency=sent.credit,
            elapsed=took,
            allowed=phases.allowed(rules, extra=extra),
        )

    def _open_question(self, row: Row, sent: Sent) -> RoomQuestion:
        if row["phase"] != "open":
            raise errors.TooLate if row["phase"] in ("reveal", "rest", "over") else errors.NotOpen
        if sent.seq != row["seq"]:
            raise errors.WrongQuestion
        if row["paused_at"] is not None:
            raise errors.Paused
        if sent.received_at < row["opens_at"]:
            raise errors.NotOpen
        question = self.questions.get((row["room_id"], row["number"]))
        if question is None:
            raise errors.NotOpen
        return question

    def enrol_missing(self, answers: Sequence[Answer]) -> None:
        """Who came late and answers at once is in the game, too."""
        missing = {
            (answer.question.game_id, answer.user_id): Player(
                game_id=answer.question.game_id, user_id=answer.user_id
            )
            for answer in answers
            if (answer.question.game_id, answer.user_id) not in self.extra
        }
        Player.objects.bulk_create(missing.values(), ignore_conflicts=True)


def _lock_as_a_reader(rooms: set[UUID]) -> None:
    """Many hold it together, and whoever moves the game on waits for them. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM trivia_triviagame WHERE room_id = ANY(%s) ORDER BY room_id FOR SHARE",
                [sorted(rooms)],
            )


def close_if_all_answered(*, room_id: UUID, seq: int, now: int) -> bool:
    """Close the question now if everybody who is connected and may still answer has; whether it did."""
    game = TriviaGame.objects.filter(pk=room_id, seq=seq, phase="open", paused_at=None, due_at__gt=now)
    if not game.exists() or is_waited_for(room_id=room_id, now=now):
        return False
    if not game.update(closes_at=now, ends_at=now, due_at=now):
        return False
    return bool(advance(now=now, room_ids=[room_id]))


def flag(*, room_id: UUID, user_id: int, number: int, reason: str, now: int) -> None:
    """A player thinks that a question is wrong. Once more replaces the reason."""
    with transaction.atomic():
        if not Seat.objects.filter(room_id=room_id, user_id=user_id, slot__isnull=False).exists():
            raise errors.NoSeat
        question = RoomQuestion.objects.filter(game_id=room_id, number=number, opened_at__lte=now).first()
        if question is None:
            raise errors.NoSuchQuestion
        text = " ".join(reason.replace("\0", " ").split())[:REASON_LENGTH]
        Flag.objects.update_or_create(question=question, user_id=user_id, defaults={"reason": text})
