"""System checks: a wrong configuration is refused at the start, with a hint."""

import sys
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from redis import Redis
from redis.exceptions import RedisError

TAG = "spacegame"
KEY_LENGTH = 50


@register(TAG)
def check_secret_key(**kwargs: Any) -> list[CheckMessage]:
    """Sessions are signed with the key: without one, anybody could be anybody."""
    if settings.DEBUG:
        return []
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    hint = (
        "Set SECRET_KEY to something long and random, such as the output of: "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
    if not key:
        return [Error("SECRET_KEY is missing.", hint=hint, id="spacegame.E001")]
    if len(key) < KEY_LENGTH or len(set(key)) < 5:
        return [Error(f"SECRET_KEY is shorter than {KEY_LENGTH} characters.", hint=hint, id="spacegame.E002")]
    return []


@register(TAG)
def check_hosts(**kwargs: Any) -> list[CheckMessage]:
    """A host name that the site answers to must be a name, not an address of a page."""
    wrong = [host for host in settings.ALLOWED_HOSTS if "/" in host or (":" in host and "[" not in host)]
    if not wrong:
        return []
    hint = "Write names only, separated by commas: play.example.org,www.example.org"
    return [Error(f"ALLOWED_HOSTS has {', '.join(wrong)}.", hint=hint, id="spacegame.E003")]


@register(TAG)
def check_base_url(**kwargs: Any) -> list[CheckMessage]:
    """Links in mails are made from BASE_URL when there is no request to ask."""
    if settings.DEBUG or settings.BASE_URL:
        return []
    hint = "Set BASE_URL to the address that people type, such as https://play.example.org"
    return [Warning("BASE_URL is not set: links in mails have no host.", hint=hint, id="spacegame.W001")]


@register(TAG)
def check_webhooks_stay_outside(**kwargs: Any) -> list[CheckMessage]:
    """A host that is listed for tests opens a way into the network behind us."""
    if settings.DEBUG or not settings.WEBHOOKS_TEST_HOSTS:
        return []
    hint = "Leave it empty on a public site: webhooks then go to public addresses by https only."
    return [Warning("WEBHOOKS_TEST_HOSTS is set without DEBUG.", hint=hint, id="spacegame.W003")]


@register(TAG)
def check_redis_is_there(**kwargs: Any) -> list[CheckMessage]:
    """`runserver` starts no Redis, and without one no room opens; other commands may do without."""
    if sys.argv[1:2] != ["runserver"]:
        return []
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except (RedisError, OSError):
        hint = (
            "Leave bin/play running in another terminal (its Redis is found), or start a Redis server "
            "and name it in REDIS_URL."
        )
        return [Warning("No Redis answers: no room will open.", hint=hint, id="spacegame.W002")]
    return []


def refuse_errors() -> None:
    """End this process with one clear message if a check of ours finds an error; servers run no checks."""
    errors: Sequence[CheckMessage] = [m for m in run_checks(tags=[TAG]) if m.is_serious()]
    if errors:
        lines = "\n".join(f"  {message.msg} {message.hint} ({message.id})" for message in errors)
        raise SystemExit(f"Space Pizzas cannot start with these settings:\n{lines}")
