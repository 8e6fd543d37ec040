"""The baseline of `cycling.py`: a task for each room that loops and sleeps; the app of the worker."""

import time
from uuid import UUID

from rooms.clock import now_ms
from spacegame.celery import app


@app.task(name="benchmarks.play_room", acks_late=True, ignore_result=True)
def play_room(room_id: str, until: float) -> None:
    """Move one room on, by the platform's own service, until its game or the time (s since 1970) is over."""
    # Celery imports this module before it has set Django up.
    from rooms.trivia import services
    from rooms.trivia.models import TriviaGame

    room = UUID(room_id)
    while (due := TriviaGame.objects.values_list("due_at", flat=True).get(pk=room)) is not None:
        if due / 1000 > until:
            return
        time.sleep(max(0.0, due / 1000 - time.time()))
        services.advance(now=now_ms(), room_ids=[room])
