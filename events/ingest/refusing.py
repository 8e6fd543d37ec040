"""Keeping what was refused, within bounds: a flood of rubbish must not fill the disk."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F

from events.ingest.errors import Refused
from events.ingest.models import RefusalCount, RefusedJob
from events.ingest.raw import RawJob
from events.retrying import retry_conflicts

KEPT_JOBS = 10_000  # the newest
KEPT_CHARACTERS = 20_000  # of a body
KEPT_ATTRIBUTES = 10
KEPT_ATTRIBUTE = 200  # characters


def keep(raw: RawJob, refused: Refused, *, now: datetime) -> None:
    """Keep and count a refused job, in one transaction. Raises what the database raises when it is away."""
    retry_conflicts(lambda: _keep(raw, refused, now))


@transaction.atomic
def _keep(raw: RawJob, refused: Refused, now: datetime) -> None:
    row, new = RefusedJob.objects.get_or_create(
        fingerprint=_fingerprint(raw, refused.code),
        defaults={
            "source": raw.source,
            "code": refused.code,
            "reason": _text(str(refused)),
            "body": _text(raw.body.decode(errors="replace"))[:KEPT_CHARACTERS],
            "attributes": _attributes(raw),
            "refused_at": now,
            "last_at": now,
        },
    )
    if new:
        RefusedJob.objects.filter(pk__lte=row.pk - KEPT_JOBS).delete()
    else:
        RefusedJob.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=now)
    count, _ = RefusalCount.objects.get_or_create(source=raw.source, code=refused.code)
    RefusalCount.objects.filter(pk=count.pk).update(count=F("count") + 1)


def _fingerprint(raw: RawJob, code: str) -> str:
    head = f"{raw.source}\0{code}\0".encode()
    return hashlib.sha256(head + raw.body).hexdigest()


def _attributes(raw: RawJob) -> dict[str, str]:
    pairs = list((raw.attributes or {}).items())[:KEPT_ATTRIBUTES]
    return {_text(name)[:KEPT_ATTRIBUTE]: _text(value)[:KEPT_ATTRIBUTE] for name, value in pairs}


def _text(text: str) -> str:
    return text.replace("\0", "�")
