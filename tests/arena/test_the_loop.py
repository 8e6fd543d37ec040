"""The schedule: fixed ticks, bounded catching up, and one room's trouble is one room's."""

import asyncio
import gc

from rooms.arena.loop import MOST_CAUGHT_UP, TICK_SECONDS, ArenaLoop
from tests.arena.kitchen import Cellar, Diner, Kitchen
from tests.support.waiting import eventually


def run_to(kitchen: Kitchen, now: float) -> float:
    kitchen.now = now
    return kitchen.loop.advance(now)


async def test_nothing_happens_before_a_tick_is_due() -> None:
    kitchen = Kitchen()
    kitchen.watch()
    due = run_to(kitchen, 0.0)
    assert kitchen.live.tick == 1
    assert run_to(kitchen, TICK_SECONDS * 0.9) == due == TICK_SECONDS
    assert kitchen.live.tick == 1


async def test_a_little_lateness_is_caught_up_and_the_schedule_stays() -> None:
    kitchen = Kitchen()
    kitchen.watch()
    run_to(kitchen, 0.0)
    assert run_to(kitchen, TICK_SECONDS * 3.5) == TICK_SECONDS * 4
    assert kitchen.live.tick == 4
    assert kitchen.loop.dropped == 0


async def test_a_long_pause_is_dropped_and_counted() -> None:
    kitchen = Kitchen()
    kitchen.watch()
    run_to(kitchen, 0.0)
    due = run_to(kitchen, 10.0 + TICK_SECONDS / 2)
    assert kitchen.live.tick == 1 + MOST_CAUGHT_UP
    assert kitchen.loop.dropped == 400 - MOST_CAUGHT_UP
    assert 10.0 + TICK_SECONDS / 2 < due <= 10.0 + TICK_SECONDS * 1.5


async def test_one_rooms_trouble_does_not_stop_the_others() -> None:
    kitchen = Kitchen()
    other = kitchen.open(kitchen.make_room(kitchen.room.settings, "IN_PROGRESS", kitchen.room.id))
    kitchen.sit(0)
    fine = kitchen.sit(0, room=other.room)
    kitchen.live._inputs = None  # type: ignore[assignment]
    kitchen.ticks(20)
    await asyncio.sleep(0)
    assert other.tick == 20
    assert len(fine.frames) == 11
    assert kitchen.results == ["The oven broke. Sorry! Your points are safe."]


async def test_the_task_starts_with_the_first_room_and_ends_with_the_last() -> None:
    kitchen = Kitchen()
    loop = ArenaLoop(recorder=Cellar)
    kitchen.loop = loop
    live = kitchen.open(kitchen.make_room(kitchen.room.settings, "IN_PROGRESS"))
    task = loop._task
    assert task is not None
    kitchen.room = live.room
    watcher: Diner = kitchen.watch()
    await eventually(lambda: len(watcher.frames) >= 3, what="three frames")
    assert not gc.isenabled()
    live.close()
    async with asyncio.timeout(60):
        await task
    assert gc.isenabled()


async def test_rooms_of_all_sizes_run_side_by_side() -> None:
    kitchen = Kitchen()
    watchers = []
    for size in (2, 8, 9, 33, 100):
        room = kitchen.make_room(type(kitchen.room.settings)(size=size, bots=2), "IN_PROGRESS")
        kitchen.open(room)
        watchers.append(kitchen.sit(0, room=room))
    kitchen.ticks(10)
    assert [len(watcher.frames) for watcher in watchers] == [6] * 5
    assert sorted(kitchen.loop.groups) == [8, 16, 64, 128]
