"""Do what lies on queues: word of events, fed by the topic (EVENT_TRANSPORT=sns), and other servers' jobs."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Sequence
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from events.aws.topology import kinds_with_handlers
from events.consuming.consumer import Consumer
from events.consuming.heartbeat import EVENTS_SEEN, INGEST_SEEN, alive
from events.consuming.sources import Source
from events.consuming.word import event_sources
from events.ingest.sources import ingest_sources
from events.patience import bound_transactions
from events.queues import QUEUES

MAX_WORKERS = 12
NO_SOURCE = (
    "There is nothing to consume: with EVENT_TRANSPORT=celery the workers do it "
    "(celery -A spacegame worker). Set EVENT_TRANSPORT=sns to use SNS and SQS."
)
NO_HANDLER = (
    "No handler does this kind of work, so no word of it comes by SNS: {}. Those with handlers: {}. "
    "(Celery's own queues of such names are the workers'.)"
)
NO_SERVER = (
    "There is no other game server to listen to. Name its queues in INGEST_SQS_QUEUES or "
    "INGEST_SIDEKIQ_QUEUES: docs/ingest.md says how."
)


class Command(BaseCommand):
    help = (
        "Run the handlers of events that come by SNS and SQS, or take jobs of other game servers (--ingest), "
        "until SIGTERM or Ctrl-C."
    )
    requires_system_checks = ["spacegame"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queue",
            action="append",
            choices=QUEUES,
            metavar="QUEUE",
            help=f"Take this kind of work only; may be given several times. One of: {', '.join(QUEUES)}.",
        )
        parser.add_argument(
            "--ingest",
            action="store_true",
            help="Take other game servers' jobs; and word of events only if --queue names some.",
        )
        parser.add_argument(
            "--max-workers",
            type=int,
            default=MAX_WORKERS,
            help=(
                "At most so many messages are fetched or in work at any time (%(default)s). Listening to an "
                "idle queue takes one of them."
            ),
        )

    def handle(
        self, *args: Any, queue: list[str] | None, ingest: bool, max_workers: int, **options: Any
    ) -> None:
        if max_workers < 1:
            raise CommandError("--max-workers must be 1 or more.")
        bound_transactions()
        sources = _sources(queue, ingest)
        signs = [*([EVENTS_SEEN] if queue or not ingest else []), *([INGEST_SEEN] if ingest else [])]
        consumer = Consumer(sources, max_workers=max_workers, alive=alive(signs))
        _stop_on_signals(consumer)
        names = ", ".join(source.name for source in sources)
        self.stdout.write(f"Consuming {names}; at most {max_workers} at once. SIGTERM or Ctrl-C ends it.")
        self.stdout.flush()
        consumer.run()


def _sources(kinds: Sequence[str] | None, ingest: bool) -> list[Source]:
    """Where to fetch from; raises `CommandError` if what was asked for is nowhere."""
    servers = ingest_sources() if ingest else []
    if ingest and not servers:
        raise CommandError(NO_SERVER)
    if ingest and not kinds:
        return servers
    if settings.EVENT_TRANSPORT != "sns":
        raise CommandError(NO_SOURCE)
    known = kinds_with_handlers()
    if idle := [kind for kind in kinds or () if kind not in known]:
        raise CommandError(NO_HANDLER.format(", ".join(idle), ", ".join(known)))
    return [*event_sources(kinds or known), *servers]


def _stop_on_signals(consumer: Consumer) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        # From a thread: the main one, which runs this, may be about to wait for the same event.
        threading.Thread(target=consumer.stop, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
