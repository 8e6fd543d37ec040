"""What accounts forget: sessions that ended, and guests who never came back."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from events.models import Score
from events.retention import Kind, retain
from events.selectors import all_time_boards


def _ended_sessions(before: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=before)


def _idle_guests(before: datetime) -> QuerySet[User]:
    """Guests who never scored: they have no receipts, so nothing in the log loses its owner."""
    scored = Score.objects.filter(player=OuterRef("pk"), board__in=all_time_boards())
    idle = User.objects.filter(is_guest=True, is_staff=False, banned_at=None, email=None)
    idle = idle.filter(Q(last_login__lt=before) | Q(last_login=None, date_joined__lt=before))
    return idle.exclude(Exists(scored))


retain(Kind(name="ended sessions", doomed=_ended_sessions))
retain(Kind(name="idle guests", setting="KEEP_IDLE_GUESTS_DAYS", doomed=_idle_guests))
