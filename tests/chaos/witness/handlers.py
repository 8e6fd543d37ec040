"""Three witnesses on three queues. One of them stumbles now and then, after it has written."""

import random

from events.subscribing import ALL, Occurred, subscribe
from tests.chaos.witness.models import Heard

CLUMSY = 0.1  # how often


class Stumbled(RuntimeError):
    """On purpose."""


def _write(witness: str, event: Occurred) -> None:
    Heard.objects.create(witness=witness, event=event.event_id)


@subscribe(ALL, queue="feed", name="witness.everything")
def everything(event: Occurred) -> None:
    """All types but hits."""
    _write("everything", event)


@subscribe("SHIP_HIT", queue="maintenance", name="witness.hits")
def hits(event: Occurred) -> None:
    """Every hit."""
    _write("hits", event)


@subscribe("USER_CREATED", "ROOM_CREATED", queue="email", name="witness.clumsy")
def clumsy(event: Occurred) -> None:
    """Raises once in a while, so its transaction is rolled back and it is told again."""
    _write("clumsy", event)
    if random.random() < CLUMSY:
        raise Stumbled("one more time")
