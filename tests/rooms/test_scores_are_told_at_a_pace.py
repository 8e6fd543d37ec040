"""Scores that change often are told at once, and then not too often."""

import asyncio
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from events.boards import room_board
from events.live import abroadcast
from events.models import Score
from rooms.hub import Hub
from rooms.models import Room
from rooms.pace import Pace
from tests.rooms.conftest import PATIENCE, Connect


class Clock:
    """Notes what is done, and waits for one more of it."""

    def __init__(self) -> None:
        self.done = 0
        self._more = asyncio.Event()

    def act(self) -> None:
        self.done += 1
        self._more.set()

    async def once_more(self) -> None:
        self._more.clear()
        await asyncio.wait_for(self._more.wait(), PATIENCE)


async def test_the_first_is_done_at_once_and_many_more_become_one() -> None:
    clock = Clock()
    pace = Pace(clock.act, pause=lambda: 0.01)
    for _ in range(50):
        pace.ask()
    assert clock.done == 1
    await clock.once_more()
    assert clock.done == 2
    pace.stop()


async def test_after_a_quiet_pause_the_next_is_done_at_once() -> None:
    clock, pauses = Clock(), iter((0.0, 60.0))
    pace = Pace(clock.act, pause=lambda: next(pauses))
    pace.ask()
    await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        while pace.waits:
            await asyncio.sleep(0)
    pace.ask()
    assert clock.done == 2
    pace.stop()


async def test_what_was_stopped_is_not_done() -> None:
    clock = Clock()
    pace = Pace(clock.act, pause=lambda: 0.0)
    pace.ask()
    pace.ask()
    pace.stop()
    await asyncio.sleep(0)
    assert (clock.done, pace.waits) == (1, False)


@pytest.mark.django_db(transaction=True)
async def test_many_changes_arrive_as_few_messages_with_the_last_totals(
    connect: Connect, hub: Hub, room: Room, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.scoreboard.SECONDS", 0.3)  # a slow machine says forty things in a while
    hers, _ = await connect(alice, room), await connect(bob, room)
    for points in range(1, 41):
        await abroadcast(f"room.{room.id}", {"kind": "scores", "players": {str(bob.pk): points}})
    await hers.until(lambda m: m.get("event") == "scores" and m["scores"] == {"1": 40})
    told: list[dict[str, Any]] = [event for event in hers.events if event["event"] == "scores"]
    assert len(told) < 40


@pytest.mark.django_db(transaction=True)
async def test_a_message_that_was_overtaken_takes_no_points_away(
    connect: Connect, hub: Hub, room: Room, alice: User, bob: User
) -> None:
    score = await Score.objects.acreate(
        board=room_board(room.id), player=bob.pk, points=5, entries=5, updated_at=timezone.now()
    )
    hers, _ = await connect(alice, room), await connect(bob, room)
    for points, committed in ((5, 5), (3, 5), (6, 6)):
        await Score.objects.filter(pk=score.pk).aupdate(points=committed)
        await abroadcast(f"room.{room.id}", {"kind": "scores", "players": {str(bob.pk): points}})
    await hers.until(lambda m: m.get("event") == "scores" and m["scores"] == {"1": 6})
    assert {"1": 3} not in [event["scores"] for event in hers.events if event["event"] == "scores"]
