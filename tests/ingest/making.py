"""Jobs as other game servers write them."""

import json
from typing import Any
from uuid import UUID, uuid4

from events.ingest.raw import RawJob
from events.ingest.signing import digest
from events.models import Score

ROOM = UUID(int=7)
SECRET = "the-secret-that-two-servers-share-1"
OLDER = "the-secret-that-two-servers-shared-0"


def hit(**changes: Any) -> dict[str, Any]:
    """What a job says: Alice hit Bob."""
    return {"shooter": "alice", "room": str(ROOM), "victim": "bob", **changes}


def active_job(*arguments: Any, **changes: Any) -> bytes:
    """A job as Rails serialises it."""
    job = {
        "job_class": "KilledShip",
        "job_id": str(uuid4()),
        "provider_job_id": None,
        "queue_name": "hits",
        "priority": None,
        "arguments": list(arguments) or [hit()],
        "executions": 0,
        "exception_executions": {},
        "locale": "en",
        "timezone": "UTC",
        **changes,
    }
    return json.dumps(job).encode()


def sidekiq(*arguments: Any, **changes: Any) -> bytes:
    """A job as the npm package `sidekiq` writes it: no time, no queue unless given."""
    job = {
        "queue": "hits",
        "class": "KilledShip",
        "args": list(arguments) or [hit()],
        "jid": uuid4().hex[:24],
    }
    return json.dumps({**job, **changes}).encode()


def attributes(body: bytes, *, secret: str = SECRET) -> dict[str, str]:
    """What Active Elastic Job puts beside a body."""
    return {"origin": "AEJ", "message-digest": digest(secret, body)}


def signed(body: bytes, *, secret: str = SECRET, **changes: Any) -> RawJob:
    """The job as it comes by SQS."""
    return RawJob("active_job", "sqs:hits", body, attributes(body, secret=secret), **changes)


def message_attributes(body: bytes, *, secret: str = SECRET) -> dict[str, Any]:
    """The same as boto3 wants it."""
    return {
        name: {"DataType": "String", "StringValue": value}
        for name, value in attributes(body, secret=secret).items()
    }


def points_of(player: int) -> int:
    """A player's points in the arena, of all time."""
    return (
        Score.objects.filter(board="arena/all", player=player).values_list("points", flat=True).first() or 0
    )
