"""When an input takes effect."""

from rooms.arena.inputs import InputQueue
from rooms.arena.rules import RULES
from rooms.arena.wire import Input
from rooms.arena.world import World


def setup(tick: int = 100) -> tuple[InputQueue, World]:
    world = World(rooms=1, ships=2)
    world.add_room(seed=1)
    world.add_ship(0, 0)
    world.tick[0] = tick
    return InputQueue(), world


def held(queue: InputQueue, world: World, ticks: int) -> list[int]:
    """The keys of ship 0 in each of the next ticks."""
    keys = []
    for _ in range(ticks):
        queue.apply(world, 0)
        keys.append(int(world.keys[0, 0]))
        world.tick[0] += 1
    return keys


def test_an_input_is_held_from_the_tick_that_it_names() -> None:
    queue, world = setup()
    queue.push(0, Input(1, 103, 1, 0), now=100)
    assert held(queue, world, 4) == [0, 0, 1, 1]
    assert world.ack[0, 0] == 1


def test_a_late_input_is_held_at_once() -> None:
    queue, world = setup()
    queue.push(0, Input(1, 60, 4, 0), now=100)
    assert held(queue, world, 1) == [4]


def test_an_input_from_far_ahead_is_brought_nearer() -> None:
    queue, world = setup()
    queue.push(0, Input(1, 5000, 2, 0), now=100)
    assert held(queue, world, 41) == [0] * (RULES.input_lead - 1) + [2, 2]


def test_the_named_tick_is_understood_across_the_wrap_of_its_16_bits() -> None:
    queue, world = setup(tick=65534)
    queue.push(0, Input(1, 2, 1, 0), now=65534)
    assert held(queue, world, 4) == [0, 0, 0, 1]


def test_inputs_never_overtake_each_other() -> None:
    queue, world = setup()
    queue.push(0, Input(1, 105, 1, 0), now=100)
    queue.push(0, Input(2, 102, 2, 0), now=100)
    assert held(queue, world, 6) == [0, 0, 0, 0, 2, 2]


def test_a_tap_between_two_ticks_still_fires_once() -> None:
    queue, world = setup()
    queue.push(0, Input(1, 90, 8, 0), now=100)
    queue.push(0, Input(2, 91, 0, 0), now=100)
    assert held(queue, world, 3) == [8, 0, 0]


def test_a_flood_keeps_only_the_newest_inputs() -> None:
    queue, world = setup()
    for sequence in range(1000):
        queue.push(0, Input(sequence, 140, sequence % 8, 0), now=100)
    assert len(queue._waiting[0]) == 32
    assert held(queue, world, 40)[-1] == 999 % 8
    assert world.ack[0, 0] == 999 & 255


def test_a_key_that_nobody_confirms_is_let_go() -> None:
    queue, world = setup()
    queue.push(0, Input(1, 101, 1, 0), now=100)
    keys = held(queue, world, 3 * RULES.input_timeout)
    assert keys[: RULES.input_timeout - 1] == [1] * (RULES.input_timeout - 1)
    assert keys[-1] == 0
