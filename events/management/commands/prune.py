"""Remove what is too old to be of use; beat does the same every hour."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from events import retention


class Command(BaseCommand):
    help = (
        "Removes rows that would grow for ever, once they are older than their setting says. Never the log, "
        "nor what is owed or dead. Stopped half-way, the next one goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say how many would go, remove nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            now = timezone.now()
            for kind in retention.kinds():
                self._say(kind, retention.count(kind, now=now), "would be removed")
            return
        pruned = retention.prune()
        for kind in retention.kinds():
            self._say(kind, pruned.get(kind.name, 0), "removed")
        if pruned.broken:
            raise CommandError(f"Not all could be removed, the log says why: {', '.join(pruned.broken)}.")

    def _say(self, kind: retention.Kind, count: int, what: str) -> None:
        self.stdout.write(f"{kind.name:30} {count:>12,} {what} ({_since(kind)})")


def _since(kind: retention.Kind) -> str:
    if not kind.setting:
        return "expired"
    kept = f"kept for {kind.days} days" if kind.days else "kept for ever"
    return f"{kept}: {kind.setting}"
