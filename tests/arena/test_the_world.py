"""The rules of a tick, for any inputs."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms.arena.rules import CONTACT, RULES
from rooms.arena.world import World, step

FIELDS = ("x", "y", "vx", "vy", "heading", "hull", "cooldown", "shield", "respawn", "fired",
          "olive_x", "olive_y", "olive_vx", "olive_vy", "olive_life", "tick")  # fmt: skip
SHIPS = 6


def make(*, seeds: list[int], ships: int = SHIPS) -> World:
    world = World(rooms=len(seeds), ships=ships)
    for seed in seeds:
        row = world.add_room(seed=seed)
        for slot in range(ships):
            world.add_ship(row, slot)
    return world


def crowd(world: World, row: int, seed: int) -> None:
    """Put the ships of a room near each other, so that much happens."""
    random = np.random.default_rng(seed)
    world.x[row] = random.integers(0, 6000, world.ships).astype(np.uint16) + np.uint16(62000)
    world.y[row] = random.integers(0, 6000, world.ships)


def scripts(seed: int, rooms: int, ships: int, ticks: int) -> tuple[Any, Any]:
    random = np.random.default_rng(seed)
    keys = np.repeat(random.integers(0, 32, (ticks // 6 + 1, rooms, ships), np.uint8), 6, axis=0)
    return keys | (8 * (random.random((rooms, ships)) < 0.7)).astype(np.uint8), np.repeat(
        random.integers(0, 256, (ticks // 6 + 1, rooms, ships), np.uint8), 6, axis=0
    )


def state(world: World, row: int) -> dict[str, Any]:
    return {name: getattr(world, name)[row].tolist() for name in FIELDS}


def fly(world: World, keys: Any, aim: Any, ticks: int, rows: Any = None) -> list[tuple[int, ...]]:
    """Hits as (room, tick, shooter, victim, olive, destroyed, absorbed)."""
    found = []
    for tick in range(ticks):
        hits = step(world, keys[tick], aim[tick], rows).hits
        columns = (hits.room, hits.shooter, hits.victim, hits.olive, hits.destroyed, hits.absorbed)
        found += [(room, tick, *rest) for room, *rest in zip(*(c.tolist() for c in columns), strict=True)]
    return found


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_the_same_inputs_give_the_same_world(seed: int) -> None:
    keys, aim = scripts(seed, 1, SHIPS, 120)
    first, second = make(seeds=[seed]), make(seeds=[seed])
    assert fly(first, keys, aim, 120) == fly(second, keys, aim, 120)
    assert state(first, 0) == state(second, 0)


@given(seed=st.integers(0, 2**20))
@settings(max_examples=8, deadline=None)
def test_rooms_stepped_together_are_as_rooms_stepped_alone(seed: int) -> None:
    together, alone = make(seeds=[seed, seed + 1, seed + 2]), [make(seeds=[seed + i]) for i in range(3)]
    keys, aim = scripts(seed, 3, SHIPS, 150)
    step(together, keys[0], aim[0])
    for row, world in enumerate(alone):
        step(world, keys[0][row : row + 1], aim[0][row : row + 1])
        crowd(together, row, seed)
        crowd(world, 0, seed)
    hits = fly(together, keys, aim, 150)
    for row, world in enumerate(alone):
        own = fly(world, keys[:, row : row + 1], aim[:, row : row + 1], 150)
        assert state(together, row) == state(world, 0)
        assert [hit[1:] for hit in hits if hit[0] == row] == [hit[1:] for hit in own]


@given(seed=st.integers(0, 2**20))
@settings(max_examples=8, deadline=None)
def test_the_order_of_rooms_does_not_matter(seed: int) -> None:
    forwards, backwards = make(seeds=[seed, seed + 7]), make(seeds=[seed + 7, seed])
    keys, aim = scripts(seed, 2, SHIPS, 100)
    fly(forwards, keys, aim, 100)
    fly(backwards, keys[:, ::-1], aim[:, ::-1], 100, np.array([1, 0]))
    assert [state(forwards, 0), state(forwards, 1)] == [state(backwards, 1), state(backwards, 0)]


@given(seed=st.integers(0, 2**20))
@settings(max_examples=10, deadline=None)
def test_no_hit_without_contact(seed: int) -> None:
    world = make(seeds=[seed], ships=12)
    keys, aim = scripts(seed, 1, 12, 200)
    step(world, keys[0], aim[0])
    crowd(world, 0, seed)
    world.shield[:] = 0
    for tick in range(200):
        before = {name: getattr(world, name)[0].astype(int) for name in ("x", "y", "olive_x", "olive_y")}
        hits = step(world, keys[tick], aim[tick]).hits
        for victim, olive, shooter in zip(hits.victim, hits.olive, hits.shooter, strict=True):
            assert victim != shooter
            assert closest(before, world, int(victim), int(olive)) <= CONTACT + 4


def closest(before: dict[str, Any], world: World, ship: int, olive: int) -> float:
    """The least distance of a ship and an olive in the last tick, in floats, as a second opinion."""

    def wrap(value: Any) -> Any:
        return (value + 32768) % 65536 - 32768

    start = np.array([wrap(before["olive_" + a][olive] - before[a][ship]) for a in "xy"], float)
    now = {a: int(getattr(world, a)[0, ship]) for a in "xy"}
    end = np.array([wrap(int(getattr(world, "olive_" + a)[0, olive]) - now[a]) for a in "xy"], float)
    way = end - start
    share = np.clip(-(start @ way) / max(way @ way, 1.0), 0, 1)
    return float(np.hypot(*(start + share * way)))


def duel(*, apart: int = 2000, shield: int = 0, hull: int = 3) -> World:
    world = make(seeds=[1], ships=3)
    nobody = np.zeros((1, 3), np.uint8)
    step(world, nobody, nobody)
    world.x[0], world.y[0], world.heading[0] = [65000, (65000 + apart) % 65536, 20000], [100, 100, 9000], 0
    world.shield[0], world.hull[0] = [0, shield, 0], [3, hull, 3]
    return world


def shoot(world: World, ticks: int = 30) -> list[tuple[int, ...]]:
    fire, nobody = np.array([[8, 0, 0]], np.uint8), np.zeros((1, 3), np.uint8)
    return fly(world, [fire, *[nobody] * ticks], [nobody] * (ticks + 1), ticks)


def test_an_olive_crosses_the_edge_of_the_torus_and_takes_one_hull() -> None:
    world = duel()
    assert [hit[2:] for hit in shoot(world)] == [(0, 1, 0, False, False)]
    assert world.hull[0].tolist() == [3, 2, 3]
    assert world.olive_life[0].sum() == 0


def test_the_last_hull_destroys_and_the_ship_is_back_after_its_time_with_a_shield() -> None:
    world = duel(hull=1)
    assert [hit[5] for hit in shoot(world, 10)] == [True]
    assert world.hull[0, 1] == 0
    nobody = np.zeros((1, 3), np.uint8)
    fly(world, [nobody] * 80, [nobody] * 80, 80)
    assert world.hull[0, 1] == RULES.hull
    assert world.shield[0, 1] > 0


def test_a_shield_eats_the_olive_and_nothing_else_happens() -> None:
    world = duel(shield=80)
    assert [hit[2:] for hit in shoot(world)] == [(0, 1, 0, False, True)]
    assert world.hull[0].tolist() == [3, 3, 3]


def test_a_shield_ends_when_its_ship_fires() -> None:
    world = duel()
    world.shield[0, 0] = 80
    shoot(world, 1)
    assert world.shield[0, 0] == 0


def test_an_olive_that_meets_nobody_ends_after_its_life() -> None:
    world = duel(apart=30000)
    assert shoot(world, RULES.olive_life) == []
    assert world.olive_life[0].sum() == 1
    nobody = np.zeros((1, 3), np.uint8)
    step(world, nobody, nobody)
    assert world.olive_life[0].sum() == 0


def test_held_fire_shoots_once_in_each_cooldown() -> None:
    world = duel(apart=30000)
    fire, aim = np.array([[8, 0, 0]], np.uint8), np.zeros((1, 3), np.uint8)
    fly(world, [fire] * RULES.tick_rate, [aim] * RULES.tick_rate, RULES.tick_rate)
    assert world.fired[0, 0] == RULES.tick_rate // RULES.cooldown


def test_a_frozen_room_stays_as_it_is() -> None:
    world = make(seeds=[1, 2])
    keys, aim = scripts(5, 2, SHIPS, 60)
    fly(world, keys, aim, 30)
    before = state(world, 0)
    fly(world, keys, aim, 30, np.array([1]))
    assert state(world, 0) == before
    assert world.tick.tolist() == [30, 60]


def test_rooms_that_come_later_do_not_disturb_those_that_are_there() -> None:
    grown, calm = make(seeds=[9]), make(seeds=[9])
    keys, aim = scripts(3, 1, SHIPS, 40)
    for tick in range(40):
        if tick % 8 == 0:
            grown.add_room(seed=tick)
        wide = np.zeros((2, grown.rooms, SHIPS), np.uint8)
        wide[:, 0] = keys[tick][0], aim[tick][0]
        step(grown, *wide)
        step(calm, keys[tick], aim[tick])
    assert state(grown, 0) == state(calm, 0)


def test_a_returning_ship_is_put_near_the_wished_distance_from_its_enemies() -> None:
    gaps = []
    for seed in range(40):
        world = make(seeds=[seed], ships=2)
        world.remove_ship(0, 1)
        nobody = np.zeros((1, 2), np.uint8)
        step(world, nobody, nobody)
        world.add_ship(0, 1)
        step(world, nobody, nobody)
        dx, dy = [(int(a[0, 1]) - int(a[0, 0]) + 32768) % 65536 - 32768 for a in (world.x, world.y)]
        gaps.append(np.hypot(dx, dy) / 16)
    assert 700 < np.median(gaps) < 1100
    assert min(gaps) > 250
