"""Rooms and seats. A seat's slot is unique in its room and below its capacity: the database seats people."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

CODE_LENGTH = 6
MAX_CAPACITY = 500


class Status(models.TextChoices):
    PREPARING = "PREPARING"
    LOBBY = "LOBBY"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


OPEN_STATUSES = (Status.PREPARING, Status.LOBBY, Status.IN_PROGRESS)


class Visibility(models.TextChoices):
    PUBLIC = "public"
    PRIVATE = "private"


class Room(models.Model):
    """One game that people join by its code. `version` counts every change that a screen may see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=CODE_LENGTH)
    kind = models.CharField(max_length=20, help_text="A registered game, such as arena.")
    title = models.CharField(max_length=60)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="hosted_rooms",
    )
    host_seen_at = models.DateTimeField(null=True, blank=True, help_text="Watching from a big screen.")
    settings = models.JSONField(default=dict, help_text="Validated against the game's own schema.")
    capacity = models.PositiveSmallIntegerField(default=8)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.LOBBY)
    version = models.PositiveBigIntegerField(default=1)
    locked = models.BooleanField(default=False, help_text="Nobody new may take a seat.")
    epoch = models.PositiveIntegerField(default=0, help_text="Grows each time a process begins to host it.")
    created_at = models.DateTimeField()
    starts_at = models.DateTimeField(null=True, blank=True, help_text="When the countdown ends.")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="The round's deadline; none if endless.")
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(help_text="When it is swept away if nobody is in it.")
    failure = models.CharField(max_length=200, blank=True)
    results = models.JSONField(null=True, blank=True, help_text="The podium, as the game reported it.")
    next_room = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], name="room_code_while_open", condition=Q(status__in=OPEN_STATUSES)
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=2) & Q(capacity__lte=MAX_CAPACITY), name="room_capacity_in_range"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "visibility", "-created_at"], name="room_lobby"),
            models.Index(fields=["expires_at"], name="room_expiry", condition=Q(status__in=OPEN_STATUSES)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES


class Seat(models.Model):
    """A player's place in a room, kept for ever; `slot` is set while it is held.

    A seat is held while `seen_at` is younger than the holding time (60 s): a connected socket refreshes
    it, a dropped one leaves it to age. Whoever needs the slot then takes it.
    """

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats")
    slot = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The ship's number in the room.")
    name = models.CharField(max_length=24)
    colour = models.PositiveSmallIntegerField(default=0)
    mark = models.PositiveSmallIntegerField(default=0)
    joined_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    away_at = models.DateTimeField(null=True, blank=True, help_text="When the last socket dropped.")
    left_at = models.DateTimeField(null=True, blank=True)
    kicked_at = models.DateTimeField(null=True, blank=True, help_text="May not come back to this room.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "user"], name="seat_once_a_user"),
            models.UniqueConstraint(fields=["room", "name"], name="seat_name_in_room"),
            models.UniqueConstraint(
                fields=["room", "slot"], name="seat_slot_in_room", condition=Q(slot__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.room_id}"
