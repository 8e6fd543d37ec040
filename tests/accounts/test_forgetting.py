"""Guests who never came back are forgotten, unless a point is theirs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import User
from events.models import Score

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_guests_that_never_scored_are_forgotten_and_others_are_not(
    gus: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "FORGET_AT_ONCE", 1)
    scored, recent = services.create_guest(), services.create_guest()
    long_ago = timezone.now() - timedelta(days=61)
    User.objects.exclude(pk=recent.pk).update(date_joined=long_ago, last_login=long_ago)
    Score.objects.create(board="arena/all", player=scored.pk, points=1, entries=1, updated_at=long_ago)
    assert services.forget_idle_guests() == 1
    assert set(User.objects.all()) == {scored, recent, alice}
