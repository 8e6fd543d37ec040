"""Handlers for the suite: what each heard is kept in the database, and so rolled back with it."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from events.contracts import UserCreated
from events.models import Delivery, Event, Score
from events.services import publish
from events.subscribing import Occurred, subscribe
from tests.support.bus import store_owed

ALICE = 1


class Listeners:
    """Subscribes handlers and counts what they heard. `heard` is what was committed, nothing else."""

    def __init__(self, subscribed: Callable[[], None] | None = None) -> None:
        self._subscribed = subscribed or (lambda: None)

    def subscribe(
        self,
        name: str,
        *types: str,
        queue: str = "feed",
        replayable: bool = True,
        doing: Callable[[Occurred], None] = lambda event: None,
    ) -> None:
        """A handler that notes what it hears (before it does what the test says)."""

        def handler(event: Occurred) -> None:
            _note(name, event)
            doing(event)

        subscribe(*(types or ("USER_CREATED",)), queue=queue, replayable=replayable, name=name)(handler)
        self._subscribed()

    def heard(self, name: str) -> list[int]:
        """The places in the log of the events that the handler heard, each as often as it did."""
        rows = Score.objects.filter(board=f"heard/{name}").values_list("player", "entries").order_by("player")
        return [seq for seq, times in rows for _ in range(times)]


def _note(name: str, event: Occurred) -> None:
    """A table of ours would need a migration; a board that no rule writes to serves as well."""
    row, _ = Score.objects.get_or_create(
        board=f"heard/{name}", player=event.seq, defaults={"updated_at": timezone.now()}
    )
    row.entries += 1
    row.save(update_fields=["entries"])


def happen(times: int = 1, *, guest: bool = True) -> list[int]:
    """Publish and store events of type USER_CREATED; gives their places in the log."""
    before = set(Event.objects.values_list("seq", flat=True))
    for _ in range(times):
        publish(type="USER_CREATED", actor=ALICE, data=UserCreated(guest=guest), source="tests")
    store_owed()
    places = sorted(set(Event.objects.values_list("seq", flat=True)) - before)
    assert len(places) == times
    return places


def event_ids() -> list[UUID]:
    """All of the log."""
    return list(Event.objects.order_by("seq").values_list("event_id", flat=True))


def owed() -> int:
    """Deliveries that are neither done nor dead."""
    return Delivery.objects.filter(done_at=None, failed_at=None).count()
