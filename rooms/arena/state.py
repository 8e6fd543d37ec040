"""Every room's ships and olives as arrays with a leading room axis, so that one program steps them all.

A row is one room. Ship arrays have the shape (rooms, ships), olive arrays (rooms, ships * ring): the olive
with number n of the ship in slot s stands at s * ring + n. A ship flies while its hull is above 0, waits
while `respawn` counts down, and is absent when it is neither. An olive flies while its life is above 0.
"""

import numpy as np
from numpy.typing import NDArray

from rooms.arena.rules import RULES

SHIP_FIELDS: dict[str, type[np.generic]] = {
    "x": np.uint16,
    "y": np.uint16,
    "vx": np.int16,
    "vy": np.int16,
    "heading": np.uint8,
    "hull": np.uint8,
    "cooldown": np.uint8,
    "shield": np.uint8,
    "respawn": np.uint8,
    "fired": np.uint32,
    "keys": np.uint8,
    "aim": np.uint8,
    "ack": np.uint8,
    "present": np.bool_,
    "bot": np.bool_,
}
OLIVE_FIELDS: dict[str, type[np.generic]] = {
    "olive_x": np.uint16,
    "olive_y": np.uint16,
    "olive_vx": np.int16,
    "olive_vy": np.int16,
    "olive_life": np.uint8,
}
ROOM_FIELDS: dict[str, type[np.generic]] = {"tick": np.uint32, "seed": np.uint32, "used": np.bool_}


Rows = NDArray[np.intp]


class World:
    """`rooms` rows of up to `ships` ships each. Rows are taken with `add_room`, which grows by doubling.

    Units are those of rules.json: 1/16 px, 1/256 px a tick, 1/256 of a turn, ticks.
    """

    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    vx: NDArray[np.int16]
    vy: NDArray[np.int16]
    heading: NDArray[np.uint8]
    hull: NDArray[np.uint8]
    cooldown: NDArray[np.uint8]
    shield: NDArray[np.uint8]
    respawn: NDArray[np.uint8]
    fired: NDArray[np.uint32]
    keys: NDArray[np.uint8]
    aim: NDArray[np.uint8]
    ack: NDArray[np.uint8]
    present: NDArray[np.bool_]
    bot: NDArray[np.bool_]
    olive_x: NDArray[np.uint16]
    olive_y: NDArray[np.uint16]
    olive_vx: NDArray[np.int16]
    olive_vy: NDArray[np.int16]
    olive_life: NDArray[np.uint8]
    tick: NDArray[np.uint32]
    seed: NDArray[np.uint32]
    used: NDArray[np.bool_]

    def __init__(self, *, rooms: int, ships: int) -> None:
        self.rooms = rooms
        self.ships = ships
        self.olives = ships * RULES.ring
        for name, kind, shape in self._fields(rooms):
            setattr(self, name, np.zeros(shape, kind))

    def _fields(self, rooms: int) -> list[tuple[str, type[np.generic], tuple[int, ...]]]:
        return [
            *((name, kind, (rooms, self.ships)) for name, kind in SHIP_FIELDS.items()),
            *((name, kind, (rooms, self.olives)) for name, kind in OLIVE_FIELDS.items()),
            *((name, kind, (rooms,)) for name, kind in ROOM_FIELDS.items()),
        ]

    # --- rooms ------------------------------------------------------------------------------------

    def add_room(self, *, seed: int) -> int:
        """Take a free row for an empty room at tick 0. Every array may be replaced: hold none of them."""
        free = np.flatnonzero(~self.used)
        if not free.size:
            self._grow()
            return self.add_room(seed=seed)
        row = int(free[0])
        self.reset_room(row, seed=seed)
        self.used[row] = True
        return row

    def reset_room(self, row: int, *, seed: int) -> None:
        """An empty room at tick 0 in this row."""
        for name, _, _ in self._fields(0):
            if name != "used":
                getattr(self, name)[row] = 0
        self.seed[row] = seed & 0xFFFFFFFF

    def remove_room(self, row: int) -> None:
        """Give the row back."""
        self.reset_room(row, seed=0)
        self.used[row] = False

    def _grow(self) -> None:
        for name, kind, shape in self._fields(max(1, self.rooms)):
            setattr(self, name, np.concatenate([getattr(self, name), np.zeros(shape, kind)]))
        self.rooms = max(1, self.rooms) + self.rooms

    # --- ships ------------------------------------------------------------------------------------

    def add_ship(self, row: int, slot: int, *, bot: bool = False) -> None:
        """Put a ship into a slot; it appears on the next tick, its olives of before are gone."""
        self.remove_ship(row, slot)
        self.present[row, slot] = True
        self.bot[row, slot] = bot
        self.respawn[row, slot] = 1

    def remove_ship(self, row: int, slot: int) -> None:
        """Take a ship and its olives away."""
        for name in SHIP_FIELDS:
            getattr(self, name)[row, slot] = 0
        self.olive_life[row, slot * RULES.ring : (slot + 1) * RULES.ring] = 0
