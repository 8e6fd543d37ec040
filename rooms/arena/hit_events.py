"""Hits as events, with derived ids, so that a tick that is simulated again gives the same ones."""

from datetime import datetime
from hashlib import sha1
from typing import NamedTuple
from uuid import UUID

from events.contracts import NewEvent
from rooms.arena.tally import Pilot

SOURCE = "arena"


class Found(NamedTuple):
    """A hit in one room: slots, the olive's index in the room, whether the victim was destroyed."""

    shooter: int
    victim: int
    olive: int
    destroyed: bool


class HitEvents:
    """Makes the events of one room while one process hosts it."""

    def __init__(self, room: UUID, epoch: int) -> None:
        self._room, self._epoch = room, epoch
        self._base = sha1(room.bytes, usedforsecurity=False)
        self._base.update(b"%d:" % epoch)

    def event_id(self, tick: int, olive: int) -> UUID:
        """`uuid5(room, "epoch:tick:olive")`, with the room's part of the hash done once."""
        digest = self._base.copy()
        digest.update(b"%d:%d" % (tick, olive))
        return UUID(bytes=digest.digest()[:16], version=5)

    def make(
        self, hit: Found, *, tick: int, shooter: Pilot, victim: Pilot, occurred_at: datetime
    ) -> NewEvent:
        """The event of a hit. A bot has no id, only a name."""
        data = {
            "epoch": self._epoch,
            "tick": tick,
            "olive": hit.olive,
            "victim": victim.user_id,
            "shooter_name": shooter.name,
            "victim_name": victim.name,
            "destroyed": hit.destroyed,
        }
        return NewEvent(
            event_id=self.event_id(tick, hit.olive),
            type="SHIP_HIT",
            actor=shooter.user_id,
            room=self._room,
            data=data,
            occurred_at=occurred_at,
            source=SOURCE,
        )
