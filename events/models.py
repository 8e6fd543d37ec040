"""What happened: the append-only log, the outbox that feeds it, and the scores projected from it.

A player is an id here and a room is an id here: this app imports no other.
"""

import uuid
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q


class AppendOnly(TypeError):
    """Somebody tried to change or delete what the log holds."""


class LogQuerySet(models.QuerySet["Event"]):
    """Reads and inserts only."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("The log is append-only: its rows are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("The log is append-only: its rows are never deleted.")


class Event(models.Model):
    """One line of the append-only log. `points` makes it a ledger entry: a score is their sum."""

    seq = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True, editable=False, help_text="Given by the producer.")
    type = models.CharField(max_length=40)
    actor = models.BigIntegerField(null=True, blank=True, help_text="The player's id, if a player did it.")
    room = models.UUIDField(null=True, blank=True)
    points = models.IntegerField(default=0, help_text="What this event adds to its actor's score.")
    data = models.JSONField(default=dict)
    source = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Event"]] = models.Manager.from_queryset(LogQuerySet)()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["actor", "-seq"], name="event_actor", condition=Q(actor__isnull=False)),
            models.Index(fields=["room", "-seq"], name="event_room", condition=Q(room__isnull=False)),
            # Hits are nearly all of the log: looking for them needs no index, and each would pay for it.
            models.Index(fields=["type", "-seq"], name="event_rare_type", condition=~Q(type="SHIP_HIT")),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a row that is there already stays as it is."""
        if not self._state.adding:
            raise AppendOnly("The log is append-only: its rows are never changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("The log is append-only: its rows are never deleted.")


class Score(models.Model):
    """A player's total on one board; a projection of the log, rebuilt by `manage.py rebuild_scores`."""

    board = models.CharField(max_length=64, help_text="Such as room/<uuid> or arena/day/2026-01-31.")
    player = models.BigIntegerField()
    points = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0, help_text="How many ledger entries the points come from.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "player"], name="score_board_player")]
        indexes = [models.Index(fields=["board", "-points"], name="score_board_points")]

    def __str__(self) -> str:
        return f"{self.board}: {self.player} has {self.points}"


class Outbox(models.Model):
    """Work that is owed: written in its producer's transaction, deleted in its consumer's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=80, help_text="The Celery task that consumes the row.")
    queue = models.CharField(max_length=20)
    payload = models.TextField(help_text="Handed to the task as it is: task(outbox_id, payload).")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When the relay sends it (again).")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the relay last sent it.")
    sends = models.PositiveIntegerField(default=0, help_text="How often the relay sent it.")
    failures = models.PositiveIntegerField(default=0, help_text="How often its task failed.")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Set when it failed too often.")
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = "outbox row"
        indexes = [
            models.Index(fields=["due_at"], name="outbox_due", condition=Q(failed_at__isnull=True)),
            models.Index(fields=["failed_at"], name="outbox_dead", condition=Q(failed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.id}"


class Delivery(models.Model):
    """The promise that a handler is told of an event: made with the event, done in the handler's transaction.

    One that was done is forgotten at last (`pruning.py`): it is made when the event is new to the log, and so
    never again.
    """

    event = models.ForeignKey(
        Event, to_field="event_id", on_delete=models.DO_NOTHING, related_name="deliveries", db_index=False
    )
    handler = models.CharField(max_length=100, help_text="The name that it subscribed by.")
    queue = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When the relay sends word of it (again).")
    sends = models.PositiveIntegerField(default=0, help_text="How often the relay sent word.")
    attempts = models.PositiveIntegerField(default=0, help_text="How often it was tried in vain.")
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Set when it failed too often.")
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["queue", "due_at"],
                name="delivery_owed",
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(fields=["failed_at"], name="delivery_dead", condition=Q(failed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.handler} of {self.event_id}"


class Replay(models.Model):
    """A replay's place in the log, so that one that was stopped goes on where it was."""

    key = models.CharField(max_length=64, help_text="A digest of what was asked for.")
    handler = models.CharField(max_length=100)
    asked = models.JSONField(help_text="Since when, until when, which types, and whether again.")
    position = models.BigIntegerField(default=0, help_text="The last `seq` that was done.")
    sent = models.BigIntegerField(default=0, help_text="How many events were sent to the handler.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="replay_one_at_a_time", condition=Q(finished_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.handler} from {self.position}"


class Pruning(models.Model):
    """How far rows of a kind were pruned."""

    kind = models.CharField(max_length=40, unique=True)
    horizon = models.DateTimeField(null=True, blank=True, help_text="Before then, rows are gone.")
    removed = models.BigIntegerField(default=0, help_text="How many rows ever were.")
    pruned_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last looked.")

    def __str__(self) -> str:
        return self.kind


class RefusedEvent(models.Model):
    """An event that was not believed, kept with the reason so that an operator can look."""

    event_id = models.CharField(max_length=64, blank=True)
    type = models.CharField(max_length=40, blank=True)
    payload = models.JSONField()
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=40, blank=True)
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event_id", "reason"], name="refused_once", condition=~Q(event_id="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}: {self.reason}"
