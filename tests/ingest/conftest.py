"""Alice and Bob are players, and we share a secret with another server."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from events import players
from tests.ingest.making import OLDER, SECRET


@pytest.fixture(autouse=True)
def _secrets(settings: Any) -> None:
    settings.INGEST_SECRET = SECRET
    settings.INGEST_PREVIOUS_SECRET = OLDER
    settings.INGEST_SQS_QUEUES = ["hits"]
    settings.INGEST_SIDEKIQ_QUEUES = ["hits"]


@pytest.fixture(autouse=True)
def _nobody_is_remembered() -> Iterator[None]:
    players.forget_players()
    yield
    players.forget_players()


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create(handle="alice", name="Crispy Alice")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create(handle="bob", name="Bold Bob")
