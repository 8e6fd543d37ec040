"""Endpoints: registering them, their secrets, switching them off and on."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from events.contracts import WebhookDisabled
from events.players import known_players
from events.services import publish
from events.webhooks.destinations import parse
from events.webhooks.errors import BadUrl
from events.webhooks.leaving import LEAVING
from events.webhooks.models import Endpoint, Sending
from events.webhooks.sealing import new_secret

GONE = "It answered 410 Gone."
FAILED_TOO_LONG = "It took nothing for three days."
SWITCHED_OFF = "An operator switched it off."


class BadEndpoint(ValueError):
    """An endpoint that cannot be registered; the message says why."""


def register(
    *, owner: int, url: str, types: Collection[str], description: str = "", now: datetime
) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which nobody can read again; raises `BadUrl` or `BadEndpoint`."""
    check(owner=owner, url=url, types=types)
    endpoint = Endpoint(owner=owner, url=url, types=sorted(types), description=description)
    return endpoint, begin(endpoint=endpoint, now=now)


def begin(*, endpoint: Endpoint, now: datetime) -> str:
    """Save a new endpoint that was checked; gives its first secret."""
    secret = new_secret()
    endpoint.created_at = now
    endpoint.replace_secret(secret, now=now)
    endpoint.save()
    return secret


def check(*, owner: int, url: str, types: Collection[str]) -> None:
    """Raises `BadUrl` or `BadEndpoint` for what cannot be registered."""
    parse(url)
    if unknown := sorted(set(types) - LEAVING.keys()):
        raise BadEndpoint(f"{', '.join(unknown)} does not leave the house; choose from {', '.join(LEAVING)}.")
    if not types:
        raise BadEndpoint("Choose at least one type of events.")
    if not known_players({owner}):
        raise BadEndpoint(f"There is no user {owner}.")


def rotate_secret(*, endpoint: Endpoint, now: datetime) -> str:
    """A new secret. For a day each webhook is signed with both, so that the receiver can change in peace."""
    secret = new_secret()
    with transaction.atomic():
        locked = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        locked.replace_secret(secret, now=now)
        locked.save(update_fields=["sealed_secret", "sealed_previous", "previous_until"])
    return secret


def disable(*, endpoint: Endpoint, reason: str) -> bool:
    """Send it nothing more, give up what is owed, and say so; False if it was disabled already."""
    with transaction.atomic():
        active = Endpoint.objects.filter(pk=endpoint.pk, state=Endpoint.State.ACTIVE)
        if not active.update(state=Endpoint.State.DISABLED, reason=reason):
            return False
        owed = Sending.objects.filter(endpoint=endpoint, state=Sending.State.OWED)
        owed.update(state=Sending.State.FAILED)
        publish(
            type="WEBHOOK_DISABLED",
            actor=endpoint.owner,
            data=WebhookDisabled(endpoint=endpoint.pk, host=host_of(endpoint), reason=reason),
            source="webhooks",
        )
    return True


def enable(*, endpoint: Endpoint) -> bool:
    """Send it what happens from now on; False if it was active already."""
    disabled = Endpoint.objects.filter(pk=endpoint.pk, state=Endpoint.State.DISABLED)
    return bool(disabled.update(state=Endpoint.State.ACTIVE, reason="", failing_since=None))


def host_of(endpoint: Endpoint) -> str:
    """The host that its URL names."""
    try:
        return parse(endpoint.url).host
    except BadUrl:
        return ""
