"""What the log's own tables forget. Not dead letters: those wait for somebody to look at them."""

from datetime import datetime

from django.db.models import QuerySet

from events.models import Delivery, RefusedEvent
from events.reading import OVERTAKING, first_pk_since
from events.retention import Kind, retain

DELIVERIES = "done deliveries"


def _done_deliveries(before: datetime) -> QuerySet[Delivery]:
    """That they are gone makes no handler run again: an event owes deliveries when it is new to the log, and
    a replay asks for the horizon. By keys, since no index is by time; what waited for long goes later.
    """
    end = first_pk_since(Delivery.objects.all(), "created_at", before)
    return Delivery.objects.filter(pk__lt=end, done_at__lt=before - OVERTAKING)


def _refused(before: datetime) -> QuerySet[RefusedEvent]:
    return RefusedEvent.objects.filter(refused_at__lt=before)


retain(Kind(name=DELIVERIES, setting="KEEP_DELIVERIES_DAYS", doomed=_done_deliveries))
retain(Kind(name="refused events", setting="KEEP_REFUSED_DAYS", doomed=_refused))
