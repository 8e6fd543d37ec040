"""What a process does now and then for the rooms that it hosts: leases, seats, rooms that nobody is in."""

import logging
from uuid import UUID

from django.utils import timezone

from rooms import selectors, services
from rooms.background import Background
from rooms.clock import now_ms
from rooms.database import in_thread
from rooms.hosting import Host
from rooms.leases import AWAY
from rooms.live import LiveRoom
from rooms.services.seating import HOLD_SECONDS

logger = logging.getLogger(__name__)

RENEW_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
EMPTY_SECONDS = HOLD_SECONDS + 10.0


class Upkeep:
    """Of one host's rooms."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._background = Background()

    def start(self) -> None:
        self._background.every(RENEW_SECONDS, self.renew_leases)
        self._background.every(RENEW_SECONDS, self.tidy)
        self._background.every(HEARTBEAT_SECONDS, self.heartbeat)

    async def stop(self) -> None:
        await self._background.stop()

    @property
    def _rooms(self) -> tuple[LiveRoom, ...]:
        return tuple(self._host.rooms.values())

    async def renew_leases(self) -> None:
        """Go on hosting; rooms that another process took meanwhile are given up with 4421."""
        try:
            held = await self._host.leases.renew([room.id for room in self._rooms if not room.shared])
        except AWAY:
            return  # nobody else can take them either
        for room_id in [room_id for room_id, mine in held.items() if not mine]:
            if (room := self._host.rooms.get(room_id)) is not None:
                logger.warning("Room %s is hosted by another process now", room.code)
                await self._host.give_up(room)

    async def tidy(self) -> None:
        """Free the seats of those who stayed away, close the rooms that nobody is in."""
        now = now_ms()
        for room in self._rooms:
            if any(not seat.connected and seat.held_until < now for seat in room.seats.values()):
                await in_thread(services.free_expired_seats, room_id=room.id)
                await self._host.following.refresh(room)
        await self._host.close_empty(EMPTY_SECONDS)

    async def heartbeat(self) -> None:
        """Hold the seats of everybody who is connected, in one statement, and notice what was missed."""
        alive, at = [room for room in self._rooms if room.sockets], timezone.now()
        seats = [socket.seat.seat_id for room in alive for socket in room.players if socket.seat]
        if alive:
            room_ids = [room.id for room in alive]
            await in_thread(services.keep_alive, seat_ids=seats, room_ids=room_ids, at=at)
            await self._catch_up(room_ids)
        screens = [room.id for room in alive if room.shared and any(map(room.is_hosts_screen, room.sockets))]
        if screens:
            await in_thread(services.see_hosts, room_ids=screens)

    async def _catch_up(self, room_ids: list[UUID]) -> None:
        """Read rooms again whose version says that a message about them was lost."""
        for room_id, version in (await in_thread(selectors.room_versions, room_ids)).items():
            room = self._host.rooms.get(room_id)
            if room is not None and version > room.record.version:
                self._host.following.refresh_soon(room)
