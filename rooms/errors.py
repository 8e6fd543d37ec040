"""What can go wrong in a room, each with a code for programs and a message for people."""

from enum import IntEnum
from typing import ClassVar


class Close(IntEnum):
    """WebSocket close codes; docs/protocol.md says what a client should do about each."""

    GOING_AWAY = 1012
    BAD_FRAMES = 4400
    NO_SESSION = 4401
    FORBIDDEN = 4403
    NO_ROOM = 4404
    TOO_SLOW = 4408
    ALREADY_HERE = 4409
    TAKEN_OVER = 4410
    HELD_ELSEWHERE = 4421
    NO_SEAT = 4423
    FLOOD = 4429


class RoomError(Exception):
    """Base of all refusals. `code` is stable; `message` is shown to people; `close` ends a socket with it."""

    code: ClassVar[str] = "room"
    message: ClassVar[str] = "That did not work. Try again?"
    close: ClassVar[Close] = Close.NO_ROOM

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)

    @property
    def text(self) -> str:
        return str(self)


class NoSuchRoom(RoomError):
    code = "no_room"
    message = "No room has that code. Check it, or pick another from the menu?"


class NoSuchPlayer(RoomError):
    code = "no_player"
    message = "Nobody flies under that name."


class RoomEnded(RoomError):
    code = "ended"
    message = "That round is over. Another one is surely in the oven."


class RoomFull(RoomError):
    code = "full"
    message = "That room is full. Watch, or try another?"
    close = Close.NO_SEAT


class RoomLocked(RoomError):
    code = "locked"
    message = "The host has locked this room. Watch, or try another?"
    close = Close.NO_SEAT


class Kicked(RoomError):
    code = "kicked"
    message = "The host has asked you to leave this room. There are others to fly in."
    close = Close.FORBIDDEN


class Banned(RoomError):
    code = "banned"
    message = "This account may not play here. Write to the operators if that seems wrong."
    close = Close.FORBIDDEN


class NoSession(RoomError):
    code = "no_session"
    message = "Play as a guest first: it takes one press."
    close = Close.NO_SESSION


class AlreadyHere(RoomError):
    code = "already_connected"
    message = "You are already in this room, in another tab. Fly here instead?"
    close = Close.ALREADY_HERE


class HeldElsewhere(RoomError):
    code = "held_elsewhere"
    message = "This room is moving to another kitchen. One moment."
    close = Close.HELD_ELSEWHERE


class NotNow(RoomError):
    """The room's state does not allow it, or somebody else was quicker."""

    code = "not_now"
    message = "The room has moved on since. Look again?"


class HostOnly(RoomError):
    code = "host_only"
    message = "Only the host can do that."


class PlayersOnly(RoomError):
    code = "players_only"
    message = "Take a seat first: that is for players."


class NoSuchSeat(RoomError):
    code = "no_seat"
    message = "Nobody sits there any more."


class UnknownAction(RoomError):
    code = "unknown_action"
    message = "This room does not know how to do that."


class SlowDown(RoomError):
    code = "slow_down"
    message = "That was a lot at once. Take a breath and try again."


class BadFrame(RoomError):
    """A frame that is no good: wrong size, wrong kind, wrong values."""

    code = "bad_frame"
    message = "That message made no sense here."
    close = Close.BAD_FRAMES


class TooLong(BadFrame):
    message = "That was too long for one message. Try it in fewer words."


class BadSettings(RoomError):
    """Room settings that do not pass. `fields` maps a field's name to a friendly line."""

    code = "bad_settings"
    message = "Some of these settings do not fit. Have a look below?"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__()
        self.fields = fields


class BadFields(RoomError):
    """An action whose fields are missing, wrong or too many; the message says which."""

    code = "bad_fields"
    message = "That message had fields that do not fit."


class ProfileRefused(RoomError):
    """A name or an avatar that will not do; the message says why."""

    code = "profile"
    message = "That will not do. Try another?"
