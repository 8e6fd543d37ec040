"""A game of one rule: what a player sends, everybody hears. It lets the rooms be tested without the arena."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec

from rooms.actions import Action, Context, Message, Who
from rooms.errors import BadFrame
from rooms.games import Game
from rooms.live import LiveRoom
from rooms.live_game import GameSettings, LiveGame
from rooms.seats import LiveSeat
from rooms.sockets import Socket

CRASH = b"\x63"


class EchoSettings(GameSettings):
    size: Annotated[int, msgspec.Meta(ge=2, le=100, title="Seats")] = 3
    round_seconds: Annotated[int, msgspec.Meta(ge=0, le=1800)] = 0
    bots: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    skill: Literal["easy", "hard"] = "easy"


class LiveEcho(LiveGame):
    """Says every frame that begins with 1 to everybody, refuses others, and breaks on 0x63."""

    def __init__(self, room: LiveRoom) -> None:
        self.room = room
        self.log: list[tuple[str, Any]] = []

    def seat_joined(self, seat: LiveSeat) -> None:
        self.log.append(("joined", seat.slot))

    def seat_left(self, seat: LiveSeat) -> None:
        self.log.append(("left", seat.slot))

    def socket_joined(self, socket: Socket) -> None:
        self.log.append(("socket", socket.seat.slot if socket.seat else None))

    def receive(self, socket: Socket, frame: bytes) -> None:
        if frame == CRASH:
            raise ZeroDivisionError("a bug of the game")
        if not frame.startswith(b"\x01"):
            raise BadFrame
        self.room.broadcast_snapshot(b"\x02" + frame[1:])

    def room_changed(self) -> None:
        self.log.append(("room", self.room.status))

    def view(self) -> dict[str, Any]:
        return {"bots": []}

    def close(self) -> None:
        self.log.append(("closed", None))


async def shout(context: Context, message: Message) -> dict[str, Any]:
    return {"heard": context.room.seats[context.room.slot_of(context.user_id) or 0].name.upper()}


class Echo(Game):
    kind: ClassVar[str] = "echo"
    title: ClassVar[str] = "Echo"
    settings_type = EchoSettings
    template: ClassVar[str] = "rooms/tests/echo.html"
    actions = (Action("echo.shout", Message, Who.PLAYER, shout),)

    def capacity(self, settings: GameSettings) -> int:
        assert isinstance(settings, EchoSettings)
        return settings.size

    def open_live(self, room: LiveRoom) -> LiveGame:
        return LiveEcho(room)

    def rules_url(self) -> str:
        return "/static/echo.json"
