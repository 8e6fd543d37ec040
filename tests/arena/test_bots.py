"""Bots: who they are, and that the better ones are better."""

import numpy as np
import pytest

from rooms.arena.bots import SKILL_NAMES, Bots, SkillName
from rooms.arena.cast import bot_seat, bot_slots
from rooms.arena.world import World, step


def match(first: SkillName, second: SkillName, *, rooms: int = 12, ticks: int = 1200) -> tuple[int, int]:
    """Hits by the bots of each skill, three against three in each of some rooms."""
    world = World(rooms=rooms, ships=8)
    minds = [Bots(world, seed=1), Bots(world, seed=2)]
    for seed in range(rooms):
        row = world.add_room(seed=seed)
        for mind, skill in zip(minds, (first, second), strict=True):
            mind.set_skill(row, skill)
        for slot in range(6):
            world.add_ship(row, slot, bot=True)
    rows, hits = np.arange(rooms), [0, 0]
    for _ in range(ticks):
        for side, mind in enumerate(minds):
            world.bot[:] = np.arange(8) % 2 == side
            mind.think(rows)
        found = step(world, world.keys, world.aim).hits
        for side in (0, 1):
            hits[side] += int(((found.shooter % 2 == side) & ~found.absorbed).sum())
    return hits[0], hits[1]


@pytest.mark.parametrize(("better", "worse"), [("medium", "easy"), ("hard", "medium"), ("hard", "easy")])
def test_the_better_skill_wins_clearly(better: SkillName, worse: SkillName) -> None:
    won, lost = match(better, worse)
    assert won > 1.3 * lost


@pytest.mark.parametrize("skill", SKILL_NAMES)
def test_every_skill_flies_about_and_shoots(skill: SkillName) -> None:
    world = World(rooms=1, ships=8)
    world.add_room(seed=5)
    bots = Bots(world, seed=5)
    bots.set_skill(0, skill)
    for slot in range(5):
        world.add_ship(0, slot, bot=True)
    places = []
    for _ in range(1200):
        bots.think(np.array([0]))
        step(world, world.keys, world.aim)
        places.append(world.x[0, :5] >> 12)
    assert (world.fired[0, :5] > 0).all()
    assert (np.ptp(np.array(places, int), axis=0) > 1).all()


def test_bots_of_frozen_rooms_do_nothing() -> None:
    world = World(rooms=2, ships=8)
    bots = Bots(world, seed=5)
    for seed in range(2):
        world.add_ship(world.add_room(seed=seed), 0, bot=True)
    step(world, world.keys, world.aim)
    for _ in range(50):
        bots.think(np.array([1]))
    assert world.keys[0, 0] == 0
    assert world.keys[1, 0] != 0


def test_bots_sit_in_the_highest_free_slots_and_leave_as_people_come() -> None:
    assert bot_slots(capacity=8, people=(), wanted=4) == {4, 5, 6, 7}
    assert bot_slots(capacity=8, people={0, 6}, wanted=4) == {5, 7}
    assert bot_slots(capacity=8, people={0, 1, 2, 3}, wanted=4) == set()
    assert bot_slots(capacity=3, people={0}, wanted=100) == {1, 2}


def test_no_two_bots_of_a_room_have_the_same_name_and_none_is_too_long() -> None:
    for seed in (0, 1, 142, 2**32 - 1):
        names = [bot_seat(slot, seed=seed).name for slot in range(100)]
        assert len(set(names)) == 100
        assert max(map(len, names)) <= 24
