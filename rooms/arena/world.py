"""The arena's rules: one tick of any number of rooms as one array program.

Integers only, int32 in between, so the same inputs give the same bits here and in world.js, on any machine.
A tick is: respawn, fly ships, fly olives, resolve contacts, fire. Velocities lose a fixed share a tick, which
is what bounds them; ships pass through each other.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rooms.arena.contacts import Hits, Path, find_hits
from rooms.arena.rules import NOSE_X, NOSE_Y, RULES, SPEED_X, SPEED_Y, THRUST_X, THRUST_Y, mix
from rooms.arena.state import Rows, World

__all__ = ["Hits", "Outcome", "Rows", "Shots", "World", "step"]

_KEEP = (1 << RULES.drag_shift) - RULES.drag
_BELOW = (1 << RULES.drag_shift) - 1
_HALF = 1 << (RULES.velocity_shift - 1)
_NOBODY = np.int32(2**31 - 1)

Ints = NDArray[np.int32]
Inputs = NDArray[np.uint8]


class Shots(NamedTuple):
    """Olives fired in one tick: rows, and indices in the room (slot * ring + number); equal lengths."""

    room: Rows
    olive: Rows


class Outcome(NamedTuple):
    """What a tick brought that a screen must be told."""

    hits: Hits
    shots: Shots


def step(world: World, keys: Inputs, aim: Inputs, active_rooms: Rows | None = None) -> Outcome:
    """Step the rooms of these rows (all used ones if None) by one tick; the others stay as they are.

    `keys` and `aim` are uint8 arrays of the shape (rooms, ships). Changes `world` in place.
    """
    active = _mask(world, active_rooms)
    world.tick[active] += np.uint32(1)
    _respawn(world, active)
    ships = np.flatnonzero((world.hull > 0) & active[:, None])
    ships_from = Path(world.x.reshape(-1).copy(), world.y.reshape(-1).copy())
    held = keys.reshape(-1)[ships].astype(np.int32)
    _fly_ships(world, ships, held, aim.reshape(-1)[ships])
    olives, olives_from = _fly_olives(world, active)
    hits = find_hits(world, olives, olives_from, ships_from)
    return Outcome(hits, _fire(world, ships, held))


def _mask(world: World, rows: Rows | None) -> NDArray[np.bool_]:
    if rows is None:
        return world.used.copy()
    mask = np.zeros(world.rooms, np.bool_)
    mask[rows] = True
    return mask


# --- flying -------------------------------------------------------------------------------------------


def _fly_ships(world: World, ships: Rows, held: Ints, aim: Inputs) -> None:
    headings, vx, vy = world.heading.reshape(-1), world.vx.reshape(-1), world.vy.reshape(-1)
    heading = _turned(headings[ships].astype(np.int32), held, aim)
    thrust = ((held & RULES.keys.thrust) != 0).astype(np.int32)
    headings[ships] = heading
    _move(world.x.reshape(-1), vx, ships, _slowed(vx[ships] + thrust * THRUST_X[heading]))
    _move(world.y.reshape(-1), vy, ships, _slowed(vy[ships] + thrust * THRUST_Y[heading]))
    _count_down(world.cooldown.reshape(-1), ships)
    _count_down(world.shield.reshape(-1), ships)


def _turned(heading: Ints, held: Ints, aim: Inputs) -> Ints:
    right, left = (held & RULES.keys.right) != 0, (held & RULES.keys.left) != 0
    by_keys = (right.astype(np.int32) - left) * RULES.turn
    wanted = ((aim - heading + 128) & 255) - 128
    by_aim = np.minimum(np.maximum(wanted, -RULES.aim_turn), RULES.aim_turn)
    turned: Ints = (heading + np.where(held & RULES.keys.aim, by_aim, by_keys)) & 255
    return turned


def _slowed(velocity: Ints) -> Ints:
    """The velocity after a tick of drag, rounded towards rest."""
    slowed: Ints = (velocity * _KEEP + ((velocity >> 31) & _BELOW)) >> RULES.drag_shift
    return slowed


def _move(position: NDArray[np.uint16], velocities: NDArray[np.int16], ships: Rows, velocity: Ints) -> None:
    velocities[ships] = velocity
    position[ships] += ((velocity + _HALF) >> RULES.velocity_shift).astype(np.uint16)


def _count_down(timer: NDArray[np.uint8], ships: Rows) -> None:
    left = timer[ships]
    timer[ships] = left - (left > 0)


def _fly_olives(world: World, active: NDArray[np.bool_]) -> tuple[Rows, Path]:
    """Move every olive; the flat indices of those that flew, and where they were before."""
    olives = np.flatnonzero((world.olive_life > 0) & active[:, None])
    x, y = world.olive_x.reshape(-1), world.olive_y.reshape(-1)
    before = Path(x[olives], y[olives])
    x[olives] = before.x + _per_tick(world.olive_vx.reshape(-1)[olives])
    y[olives] = before.y + _per_tick(world.olive_vy.reshape(-1)[olives])
    world.olive_life.reshape(-1)[olives] -= np.uint8(1)
    return olives, before


def _per_tick(velocity: NDArray[np.int16]) -> NDArray[np.uint16]:
    return ((velocity + np.int16(_HALF)) >> np.int16(RULES.velocity_shift)).astype(np.uint16)


# --- firing -------------------------------------------------------------------------------------------


def _fire(world: World, ships: Rows, held: Ints) -> Shots:
    cooldown = world.cooldown.reshape(-1)
    ready = ((held & RULES.keys.fire) != 0) & (cooldown[ships] == 0) & (world.hull.reshape(-1)[ships] > 0)
    ships = ships[ready]
    olives = ships * RULES.ring + world.fired.reshape(-1)[ships] % RULES.ring
    _launch(world, ships, olives)
    world.fired.reshape(-1)[ships] += np.uint32(1)
    cooldown[ships] = RULES.cooldown
    world.shield.reshape(-1)[ships] = 0
    return Shots(*np.divmod(olives, world.olives))


def _launch(world: World, ships: Rows, olives: Rows) -> None:
    heading = world.heading.reshape(-1)[ships]
    world.olive_x.reshape(-1)[olives] = world.x.reshape(-1)[ships] + NOSE_X[heading]
    world.olive_y.reshape(-1)[olives] = world.y.reshape(-1)[ships] + NOSE_Y[heading]
    world.olive_vx.reshape(-1)[olives] = world.vx.reshape(-1)[ships] + SPEED_X[heading]
    world.olive_vy.reshape(-1)[olives] = world.vy.reshape(-1)[ships] + SPEED_Y[heading]
    world.olive_life.reshape(-1)[olives] = RULES.olive_life


# --- respawning ---------------------------------------------------------------------------------------


def _respawn(world: World, active: NDArray[np.bool_]) -> None:
    respawn = world.respawn.reshape(-1)
    waiting = np.flatnonzero((world.respawn > 0) & active[:, None])
    respawn[waiting] -= np.uint8(1)
    due = waiting[respawn[waiting] == 0]
    if not due.size:
        return
    place = _places(world, due)
    world.x.reshape(-1)[due] = place & np.uint32(0xFFFF)
    world.y.reshape(-1)[due] = place >> np.uint32(16)
    world.heading.reshape(-1)[due] = (place >> np.uint32(8)) & np.uint32(0xFF)
    world.vx.reshape(-1)[due] = world.vy.reshape(-1)[due] = 0
    world.cooldown.reshape(-1)[due] = 0
    world.hull.reshape(-1)[due] = RULES.hull
    world.shield.reshape(-1)[due] = RULES.shield_ticks


def _places(world: World, due: Rows) -> NDArray[np.uint32]:
    """A place for each ship, x in the low and y in the high half: of a few by hash, the one whose nearest
    enemy is nearest to the wished distance, so that a ship comes back near the fight but not into it."""
    rooms, slots = np.divmod(due, world.ships)
    base = mix(mix(world.seed[rooms]) ^ world.tick[rooms])
    candidates = np.arange(RULES.spawn_candidates) + slots[:, None] * 256
    places: NDArray[np.uint32] = mix(base[:, None] ^ candidates.astype(np.uint32))
    dx = _pixels(world.x[rooms][:, None, :], places & np.uint32(0xFFFF))
    dy = _pixels(world.y[rooms][:, None, :], places >> np.uint32(16))
    enemies = world.hull[rooms] > 0
    enemies[np.arange(due.size), slots] = False
    nearest = np.where(enemies[:, None, :], dx * dx + dy * dy, _NOBODY).min(axis=2)
    off = np.where(nearest == _NOBODY, 0, np.abs(nearest - RULES.spawn_distance**2))
    return places[np.arange(due.size), off.argmin(axis=1)]


def _pixels(other: NDArray[np.uint16], place: NDArray[np.uint32]) -> Ints:
    gap = (other - place.astype(np.uint16)[:, :, None]).astype(np.int16)
    return gap.astype(np.int32) >> 4
