"""What the witnesses heard."""

from django.db import models


class Heard(models.Model):
    """One hearing. Nothing is unique here: twice is what the tests look for."""

    witness = models.CharField(max_length=40)
    event = models.UUIDField()

    class Meta:
        app_label = "witness"

    def __str__(self) -> str:
        return f"{self.witness} heard {self.event}"
