"""Write vectors.json: what world.py does, for world.js to do likewise.

    python -m tests.arena.make_vectors

Run it after a wanted change of the rules. Each case lists every change of an input as [tick, slot, keys,
aim], a checksum of the state after each tick, and the whole state after a few.
"""

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from rooms.arena.rules import mix
from rooms.arena.world import World, step

PATH = Path(__file__).parent / "vectors.json"
CASES = [{"seed": 1, "ships": 8, "ticks": 400}, {"seed": 2718281828, "ships": 3, "ticks": 600},
         {"seed": 4294967295, "ships": 32, "ticks": 240}]  # fmt: skip
FULL_EVERY = 100
SHIP = ("x", "y", "vx", "vy", "heading", "hull", "cooldown", "shield", "respawn", "fired")
OLIVE = ("olive_x", "olive_y", "olive_vx", "olive_vy", "olive_life")


def state(world: World) -> dict[str, list[int]]:
    """The state of row 0, field by field."""
    return {name: getattr(world, name)[0].astype(np.int64).tolist() for name in (*SHIP, *OLIVE)}


def checksum(world: World) -> int:
    """CRC-32 of every field in turn, each value as a little-endian 32-bit integer."""
    fields = [getattr(world, name)[0].astype("<i4" if name != "fired" else "<u4") for name in (*SHIP, *OLIVE)]
    return zlib.crc32(b"".join(field.tobytes() for field in fields))


def inputs(seed: int, slot: int, tick: int) -> tuple[int, int]:
    """Keys and aim that fire often, turn both ways, and change every few ticks."""
    pick = int(mix(mix([seed]) ^ np.uint32(tick // (3 + slot % 5) * 64 + slot))[0])
    keys = (pick & 31) | (8 if pick & 0x300 else 0)
    return keys, pick >> 16 & 255


def make_case(seed: int, ships: int, ticks: int) -> dict[str, Any]:
    """Fly one world, and write down what went in and what came out."""
    world = World(rooms=1, ships=ships)
    world.add_room(seed=seed)
    for slot in range(ships):
        world.add_ship(0, slot)
    changes, checksums, states, hits = [], [], {}, []
    for tick in range(1, ticks + 1):
        for slot in range(ships):
            keys, aim = inputs(seed, slot, tick)
            if (keys, aim) != (world.keys[0, slot], world.aim[0, slot]):
                world.keys[0, slot], world.aim[0, slot] = keys, aim
                changes.append([tick, slot, keys, aim])
        found = step(world, world.keys, world.aim).hits
        hits += [
            [
                tick,
                *(
                    int(getattr(found, name)[i])
                    for name in ("victim", "olive", "x", "y", "destroyed", "absorbed")
                ),
            ]
            for i in range(found.room.size)
        ]
        checksums.append(checksum(world))
        if tick % FULL_EVERY == 0:
            states[str(tick)] = state(world)
    return {"seed": seed, "ships": ships, "ticks": ticks, "inputs": changes, "checksums": checksums,
            "states": states, "hits": hits}  # fmt: skip


def make() -> list[dict[str, Any]]:
    return [make_case(**case) for case in CASES]


if __name__ == "__main__":
    PATH.write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in make()) + "\n]\n")
