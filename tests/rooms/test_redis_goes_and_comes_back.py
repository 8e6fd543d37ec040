"""Redis is only how processes talk: without it the rooms of this process go on, and then catch up."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from channels.layers import channel_layers

from accounts.models import User
from rooms import services
from rooms.database import in_thread
from rooms.hub import Hub
from rooms.models import Room
from spacegame.embedded import RedisServer, start_redis
from tests.rooms.conftest import Connect
from tests.support.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def own_redis(tmp_path: Path, settings: object) -> AsyncIterator[list[RedisServer]]:
    """A Redis of this test's own, in the settings; the list's last one is the one that runs."""
    servers = [start_redis(tmp_path / "redis", free_port())]
    settings.REDIS_URL = servers[0].url  # type: ignore[attr-defined]
    settings.CHANNEL_LAYERS = {  # type: ignore[attr-defined]
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [servers[0].url], "prefix": "sp"},
        }
    }
    channel_layers.backends.clear()
    yield servers
    channel_layers.backends.clear()
    servers[-1].stop()


async def test_a_room_goes_on_and_catches_up(
    own_redis: list[RedisServer],
    tmp_path: Path,
    connect: Connect,
    hub: Hub,
    room: Room,
    alice: User,
    bob: User,
) -> None:
    hub.bus.beat_seconds = 0.05
    hers, his = await connect(alice, room), await connect(bob, room)
    own_redis[-1].process.kill()
    own_redis[-1].process.wait()

    await hers.send_to(bytes_data=b"\x01still flying")
    assert await his.snapshot() == b"\x02still flying"
    assert (await hers.ask("room.lock", locked=True))["ok"]
    # Another process changes the room meanwhile; its word about it is lost.
    await in_thread(services.lock, room_id=room.id, locked=False, by=None)

    own_redis.append(start_redis(tmp_path / "redis", own_redis[-1].port))
    await hers.until(lambda m: m.get("event") == "room.changed" and not m["room"]["locked"])
    # And the bus hears again what is said from now on.
    await in_thread(services.lock, room_id=room.id, locked=True, by=None)
    await hers.until(lambda m: m.get("event") == "room.changed" and m["room"]["locked"])


async def test_no_new_room_is_hosted_while_nobody_can_say_whose_it_is(
    own_redis: list[RedisServer], connect: Connect, hub: Hub, room: Room, alice: User
) -> None:
    await hub.ready()
    own_redis[-1].process.kill()
    own_redis[-1].process.wait()
    assert await (await connect(alice, room, refused=True)).closed() == 4421


async def test_a_room_that_another_process_holds_is_refused(
    connect: Connect, hub: Hub, room: Room, alice: User
) -> None:
    from rooms.leases import Leases

    other = Leases()
    assert await other.take(room.id)
    assert await (await connect(alice, room, refused=True)).closed() == 4421
    await other.release(room.id)
    await other.close()
    assert (await connect(alice, room)).first["you"]["slot"] == 0


async def test_a_room_that_another_process_took_is_given_up(
    connect: Connect, hub: Hub, room: Room, alice: User, redis_client: object
) -> None:
    page = await connect(alice, room)
    await asyncio.to_thread(redis_client.set, f"sp:lease:{room.id}", "another")  # type: ignore[attr-defined]
    await hub.upkeep.renew_leases()
    assert await page.closed() == 4421
    assert room.id not in hub.host.rooms


async def test_a_forgotten_lease_is_taken_again(
    connect: Connect, hub: Hub, room: Room, alice: User, redis_client: object
) -> None:
    page = await connect(alice, room)
    await asyncio.to_thread(redis_client.flushall)  # type: ignore[attr-defined]
    await hub.upkeep.renew_leases()
    assert (await page.ask("ping"))["ok"]
    assert await asyncio.to_thread(redis_client.exists, f"sp:lease:{room.id}")  # type: ignore[attr-defined]
