"""Work that is held up in the middle, so that a test can kill who does it."""

from django.db import connection

from events.models import Score


def hold_the_scores() -> None:
    """Within a transaction: whoever wants to score waits, with its batch half done where that can be."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE events_score IN EXCLUSIVE MODE")
    else:
        Score.objects.filter(board="").delete()  # SQLite has one writer at a time: this one
