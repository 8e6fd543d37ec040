"""Bring in what processes that are no more left in their spools. The relay does it too, every few seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from events.keeping import drain_spool
from events.sender import sender


class Command(BaseCommand):
    help = "Moves batches of hits from the spool files of ended processes into the outbox."

    def handle(self, *args: Any, **options: Any) -> None:
        count = drain_spool()
        sender.flush()
        self.stdout.write(f"{count} batches came from the spool.")
