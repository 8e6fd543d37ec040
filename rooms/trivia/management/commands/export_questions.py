"""`manage.py export_questions`: the bank, or some of it, as a file that `load_questions` reads."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rooms.trivia.importers.exporting import exported, pack_of
from rooms.trivia.models import Question


class Command(BaseCommand):
    help = "Writes questions as JSON, each with its licence and credit; to the terminal without --output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pack", default="", help="of this pack alone")
        parser.add_argument("--category", default="", help="of this category alone")
        parser.add_argument("--all", action="store_true", help="those that were put away too")
        parser.add_argument("--output", type=Path, default=None, metavar="FILE")

    def handle(self, *args: Any, pack: str, category: str, output: Path | None, **options: Any) -> None:
        questions = Question.objects.order_by("id")
        given = {"pack": pack, "category": category, "active": None if options["all"] else True}
        chosen = questions.filter(**{name: value for name, value in given.items() if value})
        data = exported(chosen)
        if output is None:
            self.stdout.write(data.decode(), ending="")
            return
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}") from None
        self.stdout.write(self.style.SUCCESS(f"{pack_of(chosen)}: {chosen.count()} questions in {output}."))
