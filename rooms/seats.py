"""A player's place in a hosted room, as the process that hosts it keeps it."""

from dataclasses import dataclass
from typing import Any

from rooms.records import SeatRecord


@dataclass(slots=True, eq=False)
class LiveSeat:
    """A player's place. The object stays the same while the seat is held, so games may keep it.

    `playing` says that its player has been connected at least once since this process hosts the room.
    """

    slot: int
    user_id: int
    name: str
    colour: int
    mark: int
    handle: str
    is_guest: bool
    connected: bool = False
    playing: bool = False
    seat_id: int = 0
    held_until: int = 0

    @classmethod
    def from_record(cls, record: SeatRecord) -> "LiveSeat":
        return cls(
            slot=record.slot,
            user_id=record.user_id,
            name=record.name,
            colour=record.colour,
            mark=record.mark,
            handle=record.handle,
            is_guest=record.is_guest,
            seat_id=record.seat_id,
            held_until=record.held_until,
        )

    def follow(self, record: SeatRecord) -> bool:
        """Take over what the record says; whether others can see a difference."""
        before = self.view()
        self.name, self.colour, self.mark = record.name, record.colour, record.mark
        self.handle, self.is_guest = record.handle, record.is_guest
        self.seat_id, self.held_until = record.seat_id, record.held_until
        return before != self.view()

    def view(self) -> dict[str, Any]:
        """What everybody may know of a seat."""
        return {
            "slot": self.slot,
            "name": self.name,
            "colour": self.colour,
            "mark": self.mark,
            "connected": self.connected,
        }
