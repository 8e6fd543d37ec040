"""The baseline: one task a handler, sent after the commit, lost if anything dies in between."""

from uuid import UUID

from celery import shared_task
from django.db import transaction

from benchmarks.listening.hearing import hear


@shared_task
def heard(handler: str, event: str) -> None:
    """The handler's work in a transaction of its own."""
    with transaction.atomic():
        hear(handler, UUID(event))
