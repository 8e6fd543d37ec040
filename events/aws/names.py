"""What topic and queues are called. SQS_QUEUE_PREFIX keeps several installations apart in one account."""

from django.conf import settings

DEAD = "-dead"


def topic_name() -> str:
    """The topic's name, also where EVENT_TOPIC gives its whole ARN."""
    return str(settings.EVENT_TOPIC).rsplit(":", 1)[-1]


def celery_queue(kind: str) -> str:
    """Celery's own queue for a kind of work. kombu makes the name in the same way."""
    return f"{settings.SQS_QUEUE_PREFIX}{kind}"


def event_queue(kind: str) -> str:
    """The queue on which handlers of a kind of work hear of events. Never Celery's: the bodies differ."""
    return f"{settings.SQS_QUEUE_PREFIX}events-{kind}"


def dead_letters(queue: str) -> str:
    """Where messages of `queue` end that were received too often."""
    return f"{queue}{DEAD}"
