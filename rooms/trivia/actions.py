"""What a quiz's sockets may ask for; docs/protocol.md lists it."""

import time
from typing import Annotated, Any, cast

import msgspec

from events.live import abroadcast
from rooms.actions import Action, Context, Message, Who
from rooms.clock import now_ms
from rooms.database import in_thread
from rooms.errors import PlayersOnly
from rooms.models import MAX_CAPACITY
from rooms.trivia import services
from rooms.trivia.desk import get_desk
from rooms.trivia.live import TriviaLive
from rooms.trivia.services.hosting import MOST_EXTRA

Seq = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
Number = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class AnswerMessage(Message):
    seq: Seq
    answer: Any


class Probed(Message):
    n: Seq


class FlagMessage(Message):
    number: Number
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class Team(Message):
    team: Annotated[int, msgspec.Meta(ge=0, le=20)]


class AtSeq(Message):
    seq: Seq


class AtNumber(Message):
    number: Number


class Extra(Message):
    slot: Annotated[int, msgspec.Meta(ge=0, lt=MAX_CAPACITY)]
    percent: Annotated[int, msgspec.Meta(ge=0, le=MOST_EXTRA)]


async def answer(context: Context, message: AnswerMessage) -> dict[str, Any]:
    """Its receipt is now: what comes after may wait for others."""
    received_at = now_ms()
    live = _live(context)
    lag = live.lags.get(context.socket)
    sent = services.Sent(
        room_id=context.room.id,
        user_id=_seated(context),
        seq=message.seq,
        value=message.answer,
        received_at=received_at,
        credit=lag.credit if lag is not None else 0,
    )
    live.answered(await get_desk().answer(sent))
    return {"at": received_at, "latency": sent.credit}


async def probed(context: Context, message: Probed) -> None:
    if (lag := _live(context).lags.get(context.socket)) is not None:
        lag.echo(message.n, now=time.monotonic() * 1000)


async def flag(context: Context, message: FlagMessage) -> None:
    await in_thread(
        services.flag,
        room_id=context.room.id,
        user_id=_seated(context),
        number=message.number,
        reason=message.reason,
        now=now_ms(),
    )
    get_desk().read(context.room.id)
    await abroadcast(f"room.{context.room.id}", {"kind": "trivia.flagged"})


async def team(context: Context, message: Team) -> None:
    await in_thread(
        services.choose_team, room_id=context.room.id, user_id=_seated(context), team=message.team
    )
    get_desk().read(context.room.id)


async def go_on(context: Context, message: AtSeq) -> None:
    await _by_host(context, services.go_on, seq=message.seq, now=now_ms())


async def skip(context: Context, message: AtSeq) -> None:
    await _by_host(context, services.skip, seq=message.seq, now=now_ms())


async def pause(context: Context, message: Message) -> None:
    await _by_host(context, services.pause, now=now_ms())


async def resume(context: Context, message: Message) -> None:
    await _by_host(context, services.resume, now=now_ms())


async def void(context: Context, message: AtNumber) -> None:
    await _by_host(context, services.void, number=message.number, now=now_ms())


async def extra(context: Context, message: Extra) -> None:
    await _by_host(context, services.give_extra, slot=message.slot, percent=message.percent)


async def _by_host(context: Context, service: Any, **fields: Any) -> None:
    """The service, and a fresh look at the game in this process even if the bus is away."""
    await in_thread(service, room_id=context.room.id, by=context.user_id, **fields)
    get_desk().read(context.room.id)


def _live(context: Context) -> TriviaLive:
    return cast(TriviaLive, context.room.stage.game)


def _seated(context: Context) -> int:
    """The player's user id: a host who only watches has no answers."""
    if context.socket.seat is None:
        raise PlayersOnly
    return context.socket.seat.user_id


ACTIONS = (
    Action("trivia.answer", AnswerMessage, Who.PLAYER, answer),
    Action("trivia.probed", Probed, Who.PLAYER, probed),
    Action("trivia.flag", FlagMessage, Who.PLAYER, flag),
    Action("trivia.team", Team, Who.PLAYER, team),
    Action("trivia.next", AtSeq, Who.HOST, go_on),
    Action("trivia.pause", Message, Who.HOST, pause),
    Action("trivia.resume", Message, Who.HOST, resume),
    Action("trivia.skip", AtSeq, Who.HOST, skip),
    Action("trivia.void", AtNumber, Who.HOST, void),
    Action("trivia.extra", Extra, Who.HOST, extra),
)
