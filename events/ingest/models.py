"""What other game servers sent and we refused, kept so that an operator can look."""

from django.db import models


class RefusedJob(models.Model):
    """A job that was not taken, and why. The same one for the same reason again only counts up."""

    fingerprint = models.CharField(
        max_length=64,
        unique=True,
        editable=False,
        help_text="A digest of where it came from, why, and its body.",
    )
    source = models.CharField(max_length=40, help_text="How it came, and on which queue: sqs:hits.")
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    body = models.TextField(help_text="As it came; a long one is cut.")
    attributes = models.JSONField(default=dict, help_text="What came beside it, such as its signature.")
    times = models.PositiveBigIntegerField(default=1)
    refused_at = models.DateTimeField(help_text="The first time.")
    last_at = models.DateTimeField(help_text="The last time.")

    class Meta:
        verbose_name = "refused job"

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class RefusalCount(models.Model):
    """How many jobs were ever refused. Refused jobs are forgotten at last; this counts on."""

    source = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="refusals_counted_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.code}: {self.count}"
