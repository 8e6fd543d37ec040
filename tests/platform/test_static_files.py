"""Static files as a real deployment serves them: hashed names, compressed, kept by browsers for ever."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from django.test import Client, override_settings

from spacegame.storage import HashedModulesStorage
from tests.support.static_files import collected_files

SPECIFIER = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+\.js)["']""")
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture(scope="module")
def collected() -> Path:
    """The folder that `manage.py collectstatic` fills."""
    return collected_files()


def own_hashed_modules(collected: Path) -> Iterator[Path]:
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    for name, hashed in names.items():
        if name.endswith(".js") and name.split("/")[0] in ("arena", "rooms", "js", "accounts", "events"):
            yield collected / hashed


def test_every_import_of_a_module_leads_to_a_hashed_file(collected: Path) -> None:
    modules = list(own_hashed_modules(collected))
    assert modules
    for module in modules:
        for specifier in SPECIFIER.findall(module.read_text()):
            target = (module.parent / specifier).resolve()
            assert target.is_file(), f"{module.name} imports {specifier}, which is not there"
            assert HASHED.search(specifier), f"{module.name} imports {specifier} by its unhashed name"


def test_our_files_are_compressed_with_brotli_and_gzip(collected: Path) -> None:
    for module in own_hashed_modules(collected):
        if module.stat().st_size < 1000:
            continue  # too small to gain
        content = module.read_bytes()
        assert brotli.decompress(Path(f"{module}.br").read_bytes()) == content
        assert gzip.decompress(Path(f"{module}.gz").read_bytes()) == content


FILES = {
    "js/palette.js": "export const COLOURS = 1;\n",
    "rooms/clock.js": "export const now = () => 0;\n",
    "arena/wire.js": "export function decode() {}\nexport default decode;\n",
    "arena/fleet.js": 'export { COLOURS } from "../js/palette.js";\n',
    "arena/late.js": 'import "./wire.js";\nexport const late = 1;\n',
    "arena/main.js": (
        'import decode, { decode as again } from "./wire.js";\n'
        'import * as clock from "../rooms/clock.js";\n'
        "import {\n  COLOURS,\n} from '../js/palette.js';\n"
        'import { COLOURS as fromTheTop } from "/static/js/palette.js";\n'
        'const later = () => import("./late.js");\n'
        "export { decode, again, clock, COLOURS, fromTheTop, later };\n"
    ),
}


@pytest.fixture
def hashed(tmp_path: Path) -> dict[str, str]:
    """FILES after they were collected: name to content of the hashed copy."""
    source, root = tmp_path / "source", tmp_path / "root"
    for name, content in FILES.items():
        for folder in (source, root):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
    with override_settings(STATIC_ROOT=str(root)):
        storage = HashedModulesStorage(location=str(root), base_url="/static/")
        paths = {name: (storage, name) for name in FILES}
        for _name, _hashed, problem in storage.post_process(paths):
            if isinstance(problem, Exception):
                raise problem
        return {name: (root / storage.stored_name(name)).read_text() for name in FILES}


@pytest.mark.parametrize(
    ("name", "targets"),
    [
        ("arena/main.js", ["./wire", "../rooms/clock", "../js/palette", "/static/js/palette", "./late"]),
        ("arena/fleet.js", ["../js/palette"]),
        ("arena/late.js", ["./wire"]),
    ],
)
def test_each_way_to_import_is_rewritten(hashed: dict[str, str], name: str, targets: list[str]) -> None:
    specifiers = SPECIFIER.findall(hashed[name])
    stems = [re.sub(HASHED, "", specifier) for specifier in specifiers]
    assert all(HASHED.search(specifier) for specifier in specifiers)
    assert stems == targets


@pytest.fixture
def served(collected: Path) -> Iterator[Client]:
    """A client of the site with its collected files."""
    with override_settings(STATIC_ROOT=str(collected), WHITENOISE_AUTOREFRESH=False, DEBUG=False):
        yield Client()


@pytest.fixture
def palette(collected: Path) -> str:
    """The address of a hashed file."""
    return "/static/" + json.loads((collected / "staticfiles.json").read_text())["paths"]["js/palette.js"]


def test_a_hashed_file_is_kept_for_ever_and_sent_compressed(served: Client, palette: str) -> None:
    answer = served.get(palette, headers={"Accept-Encoding": "gzip"})
    assert not answer.streaming
    assert b"export" in gzip.decompress(answer.content)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "javascript" in answer.headers["Content-Type"]


def test_a_part_of_a_file_and_a_file_that_is_known_are_not_sent_whole(served: Client, palette: str) -> None:
    part = served.get(palette, headers={"Range": "bytes=0-5"})
    assert (part.status_code, len(part.content)) == (206, 6)
    known = served.get(palette, headers={"If-None-Match": part.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
