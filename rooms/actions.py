"""What a client may ask for by name: a table of typed messages, who may send them, and what they do.

A game adds its own by listing `Action`s in `Game.actions`. A handler returns what its acknowledgement says.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import msgspec

from rooms import errors
from rooms.live import LiveRoom
from rooms.sockets import Socket

MAX_ID = 2**53

MessageId = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]


class Message(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Base of every request. `id` comes back in the acknowledgement."""

    id: MessageId
    action: str


class _Envelope(msgspec.Struct):
    """What is needed to answer even a request that is wrong in its other fields."""

    id: MessageId
    action: str


class Who(Enum):
    ALL = "all"
    PLAYER = "player"
    HOST = "host"


@dataclass(slots=True)
class Context:
    """Who asks, and where. `refresh` reads a room again, and pushes what changed before it returns.

    `close_with`: end the socket with this code after the acknowledgement.
    """

    room: LiveRoom
    socket: Socket
    refresh: Callable[[LiveRoom], Awaitable[None]]
    close_with: int | None = None

    @property
    def user_id(self) -> int:
        """The asking player's or host's user id; `PlayersOnly` for anybody else who watches."""
        if self.socket.user_id is None or (self.socket.seat is None and not self.hosts):
            raise errors.PlayersOnly
        return self.socket.user_id

    @property
    def hosts(self) -> bool:
        """Whether the socket is the host's: with a seat, or watching from a screen."""
        return self.room.is_hosts(self.socket)


Handler = Callable[[Context, Any], Awaitable[dict[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table."""

    name: str
    schema: type[Message]
    who: Who
    handle: Handler


_table: dict[str, Action] = {}


def action(name: str, schema: type[Message] = Message, *, who: Who = Who.ALL) -> Callable[[Handler], Handler]:
    """Put a handler into the table."""

    def enter(handler: Handler) -> Handler:
        _table[name] = Action(name, schema, who, handler)
        return handler

    return enter


def table_with(extras: Iterable[Action]) -> dict[str, Action]:
    """The actions that every room knows and a game's own, by name."""
    return {**_table, **{extra.name: extra for extra in extras}}


async def perform(context: Context, table: dict[str, Action], text: str) -> dict[str, Any]:
    """Do what a text frame asks for; its acknowledgement. `BadFrame` if it cannot even be read."""
    try:
        envelope = msgspec.json.decode(text, type=_Envelope)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise errors.BadFrame from None
    try:
        answer = await _dispatch(context, table, envelope.action, text)
    except errors.RoomError as refusal:
        return refused(refusal, envelope.id)
    return {"ack": envelope.id, "ok": True, **(answer or {})}


def refused(refusal: errors.RoomError, request_id: int | None = None) -> dict[str, Any]:
    """The acknowledgement of a request that was refused."""
    return {"ack": request_id, "error": {"code": refusal.code, "message": refusal.text}}


async def _dispatch(
    context: Context, table: dict[str, Action], name: str, text: str
) -> dict[str, Any] | None:
    wanted = table.get(name)
    if wanted is None:
        raise errors.UnknownAction
    try:
        message = msgspec.json.decode(text, type=wanted.schema)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise errors.BadFields(str(error)) from None
    _check(wanted.who, context)
    return await wanted.handle(context, message)


def _check(who: Who, context: Context) -> None:
    seated = context.socket.seat is not None
    if who is Who.PLAYER and not seated:
        raise errors.PlayersOnly
    if who is Who.HOST and not context.hosts:
        raise errors.HostOnly if seated else errors.PlayersOnly
