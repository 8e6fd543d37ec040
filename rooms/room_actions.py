"""The actions that every room knows; docs/protocol.md lists them."""

from typing import Annotated, Any

import msgspec

import accounts.services
from accounts.errors import AccountError
from accounts.models import COLOURS, MARKS, User
from rooms import errors, services
from rooms.actions import Context, Message, Who, action
from rooms.clock import now_ms
from rooms.database import in_thread
from rooms.models import MAX_CAPACITY

NORMAL_CLOSE = 1000


class Lock(Message):
    locked: bool


class Kick(Message):
    slot: Annotated[int, msgspec.Meta(ge=0, lt=MAX_CAPACITY)]


class Rename(Message):
    name: Annotated[str, msgspec.Meta(max_length=1000)]


class Avatar(Message):
    colour: Annotated[int, msgspec.Meta(ge=0, lt=COLOURS)]
    mark: Annotated[int, msgspec.Meta(ge=0, lt=MARKS)]


@action("ping")
async def ping(context: Context, message: Message) -> dict[str, Any]:
    game = context.room.stage.game
    return {"now": now_ms(), "tick": game.tick if game is not None else 0}


@action("room.sync")
async def sync(context: Context, message: Message) -> dict[str, Any]:
    return {"state": context.room.state_for(context.socket)}


@action("room.start", who=Who.HOST)
async def start(context: Context, message: Message) -> None:
    await in_thread(services.start, room_id=context.room.id, by=context.user_id)
    await context.refresh(context.room)


@action("room.end", who=Who.HOST)
async def end(context: Context, message: Message) -> None:
    results = context.room.results()
    await in_thread(services.end, room_id=context.room.id, by=context.user_id, results=results)
    await context.refresh(context.room)


@action("room.lock", Lock, who=Who.HOST)
async def lock(context: Context, message: Lock) -> None:
    await in_thread(services.lock, room_id=context.room.id, locked=message.locked, by=context.user_id)
    await context.refresh(context.room)


@action("room.kick", Kick, who=Who.HOST)
async def kick(context: Context, message: Kick) -> None:
    await in_thread(services.kick, room_id=context.room.id, slot=message.slot, by=context.user_id)
    await context.refresh(context.room)


@action("room.rematch", who=Who.HOST)
async def rematch(context: Context, message: Message) -> dict[str, Any]:
    room = await in_thread(_rematch, room_id=context.room.id, user_id=context.user_id)
    await context.refresh(context.room)
    return {"code": room}


@action("room.leave", who=Who.PLAYER)
async def leave(context: Context, message: Message) -> None:
    user_id = context.user_id
    # Not a player any more before the seat goes, else the seat's end would close the socket unanswered.
    context.room.players.discard(context.socket)
    try:
        await in_thread(services.leave, room_id=context.room.id, user_id=user_id)
    except BaseException:
        context.room.players.add(context.socket)
        raise
    await context.refresh(context.room)
    context.close_with = NORMAL_CLOSE


@action("seat.rename", Rename, who=Who.PLAYER)
async def rename(context: Context, message: Rename) -> dict[str, Any]:
    await in_thread(_rename, user_id=context.user_id, name=message.name)
    await context.refresh(context.room)
    seat = context.socket.seat
    return {"name": seat.name if seat is not None else message.name}


@action("seat.avatar", Avatar, who=Who.PLAYER)
async def avatar(context: Context, message: Avatar) -> None:
    await in_thread(_avatar, user_id=context.user_id, colour=message.colour, mark=message.mark)
    await context.refresh(context.room)


def _rematch(*, room_id: Any, user_id: int) -> str:
    return services.rematch(room_id=room_id, by=User.objects.get(pk=user_id)).code


def _rename(*, user_id: int, name: str) -> None:
    try:
        accounts.services.rename(user=User.objects.get(pk=user_id), name=name)
    except AccountError as refusal:
        raise errors.ProfileRefused(str(refusal)) from None
    services.follow_profile(user_id=user_id)


def _avatar(*, user_id: int, colour: int, mark: int) -> None:
    try:
        accounts.services.set_avatar(user=User.objects.get(pk=user_id), colour=colour, mark=mark)
    except AccountError as refusal:
        raise errors.ProfileRefused(str(refusal)) from None
    services.follow_profile(user_id=user_id)
