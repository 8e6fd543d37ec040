"""Celery's ways in to webhooks. No rules here."""

from uuid import UUID

from celery import shared_task

from events.webhooks import delivering, sending


@shared_task
def send(sending_id: str, attempts: str) -> None:
    """Make one attempt; see delivering.py."""
    delivering.deliver(sending_id=UUID(sending_id), attempts=int(attempts))


@shared_task
def send_due() -> None:
    """Give messages to what is due."""
    sending.send_due()
