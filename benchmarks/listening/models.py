"""What the handlers write."""

from django.db import models


class Heard(models.Model):
    """A handler heard an event. Only ours are unique: a task of the baseline may run twice."""

    event = models.UUIDField()
    handler = models.CharField(max_length=20)
    heard_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "listening"

    def __str__(self) -> str:
        return f"{self.handler} {self.event}"
