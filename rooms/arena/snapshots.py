"""From worlds to frames: whole rooms as array programs, each frame encoded once.

Rooms in worlds of more than `cells.above` ships are cut into cells: a frame then carries the ships of the
cells around one cell, the shots whose way may lead there, and every hit.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rooms.arena import wire
from rooms.arena.rules import RULES
from rooms.arena.world import Outcome, Rows, World

_ACROSS, _SHIFT, _REACH = RULES.cells.across, RULES.cells.shift, RULES.cells.reach


class Recent:
    """Shots and hits of a world since its rooms' last snapshots, by row."""

    def __init__(self) -> None:
        self._shots: list[tuple[Rows, NDArray[np.void]]] = []
        self._hits: list[tuple[Rows, NDArray[np.void]]] = []

    def add(self, world: World, outcome: Outcome) -> None:
        """Remember what a tick brought, in the wire's formats; call it right after that tick."""
        for _, shots in self._shots:
            shots["age"] += 1
        if outcome.shots.room.size:
            self._shots.append((outcome.shots.room, _shots(world, outcome.shots.room, outcome.shots.olive)))
        if outcome.hits.room.size:
            self._hits.append((outcome.hits.room.astype(np.intp), _hits(outcome)))

    def take(self, rows: Rows) -> list[tuple[bytes, bytes]]:
        """(shots, hits) of each row as blocks of the wire. What other rows had is forgotten."""
        shots, hits = _by_row(self._shots, rows), _by_row(self._hits, rows)
        self._shots, self._hits = [], []
        return list(zip(shots, hits, strict=True))


def encode_rooms(world: World, rows: Rows, recent: Recent) -> list[bytes]:
    """A whole snapshot of each of these rows, each to be sent to everybody in the room."""
    ships, ends = pack_ships(world, rows)
    data, ticks = ships.tobytes(), world.tick[rows].tolist()
    starts = [0, *ends[:-1]]
    frames = []
    for i, (shots, hits) in enumerate(recent.take(rows)):
        own = data[starts[i] * 12 : ends[i] * 12]
        frames.append(
            wire.encode_snapshot(tick=ticks[i], flags=wire.WHOLE, ships=own, shots=shots, hits=hits)
        )
    return frames


def encode_keyframe(world: World, row: int) -> bytes:
    """Everything in one room: every ship, and every olive that flies."""
    rows = np.array([row])
    olives = np.flatnonzero(world.olive_life[row] > 0)
    shots = _shots(world, np.full(olives.size, row), olives)
    age = RULES.olive_life - world.olive_life[row][olives].astype(np.int32)
    for axis in ("x", "y"):
        shots[axis] -= (age * _step(shots["v" + axis])).astype(np.uint16)
    shots["age"] = age
    newest = shots[np.argsort(-age, kind="stable")]
    return wire.encode_snapshot(
        tick=int(world.tick[row]),
        flags=wire.WHOLE | wire.KEYFRAME,
        ships=pack_ships(world, rows)[0].tobytes(),
        shots=newest.tobytes(),
    )


def pack_ships(world: World, rows: Rows) -> tuple[NDArray[np.void], list[int]]:
    """The present ships of these rows, room after room, and where in them each room ends."""
    present = world.present[rows]
    at, slots = np.nonzero(present)
    flat = rows[at] * world.ships + slots
    hull = world.hull.reshape(-1)[flat]
    alive = hull > 0
    fields = {
        name: getattr(world, name).reshape(-1)[flat] for name in ("x", "y", "vx", "vy", "heading", "ack")
    }
    thrusting = alive & ((world.keys.reshape(-1)[flat] & RULES.keys.thrust) != 0)
    flags = alive * np.uint8(wire.ALIVE) | thrusting * np.uint8(wire.THRUSTING)
    flags |= (world.shield.reshape(-1)[flat] > 0) * np.uint8(wire.SHIELDED)
    flags |= world.bot.reshape(-1)[flat] * np.uint8(wire.BOT) | hull << np.uint8(wire.HULL_SHIFT)
    ends = np.cumsum(present.sum(axis=1)).tolist()
    return wire.block({"slot": slots, "flags": flags, **fields}, wire.SHIP, flat.size), ends


class CellFrames:
    """The frames of one large room at one moment: one for each cell that holds a ship, and the whole."""

    def __init__(self, world: World, row: int, recent: tuple[bytes, bytes]) -> None:
        self._tick = int(world.tick[row])
        self._shots, self._hits = recent
        self._ships = pack_ships(world, np.array([row]))[0]
        self._blips = _blips(self._ships) if self._tick % RULES.tick_rate < RULES.ticks_per_snapshot else b""
        self._around = self._encode_cells()
        self._whole: bytes | None = None

    def whole(self) -> bytes:
        """For those who watch."""
        if self._whole is None:
            self._whole = self._encode(wire.WHOLE, self._ships.tobytes(), self._shots, b"")
        return self._whole

    def around(self, slot: int) -> bytes:
        """For the player of this slot; those in the same cell get the same."""
        return self._around.get(slot) or self.whole()

    def _encode_cells(self) -> dict[int, bytes]:
        """By slot. Every cell's ships and shots come from one comparison of all cells with all bodies."""
        shots, homes = np.frombuffer(self._shots, wire.SHOT), _cells(self._ships["x"], self._ships["y"])
        cells = np.flatnonzero(np.bincount(homes))
        views = _IN_VIEW.take(cells, axis=0)
        near = _chosen(self._ships, views.take(homes, axis=1))
        threats = _chosen(shots, _may_come(views, shots))
        frames = {
            cell: self._encode(0, ships, olives, self._blips)
            for cell, ships, olives in zip(cells.tolist(), near, threats, strict=True)
        }
        return {
            slot: frames[home]
            for slot, home in zip(self._ships["slot"].tolist(), homes.tolist(), strict=True)
        }

    def _encode(self, flags: int, ships: bytes, shots: bytes, blips: bytes) -> bytes:
        return wire.encode_snapshot(
            tick=self._tick, flags=flags, ships=ships, shots=shots, hits=self._hits, blips=blips
        )


# --- columns ------------------------------------------------------------------------------------------


def _shots(world: World, rooms: Rows, olives: Rows) -> NDArray[np.void]:
    flat = rooms * world.olives + olives
    fields = {name: getattr(world, "olive_" + name).reshape(-1)[flat] for name in ("x", "y", "vx", "vy")}
    owner, number = np.divmod(olives, RULES.ring)
    return wire.block({"owner": owner, "number": number, **fields}, wire.SHOT, olives.size)


def _hits(outcome: Outcome) -> NDArray[np.void]:
    hits = outcome.hits
    flags = hits.destroyed * np.uint8(wire.DESTROYED) | hits.absorbed * np.uint8(wire.ABSORBED)
    fields = {
        "shooter": hits.shooter, "victim": hits.victim, "number": hits.olive % RULES.ring,
        "flags": flags, "x": hits.x, "y": hits.y,
    }  # fmt: skip
    return wire.block(fields, wire.HIT, hits.room.size)


def _blips(ships: NDArray[np.void]) -> bytes:
    alive = ships[(ships["flags"] & wire.ALIVE) != 0]
    fields = {"slot": alive["slot"], "x": alive["x"] >> 8, "y": alive["y"] >> 8}
    return wire.block(fields, wire.BLIP, alive.size).tobytes()


def _by_row(parts: Sequence[tuple[Rows, NDArray[np.void]]], rows: Rows) -> list[bytes]:
    """For each of `rows` its items of all parts, in order, as bytes."""
    if not parts:
        return [b""] * rows.size
    rooms, items = np.concatenate([part[0] for part in parts]), np.concatenate([_plain(p) for _, p in parts])
    order, size = rooms.argsort(kind="stable"), items.itemsize
    rooms, data = rooms[order], items[order].tobytes()
    starts = np.searchsorted(rooms, rows, "left") * size
    ends = np.searchsorted(rooms, rows, "right") * size
    return [data[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _plain(items: NDArray[np.void]) -> NDArray[np.void]:
    """The same without fields: NumPy copies structures field by field, and plain bytes at once."""
    return items.view(f"V{items.itemsize}")


# --- cells --------------------------------------------------------------------------------------------


def _step(velocity: NDArray[np.int16]) -> NDArray[np.int32]:
    half = 1 << (RULES.velocity_shift - 1)
    return (velocity.astype(np.int32) + half) >> RULES.velocity_shift


def _cells(x: NDArray[np.uint16], y: NDArray[np.uint16]) -> Rows:
    return (y >> _SHIFT).astype(np.intp) * _ACROSS + (x >> _SHIFT)


def _views() -> NDArray[np.bool_]:
    """[cell, other]: whether a player in the one is sent what is in the other."""
    away = (np.arange(_ACROSS) - np.arange(_ACROSS)[:, None] + _REACH) % _ACROSS <= 2 * _REACH
    return np.kron(away, away)


_IN_VIEW = _views()


_AGES = np.array([[0], [RULES.olive_life // 2], [RULES.olive_life]], np.int32)


def _may_come(views: NDArray[np.bool_], shots: NDArray[np.void]) -> NDArray[np.bool_]:
    """[cell, shot]: whether an olive is in view when fired, halfway, or at its end (half its way is less than
    a view). `views`: of each of the cells, whether it is sent what is in each other."""
    x, y = (shots[axis] + _AGES * _step(shots["v" + axis]) for axis in ("x", "y"))
    seen = views.take(_cells(x.astype(np.uint16), y.astype(np.uint16)), axis=1)
    return seen[:, 0] | seen[:, 1] | seen[:, 2]


def _chosen(items: NDArray[np.void], wanted: NDArray[np.bool_]) -> list[bytes]:
    """The bytes of the items that each row of `wanted` picks."""
    size, picked = items.itemsize, np.flatnonzero(wanted)
    picked -= picked // max(1, items.size) * items.size
    data = _plain(items).take(picked).tobytes()
    ends = (wanted.sum(axis=1).cumsum() * size).tolist()
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
