"""world.py still does what the committed vectors say; world.js is held to the same file."""

import json
import subprocess
from pathlib import Path

from tests.arena.make_vectors import PATH, make
from tests.support.node import find_node

STATIC = Path(__file__).parents[2] / "rooms" / "arena" / "static" / "arena"


def test_the_world_gives_the_vectors_bit_for_bit() -> None:
    assert json.loads(PATH.read_text()) == json.loads(json.dumps(make()))


def test_the_vectors_hold_hits_of_every_kind() -> None:
    hits = [hit for case in json.loads(PATH.read_text()) for hit in case["hits"]]
    assert any(hit[5] for hit in hits)
    assert any(hit[6] for hit in hits)
    assert any(not hit[5] and not hit[6] for hit in hits)


def test_the_browsers_world_gives_the_same_bits(tmp_path: Path) -> None:
    for source in (STATIC / "world.js", STATIC / "rules.json", PATH, PATH.parent / "check_vectors.js"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "run.js").write_text("""
        import { readFileSync } from "node:fs";
        import * as world from "./world.js";
        import { check } from "./check_vectors.js";
        const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url)));
        console.log(JSON.stringify(check(world, read("rules.json"), read("vectors.json"))));
    """)
    run = subprocess.run([find_node()[0], "run.js"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == []
