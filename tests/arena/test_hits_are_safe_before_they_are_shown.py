"""Durable before visible: the snapshot waits, the game does not."""

from uuid import uuid5

from msgspec import convert

from events.contracts import CONTRACTS
from rooms.arena.live import ArenaLive
from tests.arena.kitchen import ROOM_ID, Cellar, Kitchen


def two_rooms() -> tuple[Kitchen, tuple[ArenaLive, ArenaLive]]:
    """Two in each, in one process."""
    kitchen = Kitchen()
    other = kitchen.open(kitchen.make_room(kitchen.room.settings, "IN_PROGRESS", uuid5(ROOM_ID, "other")))
    lives = (kitchen.live, other)
    for live in lives:
        kitchen.sit(0, room=live.room)
        kitchen.sit(1, room=live.room)
    kitchen.ticks(4)
    return kitchen, lives


async def test_a_snapshot_with_a_hit_waits_until_the_hit_is_safe_while_the_world_goes_on() -> None:
    kitchen = Kitchen(cellar=Cellar(slow=True))
    shooter, _ = kitchen.sit(0), kitchen.sit(1)
    kitchen.ticks(4)
    kitchen.aim_at(0, 1)
    kitchen.shoot(shooter)
    kitchen.ticks(20)
    assert len(kitchen.cellar.events) == 1
    shown, tick = shooter.snapshots, kitchen.live.tick
    assert not any(snapshot.hits for snapshot in shown)
    hit_tick = kitchen.cellar.events[0].data["tick"]
    assert shown[-1].tick < hit_tick < tick
    await kitchen.cellar.commit()
    later = shooter.snapshots[len(shown) :]
    assert [hit.victim for hit in later[0].hits] == [1]
    assert later[-1].tick >= tick - 1
    assert [snapshot.tick for snapshot in later] == sorted(snapshot.tick for snapshot in later)


async def test_nothing_overtakes_a_snapshot_that_waits() -> None:
    kitchen = Kitchen(cellar=Cellar(slow=True))
    shooter, _ = kitchen.sit(0), kitchen.sit(1)
    kitchen.ticks(4)
    kitchen.aim_at(0, 1)
    kitchen.shoot(shooter)
    kitchen.ticks(10)
    before = len(shooter.frames)
    late = kitchen.watch()
    kitchen.ticks(10)
    assert len(shooter.frames) == before
    assert late.frames == []
    await kitchen.cellar.commit()
    assert any(snapshot.keyframe for snapshot in late.snapshots)


async def test_the_hits_of_all_ticks_between_two_snapshots_are_recorded_in_one_call() -> None:
    kitchen, lives = two_rooms()
    for wait, live in enumerate(lives):
        kitchen.aim_at(0, 1, live=live)
        live._world.cooldown[live._row, 0] = 2 * wait
        live._world.keys[live._row, 0] = 8
    kitchen.ticks(8)
    (batch,) = kitchen.cellar.batches
    assert sorted(event.data["tick"] for event in batch) == [batch[0].data["tick"], batch[0].data["tick"] + 1]


async def test_who_comes_between_two_ticks_sees_no_hit_that_is_not_safe() -> None:
    kitchen = Kitchen(cellar=Cellar(slow=True))
    kitchen.sit(0)
    kitchen.sit(1)
    kitchen.ticks(5)
    kitchen.aim_at(0, 1)
    kitchen.live._world.cooldown[kitchen.live._row, 0] = 2
    kitchen.live._world.keys[kitchen.live._row, 0] = 8
    while kitchen.live._world.hull[kitchen.live._row, 1] == 3:
        kitchen.ticks(1)
    assert kitchen.cellar.batches == [], "the hit is of a tick that no snapshot follows"
    late = kitchen.watch()
    assert late.frames == []
    await kitchen.cellar.commit()
    assert late.snapshots[0].ships[1].hull == 2


async def test_what_waits_is_bounded_and_the_hits_stay() -> None:
    kitchen = Kitchen(cellar=Cellar(slow=True))
    shooter, _ = kitchen.sit(0), kitchen.sit(1)
    kitchen.ticks(4)
    kitchen.aim_at(0, 1)
    kitchen.shoot(shooter)
    kitchen.ticks(1000)
    assert len(kitchen.live._showing) <= 121
    await kitchen.cellar.commit()
    assert sum(len(snapshot.hits) for snapshot in shooter.snapshots) == 1


async def test_a_hit_is_an_event_with_a_derived_id_and_matches_its_contract() -> None:
    kitchen = Kitchen()
    shooter, _ = kitchen.sit(0), kitchen.sit(1)
    kitchen.ticks(4)
    kitchen.aim_at(0, 1, hull=1)
    kitchen.shoot(shooter)
    kitchen.ticks(20)
    (event,) = kitchen.cellar.events
    data = convert(event.data, CONTRACTS["SHIP_HIT"])
    assert (event.type, event.actor, event.room) == ("SHIP_HIT", 100, ROOM_ID)
    assert (data.victim, data.destroyed, data.shooter_name) == (101, True, "Pilot 0")
    assert event.event_id == uuid5(ROOM_ID, f"3:{data.tick}:{data.olive}")


async def test_all_hits_of_a_tick_are_recorded_in_one_call() -> None:
    kitchen, lives = two_rooms()
    for live in lives:
        kitchen.aim_at(0, 1, live=live)
        live._world.keys[live._row, 0] = 8
    kitchen.ticks(7)
    (batch,) = kitchen.cellar.batches
    assert [event.room for event in batch] == [live.room.id for live in lives]


async def test_hits_among_bots_are_shown_and_are_no_events() -> None:
    kitchen = Kitchen(bots=8, skill="hard")
    watcher = kitchen.watch()
    for _ in range(200):
        kitchen.ticks(20)
        if any(snapshot.hits for snapshot in watcher.snapshots):
            break
    assert any(snapshot.hits for snapshot in watcher.snapshots)
    assert kitchen.cellar.events == []


async def test_a_bot_that_hits_a_person_is_an_event_without_actor() -> None:
    kitchen = Kitchen(bots=2)
    kitchen.sit(0)
    kitchen.ticks(4)
    for _ in range(20):
        kitchen.aim_at(7, 0)
        kitchen.ticks(6)
    assert kitchen.cellar.events
    assert {(event.actor, event.data["victim"]) for event in kitchen.cellar.events} == {(None, 100)}
