"""The feed forgets what is old; the events themselves stay in the log, from which it can be made again."""

from datetime import datetime

from django.db.models import QuerySet

from events.feed.models import Entry
from events.models import Event
from events.reading import first_pk_since
from events.retention import Kind, retain


def _old(before: datetime) -> QuerySet[Entry]:
    return Entry.objects.filter(event_id__lt=first_pk_since(Event.objects.all(), "recorded_at", before))


retain(Kind(name="feed entries", setting="KEEP_FEED_DAYS", doomed=_old))
