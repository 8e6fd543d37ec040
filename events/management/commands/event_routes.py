"""Which event goes to which handler on which queue."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.routes import table, written_into


class Command(BaseCommand):
    help = "Prints the table event, handler, queue. --write puts it into docs/events.md, --check compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="bring docs/events.md up to date")
        parser.add_argument("--check", action="store_true", help="exit 1 if docs/events.md is not up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["write"] or options["check"]):
            self.stdout.write(table(), ending="")
            return
        paper = Path(settings.BASE_DIR) / "docs" / "events.md"
        old = paper.read_text()
        new = written_into(old)
        if options["write"]:
            paper.write_text(new)
        elif new != old:
            raise CommandError("docs/events.md is out of date: run `manage.py event_routes --write`.")
        self.stdout.write("docs/events.md is up to date.")
