"""The arena's constants and the tables derived from them: one JSON file, shared with the browser.

Units: positions 1/16 px, velocities 1/256 px a tick, headings 1/256 of a turn, times in ticks.
"""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

RULES_PATH = Path(__file__).parent / "static" / "arena" / "rules.json"


class Keys(msgspec.Struct, frozen=True):
    """The bit of each key in an input."""

    thrust: int
    left: int
    right: int
    fire: int
    aim: int


class Hash(msgspec.Struct, frozen=True):
    """The constants of the 32-bit mixing function (Wellons' "lowbias32")."""

    multipliers: tuple[int, int]
    shifts: tuple[int, int, int]


class Cells(msgspec.Struct, frozen=True):
    """How rooms of more than `above` ships are cut: `across` by `across` cells of `1 << shift` units."""

    above: int
    across: int
    shift: int
    reach: int


class Rules(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """rules.json, field by field."""

    tick_rate: int
    ticks_per_snapshot: int
    world_size: int
    units_per_pixel: int
    velocity_shift: int
    turn: int
    aim_turn: int
    thrust: int
    drag: int
    drag_shift: int
    muzzle_speed: int
    muzzle_distance: int
    cooldown: int
    olive_life: int
    ring: int
    ship_radius: int
    olive_radius: int
    sweep_shift: int
    hull: int
    respawn_ticks: int
    shield_ticks: int
    spawn_candidates: int
    spawn_distance: int
    input_lead: int
    input_timeout: int
    keys: Keys
    hash: Hash
    cells: Cells
    sine_shift: int
    sine: tuple[int, ...]

    def vectors(self, length: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """x and y of a vector of this length for each of the 256 headings, rounded to whole units."""
        sine = np.array(self.sine, np.int32)
        half = 1 << (self.sine_shift - 1)
        return (np.roll(sine, -64) * length + half) >> self.sine_shift, (
            sine * length + half
        ) >> self.sine_shift


def load_rules(path: Path = RULES_PATH) -> Rules:
    """The rules of this file; `msgspec.ValidationError` if it is not complete and exact."""
    return msgspec.json.decode(path.read_bytes(), type=Rules)


RULES = load_rules()
THRUST_X, THRUST_Y = RULES.vectors(RULES.thrust)
SPEED_X, SPEED_Y = RULES.vectors(RULES.muzzle_speed)
NOSE_X, NOSE_Y = RULES.vectors(RULES.muzzle_distance)

# The fastest that a ship can fly (drag alone bounds it), and the farthest that an olive and a ship can come
# nearer in a tick: both only decide where to look for contacts, never whether there is one.
TOP_SPEED = (RULES.thrust << RULES.drag_shift) // RULES.drag + RULES.thrust
CONTACT = RULES.ship_radius + RULES.olive_radius
CLOSING = (RULES.muzzle_speed + 2 * TOP_SPEED >> RULES.velocity_shift) + 2


def mix(value: Any) -> Any:
    """A well mixed uint32 from another, elementwise."""
    first, second, third = RULES.hash.shifts
    x = np.asarray(value, np.uint32)
    x = (x ^ (x >> np.uint32(first))) * np.uint32(RULES.hash.multipliers[0])
    x = (x ^ (x >> np.uint32(second))) * np.uint32(RULES.hash.multipliers[1])
    return x ^ (x >> np.uint32(third))
