"""How the feed hears of what happened."""

from events.feed import services
from events.feed.kinds import TYPES
from events.subscribing import Occurred, subscribe


@subscribe(*TYPES, queue="feed", replayable=True)
def write_entries(event: Occurred) -> None:
    """Whatever the order in which events come: entries are shown in that of the log."""
    services.write(event)
