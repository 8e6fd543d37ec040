"""What rooms asks of a game while it is played: settings with a schema, and a part in the hosting process."""

from abc import ABC, abstractmethod
from typing import Any

import msgspec

from rooms.bus import Bus
from rooms.seats import LiveSeat
from rooms.sockets import Socket


class GameSettings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Base of each game's own settings schema; stored as JSON in `Room.settings`."""


class LiveGame(ABC):
    """One room's game in the process that hosts it. Called only from the event loop's thread.

    Nothing here may block: no database, no file, no waiting. What a method raises is logged and harms this
    room only; raised again and again it fails the room.
    """

    tick: int = 0
    """The game's clock, for those games that have one (told to clients by `ping`)."""

    @abstractmethod
    def seat_joined(self, seat: LiveSeat) -> None:
        """A player took a seat, or came back to it. Called before that player's first frame."""

    @abstractmethod
    def seat_left(self, seat: LiveSeat) -> None:
        """A player gave the seat up, was kicked, or stayed away too long. A drop alone is not leaving."""

    @abstractmethod
    def socket_joined(self, socket: Socket) -> None:
        """A socket (a player's or a spectator's) may receive frames from now on."""

    @abstractmethod
    def receive(self, socket: Socket, frame: bytes) -> None:
        """A binary frame from a player. Raises `rooms.errors.BadFrame` on a frame that is no good."""

    @abstractmethod
    def room_changed(self) -> None:
        """Status, deadlines or settings in `LiveRoom` changed."""

    @abstractmethod
    def view(self) -> dict[str, Any]:
        """The game's own part of what everybody in the room may know (JSON)."""

    @abstractmethod
    def close(self) -> None:
        """The room is no longer hosted here."""

    def results(self) -> dict[str, Any] | None:
        """The podium as it stands, for a host who ends the room early; None: rooms asks the ledger."""
        return None

    async def begin(self, bus: Bus) -> None:
        """Called once, before the first socket is let in. This alone may wait (for a read, say)."""
        return

    def view_for(self, socket: Socket) -> dict[str, Any]:
        """What else `room.state` says to this socket alone."""
        return {}

    def heard(self, message: dict[str, Any]) -> None:
        """Another process said something about this room that rooms itself does not know."""
        return

    def people_changed(self) -> None:
        """Somebody sat down, left, connected or dropped, here or in another process."""
        return

    def lost_messages(self) -> None:
        """The bus lost messages: whatever is followed there must be read again."""
        return
