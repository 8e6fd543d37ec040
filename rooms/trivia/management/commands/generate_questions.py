"""`manage.py generate_questions`: questions made of open data and of numbers, the same for the same seed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from events.management.arguments import whole
from rooms.trivia.generators.catalogue import GENERATORS, generate, pack_name
from rooms.trivia.importers.loading import described, load_packs
from rooms.trivia.importers.packs import Pack

MOST = 20_000  # questions a generator


class Command(BaseCommand):
    help = "Makes questions of open data (countries, flags, elements) and of numbers. Again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        names = list(GENERATORS)
        parser.add_argument(
            "--generator", action="append", choices=names, help="which one (all); may be repeated"
        )
        parser.add_argument(
            "--count", type=whole(1, MOST), default=500, help="at most so many from each (500)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another one, other questions (1)")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, count: int, seed: int, dry_run: bool, **options: Any) -> None:
        packs = [
            Pack(name=pack_name(name), questions=generate(name, count=count, seed=seed))
            for name in options["generator"] or GENERATORS
        ]
        for one in load_packs(packs=packs, dry_run=dry_run):
            self.stdout.write(self.style.SUCCESS(("Would make " if dry_run else "Made ") + described(one)))
