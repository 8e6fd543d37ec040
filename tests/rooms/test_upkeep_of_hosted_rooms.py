"""What a process does for its rooms while nobody asks: heartbeat, freed seats, word from elsewhere."""

import asyncio
import threading
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import User
from events.live import abroadcast
from rooms import selectors, services
from rooms.database import in_thread
from rooms.errors import Close
from rooms.hub import Hub
from rooms.models import Room, Seat
from rooms.records import RoomRecord
from rooms.upkeep import EMPTY_SECONDS
from tests.rooms.conftest import PATIENCE, Connect, Player
from tests.support.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def set_seen(seconds_ago: int) -> None:
    Seat.objects.update(seen_at=timezone.now() - timedelta(seconds=seconds_ago))


async def heard_by_redis(redis_client: Any, topic: str) -> None:
    """Wait until Redis has taken the subscription: the client does not wait for its word."""
    group = f"sp__group__{topic}"

    async def subscribers() -> int:
        return dict(await in_thread(redis_client.pubsub_numsub, group))[group.encode()]

    await eventually(subscribers, what=f"somebody to hear of {topic}")


async def leave_the_page(page: Any, user: User) -> None:
    """Disconnect, and wait until the server has noted when."""
    await in_thread(set_seen, 50)
    await page.disconnect()
    long_ago = timezone.now() - timedelta(seconds=40)
    noted = Seat.objects.filter(user=user, seen_at__gte=long_ago)
    await eventually(lambda: in_thread(noted.exists), what="the server to note it")


async def test_the_heartbeat_holds_the_seats_of_those_who_are_connected(
    connect: Connect, hub: Hub, room: Room, alice: User, bob: User
) -> None:
    await connect(alice, room)
    await leave_the_page(await connect(bob, room), bob)
    await in_thread(set_seen, 50)
    await hub.upkeep.heartbeat()
    seen = await in_thread(lambda: dict(Seat.objects.values_list("name", "seen_at")))
    assert timezone.now() - seen["Alice"] < timedelta(seconds=10)
    assert timezone.now() - seen["Bob"] > timedelta(seconds=40)
    expires_at = await in_thread(lambda: Room.objects.get(pk=room.pk).expires_at)
    assert expires_at > timezone.now() + timedelta(minutes=4)


async def test_a_seat_is_freed_when_its_player_stays_away(
    connect: Connect, hub: Hub, room: Room, alice: User, bob: User
) -> None:
    hers, his = await connect(alice, room), await connect(bob, room)
    await leave_the_page(his, bob)
    await hers.until(lambda m: m.get("event") == "seat.connection" and not m["connected"])
    live = hub.host.rooms[room.id]
    await hub.upkeep.tidy()
    assert live.slot_of(bob.pk) == 1
    await in_thread(Seat.objects.filter(user=bob).update, seen_at=timezone.now() - timedelta(seconds=61))
    live.seats[1].held_until = 0
    await hub.upkeep.tidy()
    assert (await hers.event("seat.left"))["slot"] == 1
    assert ("left", 1) in live.stage.game.log  # type: ignore[union-attr]


async def test_a_room_without_sockets_is_closed_and_may_be_hosted_elsewhere(
    connect: Connect, hub: Hub, room: Room, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await connect(alice, room)
    live = hub.host.rooms[room.id]
    await page.disconnect()
    monkeypatch.setattr("rooms.upkeep.EMPTY_SECONDS", -1)
    await hub.upkeep.tidy()
    assert room.id not in hub.host.rooms
    assert live.stage.game is None


async def test_a_room_that_somebody_is_about_to_enter_is_not_closed(
    connect: Connect, hub: Hub, room: Room, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await connect(alice, room)).disconnect()
    live = hub.host.rooms[room.id]
    later = time.monotonic() + EMPTY_SECONDS + 1
    monkeypatch.setattr("rooms.hosting.time", SimpleNamespace(monotonic=lambda: later))
    assert await hub.host.open(room.id) is live
    await hub.upkeep.tidy()
    assert hub.host.rooms[room.id] is live


async def test_who_enters_a_room_that_was_given_up_meanwhile_is_sent_on(
    connect: Connect, hub: Hub, room: Room, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody may sit in a room that this process does not follow any more."""

    def take_seat(**given: Any) -> object:
        seat = services.take_seat(**given)
        asyncio.run_coroutine_threadsafe(hub.host.give_up(hub.host.rooms[room.id]), loop).result(PATIENCE)
        return seat

    loop = asyncio.get_running_loop()
    await (await connect(alice, room)).disconnect()
    monkeypatch.setattr("rooms.consumers.services", SimpleNamespace(take_seat=take_seat))
    assert await (await connect(alice, room, refused=True)).closed() == Close.HELD_ELSEWHERE


async def test_a_server_that_stops_lets_its_rooms_go_at_once(
    connect: Connect, hub: Hub, room: Room, alice: User, redis_client: Any
) -> None:
    page = await connect(alice, room)
    await page.disconnect(code=1012)

    async def is_let_go() -> bool:
        held = await in_thread(redis_client.exists, f"sp:lease:{room.id}")
        return room.id not in hub.host.rooms and not held

    await eventually(is_let_go, what="the room to be let go")


async def test_a_ban_closes_every_socket_of_the_player(
    connect: Connect, room: Room, alice: User, bob: User, redis_client: Any
) -> None:
    from accounts.services import ban

    hers, his = await connect(alice, room), await connect(bob, room)
    await heard_by_redis(redis_client, f"user.{bob.pk}")
    await in_thread(ban, user=bob, reason="rude")
    assert await his.closed() == 4403
    assert (await hers.event("seat.left"))["slot"] == 1


async def test_a_change_by_another_process_is_pushed(
    connect: Connect, hub: Hub, room: Room, alice: User
) -> None:
    page = await connect(alice, room)
    await in_thread(services.end, room_id=room.id, by=None)
    changed = await page.event("room.changed")
    assert changed["room"]["status"] == "COMPLETED"


async def test_each_process_that_hosts_a_room_gets_the_next_epoch(
    connect: Connect, hub: Hub, room: Room, alice: User
) -> None:
    await connect(alice, room)
    assert hub.host.rooms[room.id].epoch == 1
    await hub.host.close(hub.host.rooms[room.id])
    assert (await hub.host.open(room.id)).epoch == 2


async def test_the_games_end_of_the_round_is_stored_and_pushed(
    connect: Connect, hub: Hub, room: Room, alice: User
) -> None:
    page = await connect(alice, room)
    await page.ask("room.start")
    await hub.host.rooms[room.id].complete({"rows": [{"slot": 0}]})
    done = await page.until(lambda m: m.get("event") == "room.changed" and m["room"]["status"] == "COMPLETED")
    assert done["room"]["results"] == {"rows": [{"slot": 0}]}


async def test_the_lobby_is_live(
    connect: Connect, hub: Hub, room: Room, alice: User, bob: User, redis_client: Any
) -> None:
    page = Player("/ws/lobby/")
    await page.open()
    assert [row["code"] for row in (await page.event("rooms"))["rooms"]] == [room.code]
    await heard_by_redis(redis_client, "lobby")
    await in_thread(services.create_room, kind="echo", settings={}, host=bob)
    assert await page.until(lambda m: len(m.get("rooms", [])) == 2)
    await page.disconnect()


async def test_the_leaderboard_is_told_of_scores(hub: Hub, db: None, redis_client: Any) -> None:
    page = Player("/ws/leaderboard/?period=day")
    await page.open()
    await page.event("leaderboard")
    await heard_by_redis(redis_client, "leaderboard")
    await abroadcast("leaderboard", {"kind": "scores"})
    assert await page.event("leaderboard") == {"event": "leaderboard"}
    await page.disconnect()


async def test_the_heartbeat_notices_a_change_whose_message_was_lost(
    connect: Connect, hub: Hub, room: Room, alice: User
) -> None:
    page = await connect(alice, room)
    version = hub.host.rooms[room.id].record.version + 1
    await in_thread(Room.objects.filter(pk=room.pk).update, title="Sunday", version=version)
    await hub.upkeep.heartbeat()
    assert (await page.event("room.changed"))["room"]["title"] == "Sunday"


async def test_those_who_want_a_fresh_read_at_once_share_one_that_begins_after_they_asked(
    connect: Connect, hub: Hub, room: Room, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connect(alice, room)
    live = hub.host.rooms[room.id]
    begun: list[str] = []
    read = selectors.read_room

    reading, go_on = threading.Event(), threading.Event()

    def noted(room_id: UUID) -> RoomRecord:
        record = read(room_id)
        begun.append(record.title)
        reading.set()
        assert go_on.wait(PATIENCE)
        return record

    monkeypatch.setattr(selectors, "read_room", noted)
    first = asyncio.create_task(hub.host.following.refresh(live))
    await eventually(reading.is_set, what="the first read")
    await in_thread(Room.objects.filter(pk=room.pk).update, title="Renamed")
    others = [asyncio.create_task(hub.host.following.refresh(live)) for _ in range(50)]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, *others)
    assert 2 <= len(begun) <= 3, "fifty-one share two; a late word of the bus may ask for one more"
    assert begun[-1] == live.record.title == "Renamed"
