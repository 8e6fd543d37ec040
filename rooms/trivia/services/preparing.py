"""Making a room ready: its questions are picked and dealt, and it turns from PREPARING to LOBBY or FAILED."""

import logging
import secrets
from collections.abc import Sequence
from random import Random
from uuid import UUID

import msgspec
from django.db import DatabaseError, transaction

from rooms import services
from rooms.errors import NotNow
from rooms.models import Room, Seat, Status
from rooms.services.changing import locked_room
from rooms.settings_check import check_settings
from rooms.trivia.models import Question, RoomQuestion, TriviaGame
from rooms.trivia.options import TriviaSettings
from rooms.trivia.questions.dealing import deal
from rooms.trivia.questions.picking import NoQuestions, Wanted, already_played, pick_questions
from rooms.trivia.states import settings_of, values_of

logger = logging.getLogger(__name__)

KIND = "trivia"
SPILT = "The questions were spilt on the way. Try again, or pick other categories."
SEED_BITS = 31
DIFFICULTIES = ("easy", "medium", "hard")


def prepare(*, room_id: UUID, seed: int | None = None) -> None:
    """Pick and deal the questions of a room that waits for them. Twice is once; any other room is left alone.

    The same `seed`, bank and players give the same game.
    """
    try:
        with transaction.atomic():
            room = locked_room(room_id)
            if room.kind != KIND or room.status != Status.PREPARING:
                return
            _deal(room, secrets.randbits(SEED_BITS) if seed is None else seed)
            services.ready(room_id=room_id)
    except NoQuestions as reason:
        _fail(room_id, str(reason))
    except DatabaseError:
        raise  # tried again by whoever called
    except Exception:
        logger.exception("Room %s could not be prepared", room_id)
        _fail(room_id, SPILT)


def deal_again(room: Room) -> bool:
    """Deal other questions if somebody who is here now has met one of those; whether it did.

    For the moment of the start, in its transaction: people came after the questions were picked. What cannot
    be dealt again (the bank has become too small meanwhile) is played as it was dealt.
    """
    game = TriviaGame.objects.get(pk=room.pk)
    people = _people(room)
    if not game.questions.filter(question__in=already_played(people)).exists():
        return False
    try:
        with transaction.atomic():
            questions = pick_questions(
                wanted=wanted(settings_of(values_of(game))), players=people, seed=game.seed
            )
            game.questions.all().delete()
            _hand_out(game, questions)
    except NoQuestions:
        return False
    except DatabaseError:
        raise
    except Exception:
        logger.exception("The questions of room %s stay as they were dealt", room.pk)
        return False
    return True


def _deal(room: Room, seed: int) -> None:
    settings = check_settings(room.kind, room.settings)
    assert isinstance(settings, TriviaSettings)
    questions = pick_questions(wanted=wanted(settings), players=_people(room), seed=seed)
    TriviaGame.objects.filter(pk=room.pk).delete()
    game = TriviaGame.objects.create(
        room=room, of=len(questions), options=msgspec.to_builtins(settings), seed=seed
    )
    _hand_out(game, questions)


def _hand_out(game: TriviaGame, questions: Sequence[Question]) -> None:
    rng = Random(game.seed)
    RoomQuestion.objects.bulk_create(
        [_dealt(game, number, question, rng) for number, question in enumerate(questions, start=1)]
    )


def wanted(settings: TriviaSettings) -> Wanted:
    """What the settings ask of the bank."""
    difficulties = DIFFICULTIES if settings.difficulty == "any" else (settings.difficulty,)
    return Wanted(
        count=settings.questions,
        categories=settings.categories,
        difficulties=difficulties,
        types=settings.types,
    )


def _people(room: Room) -> set[int]:
    """Who is there already (after a rematch, everybody), and the host."""
    seated = Seat.objects.filter(room=room, slot__isnull=False).values_list("user_id", flat=True)
    return {*seated, *([room.host_id] if room.host_id else [])}


def _dealt(game: TriviaGame, number: int, question: Question, rng: Random) -> RoomQuestion:
    dealt = deal(question.as_content(), rng=rng)
    public = {**dealt.public, "image": question.image_url}
    return RoomQuestion(game=game, number=number, question=question, public=public, secret=dealt.secret)


def _fail(room_id: UUID, reason: str) -> None:
    try:
        services.fail(room_id=room_id, reason=reason)
    except NotNow:
        return  # ended meanwhile
