"""System checks of what names things on AWS: better refused at the start than by AWS in mid-game."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from events.aws.names import dead_letters, event_queue
from events.queues import QUEUES
from spacegame.checks import TAG

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
NAME = re.compile(r"[A-Za-z0-9_-]+")
TOPIC_ARN = re.compile(r"arn:aws[a-z-]*:sns:(?P<region>[a-z0-9-]+):\d{12}:[A-Za-z0-9_-]+")
LONGEST_QUEUE_NAME = 80
LONGEST_TOPIC_NAME = 256


def uses_aws() -> bool:
    """Whether topic or queues of our own are on AWS."""
    return bool(settings.SQS) or settings.EVENT_TRANSPORT == "sns"


@register(TAG)
def check_region(**kwargs: Any) -> list[CheckMessage]:
    """Without it boto3 would ask a host that does not exist."""
    if not (uses_aws() or settings.INGEST_SQS_QUEUES) or REGION.fullmatch(settings.AWS_REGION):
        return []
    hint = "Write it as AWS does, such as eu-central-1."
    return [Error(f"AWS_REGION is no region: {settings.AWS_REGION!r}.", hint=hint, id="spacegame.E004")]


@register(TAG)
def check_queue_prefix(**kwargs: Any) -> list[CheckMessage]:
    """SQS takes letters, digits, hyphens and underscores, 80 in all."""
    if not uses_aws():
        return []
    longest = max(len(dead_letters(event_queue(kind))) for kind in QUEUES)
    prefix = settings.SQS_QUEUE_PREFIX
    room = LONGEST_QUEUE_NAME - (longest - len(prefix))
    if NAME.fullmatch(prefix) and len(prefix) <= room:
        return []
    hint = f"Use letters, digits, - and _ only, 1 to {room} of them, such as space-pizzas-."
    return [
        Error(f"SQS_QUEUE_PREFIX cannot begin a queue's name: {prefix!r}.", hint=hint, id="spacegame.E005")
    ]


@register(TAG)
def check_topic(**kwargs: Any) -> list[CheckMessage]:
    """A name, or the ARN of a standard topic in our region."""
    if settings.EVENT_TRANSPORT != "sns":
        return []
    topic = settings.EVENT_TOPIC
    arn = TOPIC_ARN.fullmatch(topic)
    if arn and arn["region"] != settings.AWS_REGION:
        hint = "Set AWS_REGION to the region in the ARN."
        return [Error("EVENT_TOPIC is in another region than AWS_REGION.", hint=hint, id="spacegame.E007")]
    if arn or (NAME.fullmatch(topic) and len(topic) <= LONGEST_TOPIC_NAME):
        return []
    hint = (
        "Write a name (letters, digits, - and _) or the whole ARN of a standard topic; a .fifo topic would "
        "be slower and promise nothing that we need."
    )
    return [Error(f"EVENT_TOPIC is no topic: {topic!r}.", hint=hint, id="spacegame.E006")]
