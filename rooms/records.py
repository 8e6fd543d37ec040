"""A room as one read of the database gives it: plain data, handed from the database threads to the loop."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SeatRecord:
    """A held seat. `held_until` is in ms since 1970: when it is free again if no socket refreshes it."""

    seat_id: int
    user_id: int
    slot: int
    name: str
    colour: int
    mark: int
    handle: str
    is_guest: bool
    held_until: int
    connected: bool = False


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """A room and its held seats. Times are in ms since 1970."""

    id: UUID
    code: str
    kind: str
    title: str
    visibility: str
    status: str
    locked: bool
    capacity: int
    settings: dict[str, Any]
    host_id: int | None
    starts_at: int | None
    ends_at: int | None
    results: dict[str, Any] | None
    next_code: str | None
    failure: str
    version: int
    epoch: int
    seats: tuple[SeatRecord, ...] = ()
    kicked: frozenset[int] = field(default=frozenset())

    def view(self, *, host: int | None) -> dict[str, Any]:
        """What everybody may know of the room; `host` is the host's slot."""
        return {
            "code": self.code,
            "kind": self.kind,
            "title": self.title,
            "visibility": self.visibility,
            "status": self.status,
            "locked": self.locked,
            "capacity": self.capacity,
            "settings": self.settings,
            "host": host,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "results": self.results,
            "next_code": self.next_code,
            "failure": self.failure,
        }
