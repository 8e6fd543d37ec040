"""System checks: wrong settings for other game servers are refused at the start, with a hint."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

TAG = "spacegame"  # the checks that web, worker, beat and consumers run when they start
SECRET_LENGTH = 32
SQS_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
REDIS_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}", re.ASCII)


@register(TAG)
def check_secrets(**kwargs: Any) -> list[CheckMessage]:
    """What Active Elastic Job sends is believed by its signature alone."""
    signed = settings.INGEST_SQS_QUEUES or settings.INGEST_BEANSTALK
    hint = (
        "Set INGEST_SECRET to what the other server signs with (for Rails a secret of its own in "
        "config.active_elastic_job.secret_key_base), such as the output of: "
        "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    )
    if signed and not settings.INGEST_SECRET:
        return [Error("INGEST_SECRET is missing: no job could be verified.", hint=hint, id="ingest.E001")]
    short = [
        name
        for name in ("INGEST_SECRET", "INGEST_PREVIOUS_SECRET")
        if 0 < len(getattr(settings, name)) < SECRET_LENGTH
    ]
    return [
        Warning(f"{name} is shorter than {SECRET_LENGTH} characters.", hint=hint, id="ingest.W001")
        for name in short
    ]


@register(TAG)
def check_queues(**kwargs: Any) -> list[CheckMessage]:
    """A queue is given by its name, not by its address or key; of SQS, a standard one."""
    wanted = {"INGEST_SQS_QUEUES": SQS_NAME, "INGEST_SIDEKIQ_QUEUES": REDIS_NAME}
    hint = "Write names only, separated by commas: hits,more-hits (of SQS, standard queues: no .fifo)"
    return [
        Error(f"{name} has {queue!r}, which is no queue's name.", hint=hint, id="ingest.E002")
        for name, pattern in wanted.items()
        for queue in getattr(settings, name)
        if not pattern.fullmatch(queue)
    ]
