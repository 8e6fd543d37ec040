"""Fold the log again: compare the scores with it, or make them anew from it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from events.rebuilding import compare, rewrite


class Command(BaseCommand):
    help = "Makes all scores anew from the log. With --verify: only compares, and names every difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--verify", action="store_true", help="change nothing; exit 1 if anything differs"
        )

    def handle(self, *args: Any, verify: bool, **options: Any) -> None:
        fold = compare() if verify else rewrite(now=timezone.now())
        for line in fold.wrong:
            self.stderr.write(line)
        counted = f"{fold.events} events, {len(fold.totals)} scores"
        if verify and fold.wrong:
            raise CommandError(f"{len(fold.wrong)} differences in {counted}.", returncode=1)
        self.stdout.write(f"Every score has its receipts: {counted}." if verify else f"Made anew: {counted}.")
