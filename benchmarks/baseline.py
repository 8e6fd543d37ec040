"""The baseline of `scoring.py`: one Celery task a hit, into the same tables by the same rules."""

from spacegame.celery import app


@app.task(name="benchmarks.store_one", acks_late=True, ignore_result=True)
def store_one(payload: str) -> None:
    """Store and score a payload of a single event."""
    # Celery imports this module before it has set Django up.
    from django.utils import timezone

    from events.store import read_batch, store_batches

    store_batches([read_batch(outbox_id=None, payload=payload, now=timezone.now())])
