"""What webhooks forget. A copy of one that came in is known for as long as it could be believed, and longer.

Who signs the time is refused minutes later, so the row may go once its sender has stopped retrying. A plain
HMAC is believed for ever, so its row stays as the memory of it, without the body. And whatever comes again is
an event that the log has already: its id is made of the source and the webhook's key.
"""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from events.retention import Kind, retain
from events.webhooks.models import Received, Sending

# Senders retry for days, and their operators press "resend" for weeks.
RETRIES_DAYS: Final = 30
SETTING: Final = "KEEP_RECEIVED_WEBHOOKS_DAYS"


def _sent(before: datetime) -> QuerySet[Sending]:
    """With their attempts. What is owed stays."""
    return Sending.objects.filter(created_at__lt=before).exclude(state=Sending.State.OWED)


def _received(before: datetime) -> QuerySet[Received]:
    return Received.objects.filter(received_at__lt=before, signed_at__lt=int(before.timestamp()))


def _bodies(before: datetime) -> QuerySet[Received]:
    return Received.objects.filter(received_at__lt=before, signed_at=None).exclude(body="")


def _empty(rows: QuerySet[Received]) -> int:
    return rows.update(body="")


retain(Kind(name="sent webhooks", setting="KEEP_WEBHOOKS_DAYS", doomed=_sent))
retain(Kind(name="received webhooks", setting=SETTING, least=RETRIES_DAYS, doomed=_received))
retain(
    Kind(
        name="bodies of received webhooks",
        setting=SETTING,
        least=RETRIES_DAYS,
        doomed=_bodies,
        remove=_empty,
    )
)
