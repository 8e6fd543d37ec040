"""From files into the bank, in one transaction: every question of every file, or none at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import transaction

from rooms.trivia.generators.catalogue import generate, pack_name
from rooms.trivia.importers import house
from rooms.trivia.importers.packs import BadFile, Pack
from rooms.trivia.importers.reading import read_file
from rooms.trivia.questions.content import Content
from rooms.trivia.questions.storing import Rehearsed, Stored, store


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What became of a pack. `given` counts its questions; those that are in no number of `stored` are twice
    in the files.
    """

    pack: str
    given: int
    stored: Stored


def load_files(
    *, paths: Sequence[Path], format: str = "", pack: str = "", dry_run: bool = False
) -> list[Loaded]:
    """Load files; `pack` overrides their own names. Raises `BadFile` with the problems of all of them."""
    packs, problems = [], []
    for path in paths:
        try:
            packs.append(read_file(path, format=format))
        except BadFile as bad:
            problems += [f"{path.name}: {problem}" for problem in bad.problems]
    if problems:
        raise BadFile(problems)
    return load_packs(packs=packs, name=pack, dry_run=dry_run)


def load_packs(*, packs: Sequence[Pack], name: str = "", dry_run: bool = False) -> list[Loaded]:
    """Store packs that were read; `name` overrides theirs. Raises `BadFile` if images are missing."""
    refuse_missing_images(question for pack in packs for question in pack.questions)
    try:
        with transaction.atomic():
            loaded = [_load(pack, name or pack.name) for pack in packs]
            if dry_run:
                raise Rehearsed
    except Rehearsed:
        pass
    return loaded


def refuse_missing_images(questions: Iterable[Content]) -> None:
    """Raise `BadFile` if a question has an image that is no static file here."""
    images = {question.image for question in questions} - {""}
    if missing := sorted(image for image in images if finders.find(image) is None):
        raise BadFile([f"image: there is no static file {image!r}" for image in missing])


def load_house_bank(*, dry_run: bool = False) -> Loaded:
    """Bring the house bank to what its files say; again changes nothing. Raises `BadFile`."""
    questions = house.read_bank()
    stored = store(questions=questions, pack=house.NAME, replace=True, dry_run=dry_run)
    return Loaded(pack=house.NAME, given=len(questions), stored=stored)


def stock() -> int:
    """What a new place begins with: the house bank, and flags; gives how many questions are new."""
    flags = Pack(name=pack_name("flags"), questions=generate("flags", count=500, seed=1))
    return sum(one.stored.new for one in [load_house_bank(), *load_packs(packs=[flags])])


def described(loaded: Loaded) -> str:
    """What became of a pack, in a line."""
    stored = loaded.stored
    twice = loaded.given - stored.new - stored.changed - stored.known
    counts = {
        "new": stored.new,
        "changed": stored.changed,
        "known already": stored.known,
        "twice in the file": twice,
        "put away": stored.retired,
    }
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing"
    return f"{loaded.pack}: {told}."


def _load(pack: Pack, name: str) -> Loaded:
    stored = store(questions=pack.questions, pack=name)
    return Loaded(pack=name, given=len(pack.questions), stored=stored)
