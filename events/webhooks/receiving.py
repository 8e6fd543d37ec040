"""Taking an incoming webhook: verify, keep, publish. What it means is a subscriber's business, later.

    @subscribe("SHOP_INCOMING_WEBHOOK", queue="webhooks")
    def order_placed(event: Occurred) -> None:
        order = body_of(event.data.received)

A source's webhook is taken once, for ever. One that comes again freshly signed (its sender missed our answer)
is answered like the first; a copy of what was sent before, whoever sends it, is refused.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec
from django.db import transaction
from django.db.models import F

from events.contracts import IncomingWebhook
from events.services import publish
from events.webhooks import signing
from events.webhooks.errors import BadSecret, Forgotten, Refused, Unopenable
from events.webhooks.models import Received, Source
from events.webhooks.signing import Verified

logger = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024
NAMESPACE = UUID("6a2c7a5e-6f0b-4f55-9d0e-0d2f6c1c9b57")


class Receipt(NamedTuple):
    """The row, and whether it was there already."""

    id: UUID
    again: bool


def receive(*, source: Source, headers: Mapping[str, str], body: bytes, now: datetime) -> Receipt:
    """Verify, keep and publish in one transaction; raises `Refused`."""
    verified = _verify(source, headers, body, now)
    kind = _kind_of(body)
    with transaction.atomic():
        received, new = Received.objects.get_or_create(
            source=source,
            key=verified.key,
            defaults={
                "body": body.decode(),
                "kind": kind,
                "signed_at": verified.signed_at,
                "received_at": now,
            },
        )
        if new:
            _publish(source, received)
        elif not _is_signed_anew(received, verified):
            raise Refused("replay", "We have this one already; nothing was done.", status=409)
    return Receipt(received.pk, again=not new)


def find_source(name: str) -> Source:
    """The active source of that name; raises `Refused`."""
    source = Source.objects.filter(name=name, active=True).first()
    if source is None:
        raise Refused("unknown_source", "Nobody of this name sends webhooks here.", status=404)
    return source


def event_of(received: Received) -> UUID:
    """The id of the event that it became."""
    return uuid5(NAMESPACE, f"{received.source.name}/{received.key}")


def body_of(received: UUID) -> Any:
    """The JSON of a webhook that was received; raises `Forgotten` long afterwards."""
    body = Received.objects.filter(pk=received).values_list("body", flat=True).first()
    if not body:
        raise Forgotten("The webhook is older than KEEP_RECEIVED_WEBHOOKS_DAYS: its body is gone.")
    return msgspec.json.decode(body)


def _verify(source: Source, headers: Mapping[str, str], body: bytes, now: datetime) -> Verified:
    seconds = int(now.timestamp())
    try:
        secrets = source.secrets(now)
        match source.scheme:
            case Source.Scheme.STANDARD:
                return signing.verify_standard(headers, body, secrets, seconds)
            case Source.Scheme.STRIPE:
                return signing.verify_stripe(headers, body, secrets, seconds)
            case _:
                return signing.verify_plain(source.header, headers, body, secrets)
    except (Unopenable, BadSecret) as error:
        logger.error("The source %s cannot verify anything: %s", source.name, error)
        raise Refused("not_ready", "We cannot check signatures now. Try again later.", status=503) from None


def _kind_of(body: bytes) -> str:
    """The body's `type`, if it is an object with one that is text; raises `Refused` if it is no JSON."""
    try:
        value = msgspec.json.decode(body)
        body.decode()
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Refused("not_json", "The body must be JSON in UTF-8.", status=400) from None
    kind = value.get("type") if isinstance(value, dict) else None
    return kind[:80] if isinstance(kind, str) and kind.isprintable() else ""


def _is_signed_anew(received: Received, verified: Verified) -> bool:
    """Whether this is a retry, signed later than all before it, and no copy."""
    if verified.signed_at is None:
        return False
    older = Received.objects.filter(pk=received.pk, signed_at__lt=verified.signed_at)
    return bool(older.update(signed_at=verified.signed_at, times=F("times") + 1))


def _publish(source: Source, received: Received) -> None:
    publish(
        type=source.event_type,
        data=IncomingWebhook(received=received.pk, source=source.name, key=received.key, kind=received.kind),
        occurred_at=received.received_at,
        event_id=event_of(received),
        source="webhooks",
    )
