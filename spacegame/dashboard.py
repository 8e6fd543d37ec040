"""What an operator sees first in the kitchen: how busy it is, what is owed, and which part is amiss."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from events.boards import boards_for
from events.ingest.models import RefusedJob
from events.metrics import snapshot
from events.models import RefusedEvent, Score
from events.webhooks.metrics import snapshot as webhooks_snapshot
from rooms.games import all_games
from rooms.models import OPEN_STATUSES, Room, Seat
from rooms.selectors import HOLD
from spacegame import health

OLD_SECONDS = 30.0


@dataclass(frozen=True)
class Figure:
    """One number, what it counts, where to look closer, and whether somebody should."""

    label: str
    value: int
    hint: str
    href: str
    alarm: bool = False


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds a title, `figures` and `parts` to the index page of the admin."""
    context["title"] = "The pass"
    context["figures"] = [*_busy(), *_owed(), *_webhooks()]
    context["parts"] = health.report()["parts"]
    return context


def _busy() -> list[Figure]:
    now = timezone.now()
    rooms = Room.objects.filter(status__in=OPEN_STATUSES).count()
    people = Seat.objects.filter(slot__isnull=False, seen_at__gte=now - HOLD).count()
    today = Q(
        board__in=[
            board for game in all_games() for board in boards_for(game.kind, None, now) if "/day/" in board
        ]
    )
    scored = Score.objects.filter(today).aggregate(entries=Sum("entries"))["entries"] or 0
    return [
        Figure("Rooms open", rooms, "being played, or waiting", reverse("admin:rooms_room_changelist")),
        Figure(
            "People playing", people, "seats held in the last minute", reverse("admin:rooms_seat_changelist")
        ),
        Figure(
            "Scored today",
            scored,
            "hits and answers since midnight, UTC",
            reverse("admin:events_score_changelist"),
        ),
    ]


def _owed() -> list[Figure]:
    now = snapshot()
    outbox = reverse("admin:events_outbox_changelist")
    age = f"the oldest for {now['outbox_age']:.0f} s" if now["outbox_depth"] else "nothing waits"
    deliveries = reverse("admin:events_delivery_changelist")
    late = f"the oldest for {now['deliveries_age']:.0f} s" if now["deliveries_owed"] else "everybody was told"
    refused = RefusedEvent.objects.count()
    refusals = reverse("admin:events_refusedevent_changelist")
    return [
        Figure("In the outbox", now["outbox_depth"], age, outbox, now["outbox_age"] > OLD_SECONDS),
        Figure(
            "Dead letters",
            now["dead_letters"],
            "given up, and kept",
            f"{outbox}?state=dead",
            now["dead_letters"] > 0,
        ),
        Figure(
            "Deliveries owed", now["deliveries_owed"], late, deliveries, now["deliveries_age"] > OLD_SECONDS
        ),
        Figure(
            "Dead deliveries",
            now["dead_deliveries"],
            "handlers that gave up",
            f"{deliveries}?state=dead",
            now["dead_deliveries"] > 0,
        ),
        Figure("Refused hits", refused, "not believed, kept with the reason", refusals),
        Figure(
            "Refused jobs",
            RefusedJob.objects.count(),
            "of other game servers",
            reverse("admin:ingest_refusedjob_changelist"),
        ),
    ]


def _webhooks() -> list[Figure]:
    now = webhooks_snapshot()
    broken = f"failing: {now['failing']}, switched off: {now['disabled']}"
    return [
        Figure(
            "Webhooks owed",
            now["owed"],
            f"the oldest for {now['age']:.0f} s" if now["owed"] else "all are out",
            f"{reverse('admin:webhooks_sending_changelist')}?state__exact=owed",
        ),
        Figure(
            "Webhook endpoints",
            now["active"],
            broken if now["failing"] or now["disabled"] else "all take what they get",
            reverse("admin:webhooks_endpoint_changelist"),
            now["failing"] > 0,
        ),
    ]
