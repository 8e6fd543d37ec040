"""Frames: what is encoded comes back, in Python and in JavaScript, and garbage is refused."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.arena import wire
from tests.support.node import find_node

STATIC = Path(__file__).parents[2] / "rooms" / "arena" / "static" / "arena"

u8, u16 = st.integers(0, 255), st.integers(0, 65535)
i16 = st.integers(-32768, 32767)
ships = st.lists(st.tuples(u8, u8, u16, u16, i16, i16, u8, u8), max_size=20)
shots = st.lists(st.tuples(u8, u8, u16, u16, i16, i16, u8, st.just(0)), max_size=20)
hits = st.lists(st.tuples(u8, u8, u8, st.integers(0, 3), u16, u16), max_size=20)
blips = st.lists(st.tuples(u8, u8, u8), max_size=20)


def encode(tick: int, flags: int, *parts: list[tuple[int, ...]]) -> bytes:
    kinds = (wire.SHIP, wire.SHOT, wire.HIT, wire.BLIP)
    blocks = [np.array(part, kind).tobytes() for part, kind in zip(parts, kinds, strict=True)]
    return wire.encode_snapshot(
        tick=tick, flags=flags, ships=blocks[0], shots=blocks[1], hits=blocks[2], blips=blocks[3]
    )


@given(st.integers(0, 2**32 - 1), st.integers(0, 3), st.tuples(ships, shots, hits, blips))
def test_a_snapshot_comes_back_as_it_was(tick: int, flags: int, parts: Any) -> None:
    seen = wire.decode_snapshot(encode(tick, flags, *parts))
    assert (seen.tick, seen.whole, seen.keyframe) == (tick, bool(flags & 1), bool(flags & 2))
    assert [tuple(part) for part in seen.ships] == parts[0]
    assert [tuple(part) for part in seen.shots] == parts[1]
    assert [tuple(hit) for hit in seen.hits] == [hit for hit in parts[2] if not hit[3] & 2]
    assert [tuple(hit) for hit in seen.absorbed] == [hit for hit in parts[2] if hit[3] & 2]
    assert [tuple(part) for part in seen.blips] == parts[3]


@given(st.integers(0, 2**20), st.integers(0, 2**32), st.integers(0, 31), u8)
def test_an_input_comes_back_cut_to_its_width(sequence: int, tick: int, keys: int, aim: int) -> None:
    frame = wire.encode_input(sequence=sequence, tick=tick, keys=keys, aim=aim)
    assert len(frame) == 7
    assert wire.decode_input(frame) == (sequence & 0xFFFF, tick & 0xFFFF, keys, aim)


@given(st.binary(max_size=40))
def test_garbage_is_refused_or_is_a_frame(frame: bytes) -> None:
    for decode in (wire.decode_input, wire.decode_snapshot):
        try:
            decode(frame)
        except ValueError:
            continue
        assert frame[0] in (wire.INPUT_KIND, wire.SNAPSHOT_KIND)


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown keys"):
        wire.decode_input(bytes([1, 0, 0, 0, 0, 32, 0]))


def test_of_too_many_shots_the_oldest_are_left_out() -> None:
    many = [(0, i % 8, i, 0, 0, 0, 0, 0) for i in range(300)]
    seen = wire.decode_snapshot(encode(1, 1, [], many, [], []))
    assert [shot.x for shot in seen.shots] == list(range(45, 300))


def test_the_browser_reads_and_writes_the_same_frames(tmp_path: Path) -> None:
    frame = encode(4000000000, 1, [(7, 0b110101, 65535, 1, -32768, 32767, 255, 254)],
                   [(7, 3, 5, 6, -7, 8, 2, 0)], [(1, 2, 3, 1, 60000, 5), (4, 5, 6, 2, 7, 8)],
                   [(9, 1, 2)])  # fmt: skip
    (tmp_path / "wire.js").write_bytes((STATIC / "wire.js").read_bytes())
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "run.js").write_text(f"""
        import {{ encodeInput, decodeSnapshot }} from "./wire.js";
        const bytes = Uint8Array.from(Buffer.from("{frame.hex()}", "hex"));
        const input = Buffer.from(encodeInput({{ sequence: 70000, tick: 99999, keys: 9, aim: 300 }}));
        console.log(JSON.stringify([decodeSnapshot(bytes.buffer), input.toString("hex")]));
    """)
    run = subprocess.run([find_node()[0], "run.js"], cwd=tmp_path, capture_output=True, text=True, check=True)
    seen, written = json.loads(run.stdout)
    assert written == wire.encode_input(sequence=70000, tick=99999, keys=9, aim=300).hex()
    assert (seen["tick"], seen["whole"], seen["keyframe"]) == (4000000000, True, False)
    assert seen["ships"] == [
        {"slot": 7, "alive": True, "thrusting": False, "shielded": True, "bot": False, "hull": 3,
         "x": 65535, "y": 1, "vx": -32768, "vy": 32767, "heading": 255, "ack": 254}
    ]  # fmt: skip
    assert seen["shots"] == [{"owner": 7, "number": 3, "x": 5, "y": 6, "vx": -7, "vy": 8, "age": 2}]
    assert [(hit["number"], hit["destroyed"]) for hit in seen["hits"]] == [(3, True)]
    assert [hit["number"] for hit in seen["absorbed"]] == [6]
    assert seen["blips"] == [{"slot": 9, "x": 384, "y": 640}]
