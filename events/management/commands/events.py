"""Look at the log, and stay if you like."""

import contextlib
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from events.management import arguments
from events.models import Event
from events.tailing import Wanted, follow, last, since

FIELDS = (
    "seq",
    "event_id",
    "type",
    "actor",
    "room",
    "points",
    "data",
    "occurred_at",
    "recorded_at",
    "source",
)


class Command(BaseCommand):
    help = "Shows what happened, oldest first; with --follow, also what happens next. Ctrl-C ends it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--type", action="append", type=arguments.event_type, help="of this type; may be said again"
        )
        parser.add_argument("--actor", help="of this player: an id or a handle")
        parser.add_argument("--room", help="in this room: an id or a code")
        parser.add_argument("--since", type=arguments.moment, help="10m, 2h, 3d ago, or a date and time")
        parser.add_argument(
            "--last", type=arguments.whole(0, 100_000), default=20, help="how many without --since (20)"
        )
        parser.add_argument("--follow", "-f", action="store_true", help="stay, and show what comes")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Wanted(
            types=options["type"] or (),
            actor=arguments.actor_id(options["actor"]),
            room=arguments.room_id(options["room"]),
        )
        newest = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        write = self._json if options["json"] else self._line
        seen: set[int] = set()
        with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
            for event in (
                since(wanted, options["since"]) if options["since"] else last(wanted, options["last"])
            ):
                write(event)
                if event.seq > newest:
                    seen.add(event.seq)
            if options["follow"]:
                for event in follow(wanted, after=newest, seen=seen):
                    write(event)

    def _line(self, event: Event) -> None:
        where = [f"actor={event.actor}"] if event.actor is not None else []
        where += [f"room={event.room}"] if event.room else []
        where += [f"points={event.points}"] if event.points else []
        when = f"{event.occurred_at:%Y-%m-%d %H:%M:%S}.{event.occurred_at.microsecond // 1000:03}"
        data = json.dumps(event.data, ensure_ascii=False)
        self._say(" ".join([when, self.style.SUCCESS(f"{event.type:<20}"), *where, data]))

    def _json(self, event: Event) -> None:
        self._say(
            json.dumps({name: getattr(event, name) for name in FIELDS}, default=str, ensure_ascii=False)
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
