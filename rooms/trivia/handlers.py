"""What the quiz does when something happened elsewhere."""

from events.subscribing import Occurred, subscribe
from rooms.trivia import services


@subscribe("ROOM_CREATED", "ROOM_UPDATED", queue="trivia")
def prepare_questions(event: Occurred) -> None:
    """A new room, or one whose host tries again, waits for its questions."""
    if event.room is not None and getattr(event.data, "kind", "") == services.KIND:
        services.prepare(room_id=event.room)
