"""The demo's quiz: a prepared room that waits for players. Whoever sits there first hosts it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from rooms import services
from rooms.models import OPEN_STATUSES, Room
from rooms.trivia.services import KIND, prepare

TITLE = "Quiz night at the open kitchen"
OPEN_FOR = timedelta(days=7)
SETTINGS = {"questions": 10, "seconds": 15, "rest": True}


def open_quiz(*, seed: int) -> bool:
    """Open it unless it is open already; whether it was opened."""
    with transaction.atomic():
        if Room.objects.filter(kind=KIND, title=TITLE, status__in=OPEN_STATUSES).exists():
            return False
        room = services.create_room(kind=KIND, settings=SETTINGS, host=None, title=TITLE)
        prepare(room_id=room.id, seed=seed)
        Room.objects.filter(pk=room.pk).update(expires_at=timezone.now() + OPEN_FOR)
    return True
