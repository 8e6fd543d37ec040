"""What webhooks follow: every event that may leave the house."""

from django.utils import timezone

from events.subscribing import Occurred, subscribe
from events.webhooks import sending
from events.webhooks.leaving import LEAVING


@subscribe(*LEAVING, queue="webhooks")
def fan_out(event: Occurred) -> None:
    """Owe the event to the endpoints that chose its type."""
    sending.fan_out(event=event, now=timezone.now())
