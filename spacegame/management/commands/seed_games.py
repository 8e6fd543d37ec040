"""`manage.py seed_games`: a believable past, the same for the same arguments, whose scores verify."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from events.management.arguments import whole
from rooms.trivia.importers.loading import stock
from spacegame.planting import plant
from spacegame.quiz_night import open_quiz
from spacegame.seeding import make_plan

BAR_WIDTH = 40
MOST_EVENTS = 1_000_000


class Command(BaseCommand):
    help = "Fills the galaxy with players, rooms and weeks of hits. The same arguments twice change nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--players", type=whole(2, 10_000), default=24, help="how many people (24)")
        parser.add_argument("--rooms", type=whole(1, 1_000), default=6, help="open and finished ones (6)")
        parser.add_argument("--events", type=whole(0, MOST_EVENTS), default=3000, help="hits (3000)")
        parser.add_argument("--seed", type=whole(0, 2**31), default=1, help="another one, another galaxy (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        sizes = {name: options[name] for name in ("players", "rooms", "events", "seed")}
        if sizes["events"] and sizes["events"] > sizes["rooms"] * 500_000:
            raise CommandError("That many hits need more rooms.")
        now = timezone.now()
        questions = stock()
        self.total, self.done = sizes["events"], 0
        planted = plant(make_plan(**sizes, now=now), now=now, progress=self._progress)
        self._finish_bar()
        quiz = open_quiz(seed=sizes["seed"])
        if not any((planted.players, planted.rooms, planted.events, questions, quiz)):
            self.stdout.write("This galaxy was seeded before: nothing to add.")
            return
        self.stdout.write(
            self.style.SUCCESS(
                f"Order up! {planted.players} players, {planted.rooms} rooms, "
                f"{planted.events} events and {questions} questions are new."
            )
        )

    def _progress(self, more: int) -> None:
        """Draw the bar again; only for somebody who watches."""
        self.done += more
        if self.stdout.isatty() and self.total:
            filled = BAR_WIDTH * self.done // self.total
            bar = "#" * filled + "." * (BAR_WIDTH - filled)
            self.stdout.write(f"\r[{bar}] {self.done:,} of {self.total:,} hits", ending="")
            self.stdout.flush()

    def _finish_bar(self) -> None:
        if self.stdout.isatty() and self.total:
            self.stdout.write("")
