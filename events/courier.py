"""Word of new events on its way to the transport, from a thread of its own."""

from collections.abc import Sequence

from events.sender import Sender
from events.transports import get_transport
from events.transports.base import Told


def _announce(items: Sequence[Sequence[Told]]) -> None:
    get_transport().announce([told for item in items for told in item])


PACE_SECONDS = 0.02  # handlers may wait that long when much happens

courier: Sender[Sequence[Told]] = Sender("courier", _announce, pace=PACE_SECONDS)


def tell(told: Sequence[Told]) -> None:
    """Let the workers know of events, after the commit. Never blocks, never raises."""
    if told:
        courier.send(told)
