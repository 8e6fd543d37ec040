"""The arena's binary frames, little-endian, as docs/protocol.md describes them: formats and decoding.

`snapshots.py` fills these formats from a world. Nothing here knows a world, a socket or a clock.
"""

import struct
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

INPUT_KIND = 1
SNAPSHOT_KIND = 2
ALL_KEYS = 31
MOST = 255

WHOLE, KEYFRAME = 1, 2
ALIVE, THRUSTING, SHIELDED, BOT, HULL_SHIFT = 1, 2, 4, 8, 4
DESTROYED, ABSORBED = 1, 2

_INPUT = struct.Struct("<BHHBB")
_HEADER = struct.Struct("<BBIBBBB")
_SHIP = struct.Struct("<BBHHhhBB")
_SHOT = struct.Struct("<BBHHhhBB")
_HIT = struct.Struct("<BBBBHH")
_BLIP = struct.Struct("<BBB")

SHIP = np.dtype(
    [("slot", "u1"), ("flags", "u1"), ("x", "<u2"), ("y", "<u2"), ("vx", "<i2"), ("vy", "<i2"),
     ("heading", "u1"), ("ack", "u1")]
)  # fmt: skip
SHOT = np.dtype(
    [("owner", "u1"), ("number", "u1"), ("x", "<u2"), ("y", "<u2"), ("vx", "<i2"), ("vy", "<i2"),
     ("age", "u1"), ("zero", "u1")]
)  # fmt: skip
HIT = np.dtype(
    [("shooter", "u1"), ("victim", "u1"), ("number", "u1"), ("flags", "u1"), ("x", "<u2"), ("y", "<u2")]
)
BLIP = np.dtype([("slot", "u1"), ("x", "u1"), ("y", "u1")])


class Input(NamedTuple):
    """What a player holds from a tick on. `tick` is the low 16 bits of it."""

    sequence: int
    tick: int
    keys: int
    aim: int


class ShipSeen(NamedTuple):
    """A ship as a snapshot shows it: positions in 1/16 px, velocities in 1/256 px a tick."""

    slot: int
    flags: int
    x: int
    y: int
    vx: int
    vy: int
    heading: int
    ack: int

    @property
    def alive(self) -> bool:
        return bool(self.flags & ALIVE)

    @property
    def thrusting(self) -> bool:
        return bool(self.flags & THRUSTING)

    @property
    def shielded(self) -> bool:
        return bool(self.flags & SHIELDED)

    @property
    def bot(self) -> bool:
        return bool(self.flags & BOT)

    @property
    def hull(self) -> int:
        return self.flags >> HULL_SHIFT & 3


class ShotSeen(NamedTuple):
    """An olive as it was when fired, `age` ticks before the snapshot."""

    owner: int
    number: int
    x: int
    y: int
    vx: int
    vy: int
    age: int
    zero: int = 0


class HitSeen(NamedTuple):
    """An olive (its number in the shooter's ring) that touched a ship."""

    shooter: int
    victim: int
    olive: int
    flags: int
    x: int
    y: int

    @property
    def destroyed(self) -> bool:
        return bool(self.flags & DESTROYED)


class BlipSeen(NamedTuple):
    """About where a far ship is, in 16 px."""

    slot: int
    x: int
    y: int


class Snapshot(NamedTuple):
    """A decoded snapshot. `hits` took hull; `absorbed` were eaten by a shield, without effect."""

    tick: int
    whole: bool
    keyframe: bool
    ships: list[ShipSeen]
    shots: list[ShotSeen]
    hits: list[HitSeen]
    absorbed: list[HitSeen]
    blips: list[BlipSeen]


def encode_input(*, sequence: int, tick: int, keys: int, aim: int = 0) -> bytes:
    """The seven bytes of an input; sequence and tick are cut to 16 bits."""
    return _INPUT.pack(INPUT_KIND, sequence & 0xFFFF, tick & 0xFFFF, keys, aim & 0xFF)


def decode_input(frame: bytes) -> Input:
    """Raises ValueError on anything but seven bytes of an input with known keys."""
    if len(frame) != _INPUT.size:
        raise ValueError("an input has seven bytes")
    kind, sequence, tick, keys, aim = _INPUT.unpack(frame)
    if kind != INPUT_KIND or keys > ALL_KEYS:
        raise ValueError("not an input, or unknown keys")
    return Input(sequence, tick, keys, aim)


def encode_snapshot(
    *, tick: int, flags: int, ships: bytes, shots: bytes = b"", hits: bytes = b"", blips: bytes = b""
) -> bytes:
    """Join blocks of the formats above. Of more than 255 shots, hits or blips the first are left out."""
    shots, hits, blips = shots[-MOST * 12 :], hits[-MOST * 8 :], blips[-MOST * 3 :]
    counts = len(ships) // 12, len(shots) // 12, len(hits) // 8, len(blips) // 3
    return b"".join((_HEADER.pack(SNAPSHOT_KIND, flags, tick, *counts), ships, shots, hits, blips))


def decode_snapshot(frame: bytes | memoryview) -> Snapshot:
    """Raises ValueError on a frame of another kind or of the wrong length."""
    data = bytes(frame)
    if len(data) < _HEADER.size or data[0] != SNAPSHOT_KIND:
        raise ValueError("not a snapshot")
    _, flags, tick, *counts = _HEADER.unpack_from(data)
    formats = (_SHIP, _SHOT, _HIT, _BLIP)
    sizes = [count * part.size for count, part in zip(counts, formats, strict=True)]
    if len(data) != _HEADER.size + sum(sizes):
        raise ValueError("a snapshot of the wrong length")
    blocks = _cut(data, sizes)
    hits = [HitSeen(*fields) for fields in _HIT.iter_unpack(blocks[2])]
    return Snapshot(
        tick=tick,
        whole=bool(flags & WHOLE),
        keyframe=bool(flags & KEYFRAME),
        ships=[ShipSeen(*fields) for fields in _SHIP.iter_unpack(blocks[0])],
        shots=[ShotSeen(*fields) for fields in _SHOT.iter_unpack(blocks[1])],
        hits=[hit for hit in hits if not hit.flags & ABSORBED],
        absorbed=[hit for hit in hits if hit.flags & ABSORBED],
        blips=[BlipSeen(*fields) for fields in _BLIP.iter_unpack(blocks[3])],
    )


def _cut(data: bytes, sizes: list[int]) -> list[bytes]:
    blocks, at = [], _HEADER.size
    for size in sizes:
        blocks.append(data[at : at + size])
        at += size
    return blocks


def block(
    fields: Mapping[str, NDArray[np.generic]], kind: np.dtype[np.void], length: int
) -> NDArray[np.void]:
    """Rows of one of the formats above, from columns; columns that are not given are 0."""
    rows = np.zeros(length, kind)
    for name, column in fields.items():
        rows[name] = column
    return rows
