"""Everybody is a player here, sources have secrets, and the clock stands where it is told to."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from events import players
from events.webhooks.models import Endpoint, Source
from events.webhooks.sealing import seal
from tests.support.receiver import Receiver

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SECRET = "whsec_" + "c3BhY2UgcGl6emFzIGFyZSByb3VuZCBhbmQgaG90"
OLDER = "whsec_" + "dGhlIHNlY3JldCBvZiB5ZXN0ZXJkYXkncyBvdmVu"
OWNER = 7


@pytest.fixture(autouse=True)
def _players() -> Iterator[None]:
    before = players._check
    players.register_player_check(lambda ids: ids & {OWNER})
    yield
    players._check = before
    players.forget_players()


@pytest.fixture
def source(db: None) -> Callable[..., Source]:
    """Makes a source: `source("shop", "stripe")`."""

    def make(name: str = "shop", scheme: str = "standard", secret: str = SECRET, **fields: Any) -> Source:
        return Source.objects.create(name=name, scheme=scheme, sealed_secret=seal(secret), **fields)

    return make


@pytest.fixture
def send(client: Client) -> Callable[..., HttpResponse]:
    """Posts to the door of a source as a stranger's server does."""

    def post(body: bytes, headers: dict[str, str], name: str = "shop", **more: Any) -> HttpResponse:
        more = {"content_type": "application/json", **more}
        return client.post(f"/webhooks/incoming/{name}/", body, headers=headers, **more)

    return post


def code_of(answer: HttpResponse) -> str:
    """The code of a refusal, whose text is there too."""
    error = json.loads(answer.content)["error"]
    assert error["message"]
    return error["code"]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Somebody's server on this machine, which the settings allow."""
    settings.WEBHOOKS_TEST_HOSTS = ["127.0.0.1"]
    with Receiver() as running:
        yield running


def endpoint_for(url: str, *types: str, secret: str = SECRET, **fields: Any) -> Endpoint:
    """An endpoint that chose `types`."""
    return Endpoint.objects.create(
        owner=OWNER,
        url=url,
        types=list(types or ("ROOM_CREATED",)),
        sealed_secret=seal(secret),
        created_at=NOW,
        **fields,
    )
