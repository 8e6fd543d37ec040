"""Our way: subscribed."""

from benchmarks.listening.hearing import HANDLERS, hear
from events.subscribing import Occurred, subscribe

TYPE = "BENCH_INCOMING_WEBHOOK"  # a type that nobody else subscribes to


def _subscribe(name: str) -> None:
    @subscribe(TYPE, queue=name, name=f"benchmarks.{name}")
    def handler(event: Occurred) -> None:
        hear(name, event.event_id)


for _name in HANDLERS:
    _subscribe(_name)
