"""Who may send webhooks here, what came; who gets ours, what was sent, and every attempt.

A user is an id here, as everywhere in events. Secrets are kept sealed; nothing shows them again.
"""

import uuid
from datetime import datetime, timedelta

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from events.webhooks.sealing import seal, unseal, unseal_all
from events.webhooks.signing import ID_LENGTH

OVERLAP = timedelta(days=1)  # in which a previous secret still counts
MOST_PREVIOUS = 3


class HasSecrets(models.Model):
    """A secret, and for a while the ones before it: whoever rotates twice in an hour, having lost the new
    secret, does not take the receiver's one away.
    """

    sealed_secret = models.TextField(editable=False, default="")
    sealed_previous = models.TextField(editable=False, default="")
    previous_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then the previous secret counts too."
    )

    class Meta:
        abstract = True

    def secrets(self, now: datetime) -> list[str]:
        """Those that count, the current one first. Never to be shown or logged.

        Raises `Unopenable` for the current one; a previous one that cannot be read is as good as gone.
        """
        current = [unseal(self.sealed_secret)] if self.sealed_secret else []
        return [*current, *unseal_all(self._previous(now))]

    def replace_secret(self, secret: str, *, now: datetime) -> None:
        """The current one becomes a previous one. The caller saves."""
        if self.sealed_secret:
            earlier = [self.sealed_secret, *self._previous(now).split()]
            self.sealed_previous, self.previous_until = " ".join(earlier[:MOST_PREVIOUS]), now + OVERLAP
        self.sealed_secret = seal(secret)

    def _previous(self, now: datetime) -> str:
        counts = self.previous_until is not None and now < self.previous_until
        return self.sealed_previous if counts else ""


class Source(HasSecrets):
    """Somebody who may send webhooks to `/webhooks/incoming/<name>/`."""

    class Scheme(models.TextChoices):
        STANDARD = "standard", "Standard Webhooks"
        STRIPE = "stripe", "Stripe"
        PLAIN = "plain", "HMAC-SHA256 of the body in a header"

    name = models.CharField(
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", "Small letters, digits and _; a letter first.")],
        help_text="In the address, and in the type of its events: shop becomes SHOP_INCOMING_WEBHOOK.",
    )
    scheme = models.CharField(max_length=10, choices=Scheme, default=Scheme.STANDARD)
    header = models.CharField(
        max_length=60,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+\Z", "Letters, digits and dashes.")],
        help_text="Of the plain HMAC alone: the header's name, such as X-Hub-Signature-256.",
    )
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "source of webhooks"
        verbose_name_plural = "sources of webhooks"

    def __str__(self) -> str:
        return self.name

    @property
    def event_type(self) -> str:
        """The type of the events that its webhooks become."""
        return f"{self.name.upper()}_INCOMING_WEBHOOK"


class Received(models.Model):
    """An incoming webhook that was believed. What is forgotten of it, and when: `pruning.py`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="received")
    key = models.CharField(max_length=ID_LENGTH, help_text="The webhook's id, or its body's digest.")
    kind = models.CharField(max_length=80, blank=True, help_text="The body's own type, if it names one.")
    body = models.TextField(help_text="JSON, as it came.")
    signed_at = models.BigIntegerField(null=True, help_text="The newest signed time, in seconds since 1970.")
    times = models.PositiveIntegerField(default=1, help_text="How often it came, each time freshly signed.")
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "received webhook"
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="received_once")]
        indexes = [models.Index(fields=["-received_at"], name="received_newest")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.key}"


class Endpoint(HasSecrets):
    """A URL of somebody else that gets chosen types of events."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        DISABLED = "disabled", "Disabled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.BigIntegerField(help_text="The user's id; gets a mail when this is disabled.")
    url = models.CharField(max_length=500)
    types = models.JSONField(default=list, help_text="The types of events that it gets.")
    description = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it is disabled.")
    failing_since = models.DateTimeField(
        null=True, blank=True, help_text="Empty while it takes what it gets."
    )
    busy_until = models.DateTimeField(
        null=True, editable=False, help_text="While it fails, an attempt has it to itself until then."
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "endpoint"
        indexes = [models.Index(fields=["state"], name="endpoint_active", condition=Q(state="active"))]

    def __str__(self) -> str:
        return self.url


class Sending(models.Model):
    """One event on its way to one endpoint. Its id is the `webhook-id`, the same for all attempts."""

    class State(models.TextChoices):
        OWED = "owed", "Owed"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="sendings")
    event_id = models.UUIDField()
    type = models.CharField(max_length=40)
    body = models.TextField(help_text="Exactly what is signed and sent.")
    state = models.CharField(max_length=10, choices=State, default=State.OWED)
    attempts = models.PositiveIntegerField(default=0, help_text="How often a worker took it up.")
    failures = models.PositiveIntegerField(
        default=0, help_text="Failed attempts since it was last owed anew."
    )
    due_at = models.DateTimeField(help_text="When it is to be sent (again).")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "sent webhook"
        constraints = [models.UniqueConstraint(fields=["endpoint", "event_id"], name="sending_once")]
        indexes = [
            models.Index(fields=["due_at"], name="sending_due", condition=Q(state="owed")),
            models.Index(fields=["-created_at"], name="sending_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class Attempt(models.Model):
    """One try to send. Without an end, its worker died in the middle of it, or is at it."""

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveIntegerField(help_text="From 1.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of HTTP, if there was an answer."
    )
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True, help_text="How the answer began.")
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sending", "number"], name="attempt_once")]

    def __str__(self) -> str:
        return f"{self.sending_id} #{self.number}"
