"""After the commit the room and the leaderboards hear of it; operators and probes see how things stand."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers, get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from events.announcing import announce
from events.live import abroadcast
from events.metrics import snapshot
from events.models import Outbox
from events.tasks import heartbeat, store_events
from spacegame.celery import QUEUES, app
from tests.events.conftest import KillableRedis
from tests.events.making import ALICE, ROOM, hit, owe

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def _store_one() -> None:
    owe([hit(destroyed=True)])
    row = Outbox.objects.get()
    store_events(str(row.pk), row.payload)
    connections.close_all()


async def test_a_room_hears_its_players_new_totals() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(f"room.{ROOM}", channel)
    await sync_to_async(_store_one)()
    async with asyncio.timeout(60):
        said = await layer.receive(channel)
    assert said["message"] == {"kind": "scores", "players": {str(ALICE): 3}}


async def test_leaderboards_hear_at_once_and_then_not_for_every_batch() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add("leaderboard", channel)
    announce([("arena/all", ALICE, 1)])
    async with asyncio.timeout(60):
        assert (await layer.receive(channel))["message"] == {"kind": "scores"}
        for points in range(30):
            announce([("arena/all", ALICE, points)])
        assert (await layer.receive(channel))["message"] == {"kind": "scores"}
        await layer.group_add("end", channel)
        await abroadcast("end", {"kind": "end"})
        more = 0
        while (await layer.receive(channel))["message"] == {"kind": "scores"}:
            more += 1
    assert more < 10, "each second of these thirty may have had one"


def test_nobody_is_harmed_by_a_redis_that_is_away(redis_server: KillableRedis) -> None:
    redis_server.kill()
    _store_one()
    assert not Outbox.objects.exists()


async def test_the_first_word_after_a_new_redis_is_heard(redis_server: KillableRedis) -> None:
    """The pool of this process still holds a connection to the killed Redis; the listener's is new."""
    await abroadcast("before", {"kind": "before"})
    await sync_to_async(redis_server.kill)()
    await sync_to_async(redis_server.start)()
    layer = channel_layers.make_backend("default")
    channel = await layer.new_channel()
    await layer.group_add("after", channel)
    await abroadcast("after", {"kind": "after"})
    async with asyncio.timeout(60):
        assert (await layer.receive(channel))["message"] == {"kind": "after"}


def test_the_snapshot_counts_what_is_owed_and_what_is_dead() -> None:
    owe([hit()])
    owe([hit()])
    Outbox.objects.filter(pk=owe([hit()])).update(failed_at=timezone.now())
    now = snapshot()
    assert (now["outbox_depth"], now["dead_letters"]) == (2, 1)
    assert now["outbox_age"] >= 0
    assert now["recorder"]["queued"] == 0


def test_a_worker_leaves_a_sign_of_life() -> None:
    heartbeat()
    assert cache.get("worker:seen") == pytest.approx(timezone.now().timestamp(), abs=60)


def test_each_task_has_a_queue_that_workers_know() -> None:
    queues = {route["queue"] for route in app.conf.task_routes.values()}
    assert queues <= set(QUEUES)


def test_what_beat_sends_expires_before_it_is_sent_again() -> None:
    often = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["schedule"] in (2.0, 5.0)]
    assert len(often) >= 3
    for entry in often:
        assert entry["options"]["expire_seconds"] <= entry["schedule"]
