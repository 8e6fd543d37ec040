"""What a snapshot of a world holds."""

import numpy as np

from rooms.arena import wire
from rooms.arena.rules import RULES
from rooms.arena.snapshots import CellFrames, Recent, encode_keyframe, encode_rooms
from rooms.arena.world import World, step


def battle(*, rooms: int, ships: int, size: int, ticks: int) -> tuple[World, Recent]:
    """Rooms of `ships` firing ships in worlds of `size` slots; what the last two ticks brought."""
    world, recent = World(rooms=rooms, ships=size), Recent()
    for seed in range(rooms):
        row = world.add_room(seed=seed)
        for slot in range(ships):
            world.add_ship(row, slot, bot=slot % 2 == 1)
    world.keys[:, :ships] = 9 + 2 * (np.arange(ships) % 3 == 0)
    for tick in range(ticks):
        outcome = step(world, world.keys, world.aim)
        if tick >= ticks - 2:
            recent.add(world, outcome)
    return world, recent


def test_a_snapshot_holds_every_ship_as_it_is() -> None:
    world, recent = battle(rooms=3, ships=5, size=8, ticks=20)
    world.ack[2, 4] = 77
    frames = encode_rooms(world, np.array([0, 2]), recent)
    seen = wire.decode_snapshot(frames[1])
    assert [ship.slot for ship in seen.ships] == [0, 1, 2, 3, 4]
    for ship in seen.ships:
        expected = [
            int(getattr(world, name)[2, ship.slot]) for name in ("x", "y", "vx", "vy", "heading", "hull")
        ]
        assert [ship.x, ship.y, ship.vx, ship.vy, ship.heading, ship.hull] == expected
        assert (ship.alive, ship.thrusting, ship.bot) == (True, True, ship.slot % 2 == 1)
    assert seen.ships[4].ack == 77
    assert seen.tick == 20
    assert seen.whole


def test_shots_are_told_once_with_where_and_how_long_ago_they_were_fired() -> None:
    world, recent = battle(rooms=2, ships=3, size=8, ticks=2)
    seen = wire.decode_snapshot(encode_rooms(world, np.array([0, 1]), recent)[1])
    assert [(shot.owner, shot.number, shot.age) for shot in seen.shots] == [(0, 0, 1), (1, 0, 1), (2, 0, 1)]
    shot = seen.shots[0]
    assert (shot.x + (shot.vx + 8 >> 4)) & 0xFFFF == world.olive_x[1, 0]
    again = wire.decode_snapshot(encode_rooms(world, np.array([0, 1]), recent)[1])
    assert again.shots == []


def test_a_keyframe_holds_every_flying_olive_as_when_it_was_fired() -> None:
    world, _ = battle(rooms=1, ships=4, size=8, ticks=30)
    seen = wire.decode_snapshot(encode_keyframe(world, 0))
    assert seen.keyframe
    assert len(seen.shots) == int((world.olive_life > 0).sum()) > 4
    for shot in seen.shots:
        index = shot.owner * RULES.ring + shot.number
        assert shot.age == RULES.olive_life - world.olive_life[0, index]
        assert (shot.x + shot.age * (shot.vx + 8 >> 4)) & 0xFFFF == world.olive_x[0, index]


def cell(x: int, y: int) -> tuple[int, int]:
    return x >> RULES.cells.shift, y >> RULES.cells.shift


def near(a: tuple[int, int], b: tuple[int, int]) -> bool:
    across, reach = RULES.cells.across, RULES.cells.reach
    return all((p - q + reach) % across <= 2 * reach for p, q in zip(a, b, strict=True))


def test_in_a_large_room_a_player_sees_the_ships_around_and_one_who_watches_sees_all() -> None:
    world, recent = battle(rooms=1, ships=60, size=64, ticks=60)
    frames = CellFrames(world, 0, recent.take(np.array([0]))[0])
    places = [cell(int(world.x[0, slot]), int(world.y[0, slot])) for slot in range(60)]
    for slot in range(60):
        seen = wire.decode_snapshot(frames.around(slot))
        expected = [other for other in range(60) if near(places[slot], places[other])]
        assert [ship.slot for ship in seen.ships] == expected
        assert not seen.whole
    whole = wire.decode_snapshot(frames.whole())
    assert len(whole.ships) == 60
    assert whole.whole


def test_in_a_large_room_every_olive_that_comes_into_view_was_told() -> None:
    world, recent = battle(rooms=1, ships=60, size=64, ticks=1)
    frames = CellFrames(world, 0, recent.take(np.array([0]))[0])
    told = [{shot.owner for shot in wire.decode_snapshot(frames.around(slot)).shots} for slot in range(60)]
    homes = [cell(int(world.x[0, slot]), int(world.y[0, slot])) for slot in range(60)]
    world.keys[:] = 0
    for _ in range(RULES.olive_life - 1):
        step(world, world.keys, world.aim)
        for owner in range(60):
            index = owner * RULES.ring
            if not world.olive_life[0, index]:
                continue
            place = cell(int(world.olive_x[0, index]), int(world.olive_y[0, index]))
            assert all(owner in told[slot] for slot in range(60) if homes[slot] == place)


def test_in_a_large_room_far_ships_are_blips_once_a_second() -> None:
    world, recent = battle(rooms=1, ships=40, size=64, ticks=40)
    frames = CellFrames(world, 0, recent.take(np.array([0]))[0])
    blips = wire.decode_snapshot(frames.around(0)).blips
    alive = [slot for slot in range(40) if world.hull[0, slot]]
    assert [(blip.slot, blip.x) for blip in blips] == [(slot, int(world.x[0, slot]) >> 8) for slot in alive]
    step(world, world.keys, world.aim)
    step(world, world.keys, world.aim)
    assert wire.decode_snapshot(CellFrames(world, 0, (b"", b"")).around(0)).blips == []
