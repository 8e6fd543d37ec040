"""boto3's clients and the addresses of what we named: cached, and safe between threads."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from django.conf import settings

from events.aws.names import topic_name

LONGEST_POLL = 20  # seconds; SQS takes no more

# A caller never waits long for AWS: what could not be sent is owed in the database.
QUICK = Config(
    connect_timeout=2,
    read_timeout=5,
    max_pool_connections=32,
    retries={"total_max_attempts": 2, "mode": "standard"},
)
PATIENT = QUICK.merge(Config(read_timeout=LONGEST_POLL + 10, retries={"total_max_attempts": 1}))


@cache
def client(service: str, *, config: Config = QUICK) -> Any:
    """A client of "sns", "sqs" or "sts" in AWS_REGION; boto3 itself reads AWS_ENDPOINT_URL."""
    return boto3.session.Session().client(service, region_name=settings.AWS_REGION, config=config)


@cache
def identity() -> tuple[str, str]:
    """The partition ("aws" nearly everywhere) and the number of the account whose credentials we have."""
    answer = client("sts").get_caller_identity()
    return answer["Arn"].split(":")[1], answer["Account"]


@cache
def topic_arn() -> str:
    """The ARN of EVENT_TOPIC, which may be a name. Needs no permission."""
    if settings.EVENT_TOPIC.startswith("arn:"):
        return str(settings.EVENT_TOPIC)
    partition, account = identity()
    return f"arn:{partition}:sns:{settings.AWS_REGION}:{account}:{topic_name()}"


def queue_arn(name: str) -> str:
    """The ARN of our queue `name`, whether it exists or not."""
    partition, account = identity()
    return f"arn:{partition}:sqs:{settings.AWS_REGION}:{account}:{name}"


@cache
def queue_url(name: str) -> str:
    """The address of the queue `name`; raises the client's `QueueDoesNotExist`."""
    return str(client("sqs").get_queue_url(QueueName=name)["QueueUrl"])


def in_words(error: Exception) -> str:
    """What AWS said, and what helps where it has no such queue or topic."""
    missing = any(code in str(error) for code in ("NonExistentQueue", "NotFound"))
    hint = " Run manage.py provision_queues first." if missing else ""
    return f"{type(error).__name__}: {error}{hint}"


def forget_addresses() -> None:
    """Ask again where topic and queues are: settings changed, or queues were made anew."""
    topic_arn.cache_clear()
    queue_url.cache_clear()
