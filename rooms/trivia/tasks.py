"""What beat has the worker do for quizzes. Nothing here waits: a run does what is due, and ends."""

import logging

from celery import shared_task

from rooms.clock import now_ms
from rooms.errors import RoomError
from rooms.trivia import selectors, services

logger = logging.getLogger(__name__)

BATCH = 300
MOST_BATCHES = 10  # in one run: another may have begun, and shares the work


@shared_task(name="rooms.trivia.tasks.cycle_due_rooms", ignore_result=True)
def cycle_due_rooms() -> int:
    """Move on every game that is due; how many transitions were made. Beat asks several times a second."""
    total = 0
    for _ in range(MOST_BATCHES):
        done = services.advance(now=now_ms(), limit=BATCH)
        total += done
        if done < BATCH:
            break
    return total


@shared_task(name="rooms.trivia.tasks.pause_deserted", ignore_result=True)
def pause_deserted() -> int:
    """Stop the clock of games that everybody has left; how many. They go on when somebody comes back."""
    done = 0
    for room_id in selectors.deserted_games():
        try:
            done += services.pause(room_id=room_id, by=None, now=now_ms(), deserted=True)
        except RoomError as refusal:
            logger.info("Quiz %s: %s", room_id, refusal)
    return done
