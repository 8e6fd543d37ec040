"""`manage.py load_questions`: files into the bank; without one, the house bank."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rooms.trivia.importers import table
from rooms.trivia.importers.loading import Loaded, described, load_files, load_house_bank
from rooms.trivia.importers.packs import BadFile
from rooms.trivia.importers.reading import FORMATS
from rooms.trivia.questions.content import NAME_LENGTH


class Command(BaseCommand):
    help = (
        "Loads questions from files (JSON, CSV, Open Trivia DB), all or none; without a file, the house bank."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=list(FORMATS), default="", help="what it is, if not guessed")
        parser.add_argument("--pack", default="", help="the name to keep them under (the file's own)")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--template", action="store_true", help="print a CSV file to begin with")

    def handle(self, *args: Any, files: list[Path], dry_run: bool, **options: Any) -> None:
        if options["template"]:
            self.stdout.write(table.template(), ending="")
            return
        if len(options["pack"]) > NAME_LENGTH:
            raise CommandError(f"A pack's name has {NAME_LENGTH} characters at most.")
        try:
            loaded = self._load(files, dry_run, format=options["format"], pack=options["pack"])
        except BadFile as bad:
            raise CommandError(f"Nothing was loaded.\n{bad}") from bad
        for one in loaded:
            self.stdout.write(self.style.SUCCESS(("Would load " if dry_run else "Loaded ") + described(one)))

    def _load(self, files: list[Path], dry_run: bool, *, format: str, pack: str) -> list[Loaded]:
        if not files:
            return [load_house_bank(dry_run=dry_run)]
        return load_files(paths=files, format=format, pack=pack, dry_run=dry_run)
