"""What workers do for accounts: deliver mail."""

import json
import logging

from celery import shared_task
from django.core.cache import cache

from accounts.mails import MAILS
from events import outbox

logger = logging.getLogger(__name__)

SENDING = 60  # seconds in which nobody else sends the same mail; more than the mail server's time-out


@shared_task
def deliver_mail(outbox_id: str, payload: str) -> None:
    """Send one mail that is owed and strike it off the outbox.

    When it fails the outbox says when to try again: after pauses that double up to five minutes, and after
    the eighth failure the row is a dead letter that operators see. The relay may send a copy of this message
    at any time: one that finds no row has nothing to do, and one that finds the mail claimed leaves it to
    whoever claimed it. Only a worker that dies after the mail server's yes makes a second mail.
    """
    claim = f"mail:{outbox_id}"
    if not outbox.is_owed(outbox_id) or not cache.add(claim, 1, timeout=SENDING):
        return
    try:
        order = json.loads(outbox.payload_of(outbox_id, payload) or "{}")
        MAILS[order.pop("mail")](**order)
    except Exception as error:
        logger.warning("Mail %s was not sent: %s", outbox_id, type(error).__name__)
        outbox.failed(outbox_id, error)
        cache.delete(claim)
    else:
        outbox.done(outbox_id)
