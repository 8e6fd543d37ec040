"""What accounts forget: guests who never came back, unless a point is theirs, and sessions that ended."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import services
from accounts.models import User
from events import retention
from events.models import Score

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_guests_that_never_scored_are_forgotten_and_others_are_not(
    gus: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    scored, recent = services.create_guest(), services.create_guest()
    long_ago = timezone.now() - timedelta(days=61)
    User.objects.exclude(pk=recent.pk).update(date_joined=long_ago, last_login=long_ago)
    Score.objects.create(board="arena/all", player=scored.pk, points=1, entries=1, updated_at=long_ago)
    assert retention.prune()["idle guests"] == 1
    assert set(User.objects.all()) == {scored, recent, alice}


def test_only_sessions_that_ended_are_removed() -> None:
    now = timezone.now()
    for key, hours in (("ended", -1), ("lasting", 1)):
        Session.objects.create(session_key=key, expire_date=now + timedelta(hours=hours))
    assert retention.prune()["ended sessions"] == 1
    assert Session.objects.get().session_key == "lasting"
