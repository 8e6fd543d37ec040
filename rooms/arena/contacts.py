"""Which olives touched which ships in the last tick, and what came of it.

Both fly straight for a tick; their distance is looked at four times on the way (at full speed that misses
only what grazes a ship by less than a pixel). The first of these that touches counts. Of several at once,
the olive with the lowest index goes first, and it takes the ship with the lowest slot.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rooms.arena.rules import CLOSING, CONTACT, RULES
from rooms.arena.state import Rows, World

# Where contacts are looked for, in coarse units (a byte goes once around the world).
_COARSE = np.uint16(8)
_BOX = np.uint8((CONTACT + CLOSING >> 8) + 1)
_STEPS = np.arange(1, (1 << RULES.sweep_shift) + 1, dtype=np.int32)[:, None]


class Hits(NamedTuple):
    """Contacts of one tick, by room and then in the order in which they happened; arrays of equal length.

    `room` is a row, `olive` an index in the room (shooter * ring + number), `x` and `y` where the olive was.
    `absorbed`: the victim's shield ate the olive, and nothing else happened.
    """

    room: NDArray[np.int32]
    shooter: NDArray[np.int32]
    victim: NDArray[np.int32]
    olive: NDArray[np.int32]
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    destroyed: NDArray[np.bool_]
    absorbed: NDArray[np.bool_]


_NONE = np.zeros(0, np.int32)
_NOWHERE, _NEITHER = np.zeros(0, np.uint16), np.zeros(0, np.bool_)
NO_HITS = Hits(_NONE, _NONE, _NONE, _NONE, _NOWHERE, _NOWHERE, _NEITHER, _NEITHER)


class Path(NamedTuple):
    """Where bodies were a tick ago: flat arrays, of the flying olives or of all ships."""

    x: NDArray[np.uint16]
    y: NDArray[np.uint16]


class _Pairs(NamedTuple):
    """Olives and ships that touched: flat indices, the sample at which, and where the olive was then."""

    olive: Rows
    ship: Rows
    sample: NDArray[np.int32]
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]

    def take(self, order: Rows) -> "_Pairs":
        return _Pairs(self.olive[order], self.ship[order], self.sample[order], self.x[order], self.y[order])


def find_hits(world: World, olives: Rows, olives_from: Path, ships_from: Path) -> Hits:
    """Resolve this tick's contacts of `olives` (flat indices), changing hulls and lives."""
    which, ships = _near(world, olives)
    if not which.size:
        return NO_HITS
    pairs = _touching(
        world, olives[which], Path(olives_from.x[which], olives_from.y[which]), ships, ships_from
    )
    order = np.lexsort((pairs.ship, pairs.olive, pairs.sample, pairs.olive // world.olives))
    return _resolve(world, pairs.take(order))


def _near(world: World, olives: Rows) -> tuple[Rows, Rows]:
    """Pairs that are near enough to have touched, as (position in `olives`, flat index of a flying ship)."""
    rooms = olives // world.olives
    near = _within(world.x, world.olive_x, rooms, olives) & _within(world.y, world.olive_y, rooms, olives)
    pairs = np.flatnonzero(near)
    which = pairs // world.ships
    ships = pairs + ((rooms - np.arange(olives.size)) * world.ships)[which]
    keep = (world.hull.reshape(-1)[ships] > 0) & (ships != olives[which] // RULES.ring)
    return which[keep], ships[keep]


def _within(
    ships: NDArray[np.uint16], bodies: NDArray[np.uint16], rooms: Rows, olives: Rows
) -> NDArray[np.bool_]:
    """[olive, slot] along one axis, in bytes: all pairs of a room are most of the work in a large one."""
    gaps = _coarse(ships).take(rooms, axis=0)
    gaps -= (_coarse(bodies.reshape(-1)[olives]) - _BOX)[:, None]
    return gaps <= 2 * _BOX


def _coarse(place: NDArray[np.uint16]) -> NDArray[np.uint8]:
    return (place >> _COARSE).astype(np.uint8)


def _relative(body: NDArray[np.uint16], to: NDArray[np.uint16]) -> NDArray[np.int32]:
    return (body - to).astype(np.int16).astype(np.int32)


def _touching(world: World, olives: Rows, olives_from: Path, ships: Rows, ships_from: Path) -> _Pairs:
    olive_x, olive_y = world.olive_x.reshape(-1)[olives], world.olive_y.reshape(-1)[olives]
    start_x = _relative(olives_from.x, ships_from.x[ships])
    start_y = _relative(olives_from.y, ships_from.y[ships])
    path_x = _relative(olive_x, world.x.reshape(-1)[ships]) - start_x
    path_y = _relative(olive_y, world.y.reshape(-1)[ships]) - start_y
    dx = start_x + (path_x * _STEPS >> RULES.sweep_shift)
    dy = start_y + (path_y * _STEPS >> RULES.sweep_shift)
    touching = dx * dx + dy * dy <= CONTACT * CONTACT
    first = touching.argmax(axis=0)
    sample = first.astype(np.int32) + 1
    x, y = _along(olives_from.x, olive_x, sample), _along(olives_from.y, olive_y, sample)
    return _Pairs(olives, ships, sample, x, y).take(np.flatnonzero(touching[first, np.arange(olives.size)]))


def _along(
    start: NDArray[np.uint16], end: NDArray[np.uint16], sample: NDArray[np.int32]
) -> NDArray[np.uint16]:
    return (start + (_relative(end, start) * sample >> RULES.sweep_shift)).astype(np.uint16)


def _resolve(world: World, pairs: _Pairs) -> Hits:
    """Apply contacts in order: an olive is spent by its first, a destroyed ship is hit no more."""
    life, hull = world.olive_life.reshape(-1), world.hull.reshape(-1)
    shield, respawn = world.shield.reshape(-1), world.respawn.reshape(-1)
    happened: list[int] = []
    destroyed: list[bool] = []
    absorbed: list[bool] = []
    spent: set[int] = set()
    for at, (olive, ship) in enumerate(zip(pairs.olive.tolist(), pairs.ship.tolist(), strict=True)):
        if olive in spent or hull[ship] == 0:
            continue
        spent.add(olive)
        shielded = bool(shield[ship])
        if not shielded:
            hull[ship] -= 1
            if hull[ship] == 0:
                respawn[ship] = RULES.respawn_ticks
        happened.append(at)
        destroyed.append(bool(hull[ship] == 0))
        absorbed.append(shielded)
    life[pairs.olive[happened]] = 0
    return _hits(world, pairs, happened, destroyed, absorbed)


def _hits(
    world: World, pairs: _Pairs, happened: list[int], destroyed: list[bool], absorbed: list[bool]
) -> Hits:
    olive, ship = pairs.olive[happened], pairs.ship[happened]
    room, index = np.divmod(olive, world.olives)
    return Hits(
        room=room.astype(np.int32),
        shooter=(index // RULES.ring).astype(np.int32),
        victim=(ship % world.ships).astype(np.int32),
        olive=index.astype(np.int32),
        x=pairs.x[happened],
        y=pairs.y[happened],
        destroyed=np.array(destroyed, np.bool_),
        absorbed=np.array(absorbed, np.bool_),
    )
