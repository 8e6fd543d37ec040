"""Hit ids: derived, so that a tick that is simulated again gives the same ones."""

from hashlib import sha1
from uuid import UUID


class HitIds:
    """`uuid5(room, "epoch:tick:olive")`, with the room's part of the hash done once."""

    def __init__(self, room: UUID, epoch: int) -> None:
        self._base = sha1(room.bytes, usedforsecurity=False)
        self._base.update(b"%d:" % epoch)

    def of(self, tick: int, olive: int) -> UUID:
        digest = self._base.copy()
        digest.update(b"%d:%d" % (tick, olive))
        return UUID(bytes=digest.digest()[:16], version=5)
