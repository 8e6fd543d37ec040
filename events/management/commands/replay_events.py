"""Send past events to a handler again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.management import arguments
from events.replaying import Asked, CannotReplay, count, replay

BAR_WIDTH = 40


class Command(BaseCommand):
    help = (
        "Sends past events to a handler that was not told of them (with --again: also what it was told of). "
        "Stopped half-way, the same command goes on; one that was told 2h says which that is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--handler", required=True, help="its name; `manage.py event_routes` has them")
        parser.add_argument(
            "--since", required=True, type=arguments.moment, help="10m, 2h, 3d ago, or a date and time"
        )
        parser.add_argument("--until", type=arguments.moment, help="up to then; otherwise up to now")
        parser.add_argument(
            "--type", action="append", type=arguments.event_type, help="of this type; may be said again"
        )
        parser.add_argument("--dry-run", action="store_true", help="say how many it would be, send nothing")
        parser.add_argument("--again", action="store_true", help="also what the handler was told of already")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Asked(
            handler=options["handler"],
            since=options["since"],
            until=options["until"],
            types=tuple(sorted(set(options["type"] or ()))),
            again=options["again"],
        )
        try:
            if options["dry_run"]:
                self.stdout.write(f"{count(asked):,} events would be sent to {asked.handler}.")
                return
            done = replay(asked, progress=self._progress)
        except CannotReplay as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(f"\nStopped. This goes on from there: {_command(asked)}") from None
        if self.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(self.style.SUCCESS(f"{done.sent:,} events are on their way to {asked.handler}."))

    def _progress(self, done: int, total: int) -> None:
        """Draw the bar again; only for somebody who watches."""
        if self.stdout.isatty() and total:
            filled = BAR_WIDTH * done // total
            bar = "#" * filled + "." * (BAR_WIDTH - filled)
            self.stdout.write(f"\r[{bar}] {done:,} of {total:,} events", ending="")
            self.stdout.flush()


def _command(asked: Asked) -> str:
    """The command line that asks the same, whenever it is given: moments are no longer relative."""
    until = f" --until {asked.until.isoformat()}" if asked.until else ""
    types = "".join(f" --type {type}" for type in asked.types)
    again = " --again" if asked.again else ""
    since = asked.since.isoformat()
    return f"manage.py replay_events --handler {asked.handler} --since {since}{until}{types}{again}"
