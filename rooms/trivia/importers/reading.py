"""Reading a file of any format that we know."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from rooms.trivia.importers import opentdb, own_json, table
from rooms.trivia.importers.packs import LARGEST_FILE, BadFile, Pack
from rooms.trivia.questions.content import NAME_LENGTH

FORMATS: dict[str, Callable[[bytes], Pack]] = {
    "json": own_json.read,
    "csv": table.read,
    "opentdb": opentdb.read,
}


def read_file(path: Path, *, format: str = "") -> Pack:
    """The pack in the file at `path`. Raises `BadFile`."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise too_large()
        return read_bytes(path.read_bytes(), name=path.name, format=format)
    except OSError as error:
        raise BadFile([f"it cannot be read: {error.strerror}"]) from None


def read_bytes(data: bytes, *, name: str, format: str = "") -> Pack:
    """The pack in `data`, from a file called `name`; an unnamed pack gets that name. Raises `BadFile`."""
    if len(data) > LARGEST_FILE:
        raise too_large()
    pack = FORMATS[format or guess(data, name)](data)
    if not pack.questions:
        raise BadFile(["there is no question in it"])
    return pack if pack.name else replace(pack, name=Path(name).stem[:NAME_LENGTH])


def guess(data: bytes, name: str) -> str:
    """The format of a file by its name and what is in it."""
    if name.lower().endswith((".csv", ".tsv")):
        return "csv"
    try:
        top = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "json" if data.lstrip()[:1] in (b"{", b"[", b"") or name.endswith(".json") else "csv"
    return "opentdb" if "results" in top or "response_code" in top else "json"


def too_large() -> BadFile:
    return BadFile([f"it has over {LARGEST_FILE // 2**20} MB. Split it, please."])
