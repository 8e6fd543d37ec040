"""Writing the feed, and telling pages that it changed."""

from collections.abc import Collection
from functools import partial

from django.db import transaction

from events.feed.kinds import entries_of
from events.feed.models import Entry
from events.live import broadcast
from events.subscribing import Occurred

TOPIC = "feed"


def write(event: Occurred) -> None:
    """Write the event's entries, each once however often it is asked."""
    kinds = entries_of(event)
    if not kinds:
        return
    entries = [Entry(event_id=event.seq, audience=audience, kind=kind) for audience, kind in kinds.items()]
    with transaction.atomic():
        Entry.objects.bulk_create(entries, ignore_conflicts=True)
        _tell_later(kinds)


def people_changed() -> None:
    """Somebody may be shown no more, or again: every feed that is open is read again after the commit."""
    _tell_later(None)


def _tell_later(audiences: Collection[str] | None) -> None:
    """One message a process, whatever the number of audiences; None means all of them."""
    message = {"kind": "feed", "audiences": None if audiences is None else sorted(audiences)}
    transaction.on_commit(partial(broadcast, TOPIC, message), robust=True)
