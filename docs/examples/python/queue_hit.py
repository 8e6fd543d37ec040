"""Queue a hit for Space Pizzas.

    python queue_hit.py sqs SHOOTER ROOM [VICTIM]      needs boto3; reads QUEUE, INGEST_SECRET, AWS_REGION
    python queue_hit.py sidekiq SHOOTER ROOM [VICTIM]  needs redis; reads QUEUE, REDIS_URL, NAMESPACE

A player is named by the handle of their page, a room by its id.
"""

import hmac
import json
import os
import secrets
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

QUEUE = os.environ.get("QUEUE", "hits")


def queue_on_sqs(hit: dict[str, str | None]) -> None:
    """As Active Elastic Job would: JSON, and a signature of its exact bytes beside it."""
    import boto3

    now = datetime.now(UTC).isoformat()
    job = {"job_class": "KilledShip", "job_id": str(uuid4()), "arguments": [hit], "enqueued_at": now}
    body = json.dumps(job)
    digest = hmac.new(os.environ["INGEST_SECRET"].encode(), body.encode(), "sha1").hexdigest()
    queue = boto3.resource("sqs", region_name=os.environ["AWS_REGION"]).get_queue_by_name(QueueName=QUEUE)
    queue.send_message(
        MessageBody=body,
        MessageAttributes={
            "origin": {"DataType": "String", "StringValue": "AEJ"},
            "message-digest": {"DataType": "String", "StringValue": digest},
        },
    )


def queue_in_redis(hit: dict[str, str | None]) -> None:
    """As Sidekiq would."""
    from redis import Redis

    namespace = f"{os.environ['NAMESPACE']}:" if "NAMESPACE" in os.environ else ""
    job = {"class": "KilledShip", "args": [hit], "queue": QUEUE, "jid": secrets.token_hex(12)}
    with Redis.from_url(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")) as redis:
        redis.sadd(f"{namespace}queues", QUEUE)
        redis.lpush(f"{namespace}queue:{QUEUE}", json.dumps(job | {"enqueued_at": time.time()}))


WAYS = {"sqs": queue_on_sqs, "sidekiq": queue_in_redis}


def main(arguments: list[str]) -> None:
    """Queue what was asked for."""
    if len(arguments) not in (3, 4) or arguments[0] not in WAYS:
        sys.exit(__doc__)
    way, shooter, room, *victims = arguments
    queue_it = WAYS[way]
    queue_it({"shooter": shooter, "room": room, "victim": victims[0] if victims else None})


if __name__ == "__main__":
    main(sys.argv[1:])
