"""Refused jobs are forgotten; how many there were stays counted."""

from datetime import datetime

from django.db.models import QuerySet

from events.ingest.models import RefusedJob
from events.retention import Kind, retain


def _old(before: datetime) -> QuerySet[RefusedJob]:
    return RefusedJob.objects.filter(last_at__lt=before)


retain(Kind(name="refused jobs", setting="KEEP_REFUSED_DAYS", doomed=_old))
