"""Which process hosts a room: a key in Redis for each, renewed each second, dead after five."""

import uuid
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

AWAY = (RedisError, OSError, TimeoutError)  # what a call raises when nobody can say
LEASE_MS = 5000
TIMEOUT_SECONDS = 1.0

# Renews what is ours or nobody's (Redis forgot it), says 0 for what another process holds.
_RENEW = """
local held = {}
for i, key in ipairs(KEYS) do
  local owner = redis.call('GET', key)
  if owner == false or owner == ARGV[1] then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
    held[i] = 1
  else
    held[i] = 0
  end
end
return held
"""

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class Leases:
    """The leases of one process. Every method raises a `RedisError` or `OSError` when Redis is away."""

    def __init__(self) -> None:
        self.owner = uuid.uuid4().hex
        self._redis = Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )

    async def take(self, room_id: UUID) -> bool:
        """Try to become the host of a room; False if another live process is."""
        return (await self.renew([room_id]))[room_id]

    async def renew(self, room_ids: Collection[UUID]) -> dict[UUID, bool]:
        """Go on holding these rooms; False for each that another process holds."""
        if not room_ids:
            return {}
        keys = [_key(room_id) for room_id in room_ids]
        held = await self._redis.eval(_RENEW, len(keys), *keys, self.owner, str(LEASE_MS))
        return {room_id: bool(mine) for room_id, mine in zip(room_ids, held, strict=True)}

    async def release(self, room_id: UUID) -> None:
        """Let another process host the room at once."""
        await self._redis.eval(_RELEASE, 1, _key(room_id), self.owner)

    async def close(self) -> None:
        await self._redis.aclose()


def _key(room_id: UUID) -> str:
    return f"sp:lease:{room_id}"
