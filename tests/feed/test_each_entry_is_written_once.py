"""Whatever comes twice, late or out of order: the feed is that of the log, and a replay makes it again."""

from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from events import reading
from events.contracts import UserCreated
from events.delivering import deliver
from events.feed import handlers, selectors
from events.feed.models import Entry
from events.models import Delivery, Event
from events.retention import prune
from tests.feed.conftest import entries, happen, room_event, settle
from tests.support.bus import store_owed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

NAME = "events.feed.handlers.write_entries"


@pytest.fixture
def evening(alice: User, bob: User) -> list[Event]:
    """What happened, stored but not delivered."""
    happen("USER_CREATED", UserCreated(guest=False), actor=alice)
    happen("USER_CREATED", UserCreated(guest=False, invited_by=alice.pk), actor=bob)
    for number in range(6):
        room = room_event("ROOM_CREATED", actor=alice, visibility=["public", "private"][number % 2])
        room_event("ROOM_COMPLETED", actor=alice, room=room, winner=bob.pk, points=number + 1)
    store_owed()
    return list(Event.objects.order_by("seq"))


def test_lines_are_in_the_logs_order_however_events_come(evening: list[Event]) -> None:
    shuffled = evening * 3
    Random(7).shuffle(shuffled)
    for event in shuffled:
        deliver(queue="feed", event_ids=[event.event_id])
    lines = selectors.page(audiences=["public"], limit=50).lines
    seqs = [line.seq for line in lines]
    assert seqs == sorted(set(seqs), reverse=True)
    assert len(lines) == 2 + 3 + 6
    assert not Delivery.objects.filter(queue="feed", done_at=None).exists()


def test_a_handler_that_is_run_again_writes_nothing_new(evening: list[Event]) -> None:
    settle()
    before = entries()
    for event in evening:
        handlers.write_entries(reading.occurred(event))
    assert entries() == before


def test_a_replay_makes_the_same_feed_again(evening: list[Event]) -> None:
    settle()
    before = entries()
    Entry.objects.all().delete()
    output = StringIO()
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    call_command("replay_events", "--handler", NAME, "--since", since, "--again", stdout=output)
    settle()
    assert entries() == before
    assert len(before) > 20


def test_a_handler_that_came_later_hears_of_what_was_before_it(evening: list[Event]) -> None:
    Delivery.objects.all().delete()
    call_command("replay_events", "--handler", NAME, "--since", "1h", stdout=StringIO())
    settle()
    assert {kind for _, _, kind in entries()} == {"joined", "invited", "opened", "won"}


def test_the_feed_forgets_what_is_old_and_can_be_made_of_the_log_again(evening: list[Event]) -> None:
    settle()
    before = entries()
    old = evening[: len(evening) // 2]
    then = timezone.now() - timedelta(days=400)
    QuerySet(Event).filter(pk__in=[event.pk for event in old]).update(recorded_at=then)
    removed = prune()["feed entries"]
    assert removed == len(before) - len(entries()) > 0
    assert {seq for seq, _, _ in entries()} <= {event.seq for event in evening[len(old) :]}
    call_command("replay_events", "--handler", NAME, "--since", "500d", "--again", stdout=StringIO())
    settle()
    assert entries() == before
