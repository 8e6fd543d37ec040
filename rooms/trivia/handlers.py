"""What the quiz does when something happened elsewhere."""

from events.subscribing import Occurred, subscribe
from rooms.trivia import services
from rooms.trivia.questions.calibrating import count_answers


@subscribe("ROOM_CREATED", "ROOM_UPDATED", queue="trivia")
def prepare_questions(event: Occurred) -> None:
    """A new room, or one whose host tries again, waits for its questions."""
    if event.room is not None and getattr(event.data, "kind", "") == services.KIND:
        services.prepare(room_id=event.room)


@subscribe("ROOM_COMPLETED", queue="trivia")
def calibrate_questions(event: Occurred) -> None:
    """A game that is over shows how hard its questions were."""
    if event.room is not None and getattr(event.data, "kind", "") == services.KIND:
        count_answers(room_id=event.room)
