"""What is said when something is given up: one `TASK_WORKER_FAILED`, in the transaction that gave it up."""

from uuid import UUID, uuid4

import msgspec
from django.utils import timezone

from events import payloads
from events.contracts import NewEvent, TaskWorkerFailed

TYPE = "TASK_WORKER_FAILED"
SOURCE = "events"
KEPT_ERROR = 4000  # characters


def describe(error: str | BaseException) -> str:
    """An error as a row keeps it."""
    text = f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else error
    return text.replace("\0", "�")[:KEPT_ERROR]


def of_handler(
    *, handler: str, queue: str, event_id: UUID, event_type: str, error: str, attempts: int
) -> TaskWorkerFailed:
    """The death of a delivery."""
    return TaskWorkerFailed(
        handler=handler,
        queue=queue,
        event_id=event_id,
        event_type=event_type,
        error=error,
        attempts=attempts,
    )


def of_task(*, task: str, queue: str, outbox_id: UUID, error: str, attempts: int) -> TaskWorkerFailed:
    """The death of an outbox row."""
    return TaskWorkerFailed(handler=task, queue=queue, outbox_id=outbox_id, error=error, attempts=attempts)


def as_payload(data: TaskWorkerFailed) -> str:
    """The event as an outbox row carries it."""
    event = NewEvent(
        event_id=uuid4(),
        type=TYPE,
        actor=None,
        room=None,
        data=msgspec.to_builtins(data),
        occurred_at=timezone.now(),
        source=SOURCE,
    )
    return payloads.join([payloads.encode_event(event)])
