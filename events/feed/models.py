"""The activity feed: which events are shown to whom. What they say stays in the log."""

from django.db import models

from events.models import Event


class Entry(models.Model):
    """An event as one audience is shown it. A projection: the log, replayed, gives the same rows again."""

    event = models.ForeignKey(
        Event, on_delete=models.DO_NOTHING, related_name="entries", db_index=False, db_column="seq"
    )
    audience = models.CharField(max_length=48, help_text="Such as public, player/12 or room/<uuid>.")
    kind = models.CharField(max_length=20, help_text="A name in events/feed/kinds.py.")

    class Meta:
        verbose_name_plural = "entries"
        # In this order it is also the index by which a feed is read, newest first.
        constraints = [
            models.UniqueConstraint(fields=["audience", "event"], name="entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.audience}"
