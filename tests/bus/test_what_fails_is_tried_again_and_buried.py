"""A handler that fails harms nobody else, is tried again, and ends as a dead letter that says why."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from events import delivering, giving_up
from events.models import Delivery, Event, Outbox, Score
from events.relaying import relay_deliveries, send_again
from events.subscribing import Occurred, registry
from tests.bus.buses import Bus
from tests.bus.listening import Listeners, event_ids, happen, owed
from tests.support.bus import settle

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "SHORT_PAUSES", (0, 0))


class Oven:
    """A handler that fails as often as it is told to."""

    def __init__(self, *, failures: int, error: Exception | None = None) -> None:
        self.failures = failures
        self.error = error or RuntimeError("the oven is cold")
        self.calls = 0

    def __call__(self, event: Occurred) -> None:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error


def _relay(bus: Bus, queue: str = "feed") -> None:
    """What is due now or ever is sent and opened."""
    relay_deliveries(now=timezone.now() + timedelta(days=1))
    for letter in bus.take(queue):
        bus.open(letter)


def _open_all(bus: Bus, queue: str = "feed") -> None:
    for letter in bus.take(queue):
        bus.open(letter)


def test_a_hiccup_is_over_before_anybody_notices(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry", doing=Oven(failures=2))
    places = happen()
    _open_all(bus)
    assert listeners.heard("entry") == places
    assert owed() == 0


def test_what_a_failing_handler_wrote_is_rolled_back(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry", doing=Oven(failures=99))
    happen()
    _open_all(bus)
    assert listeners.heard("entry") == []
    row = Delivery.objects.get()
    assert (row.attempts, row.error) == (1, "RuntimeError: the oven is cold")
    assert row.due_at > timezone.now()


def test_nobody_suffers_from_anothers_failure(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("a sound one")
    listeners.subscribe("broken", doing=Oven(failures=99))
    listeners.subscribe("sound", doing=lambda event: None)
    places = happen(3)
    _open_all(bus)
    assert listeners.heard("a sound one") == listeners.heard("sound") == places
    assert listeners.heard("broken") == []
    assert owed() == 3


def test_one_poisonous_event_spoils_none_beside_it(bus: Bus, listeners: Listeners) -> None:
    def choke(event: Occurred) -> None:
        if event.seq == poison:
            raise ValueError("poison")

    listeners.subscribe("entry", doing=choke)
    places = happen(5)
    poison = places[2]
    _open_all(bus)
    assert listeners.heard("entry") == [seq for seq in places if seq != poison]
    assert Delivery.objects.get(done_at=None).error == "ValueError: poison"


def test_a_handler_that_breaks_its_transaction_has_failed(bus: Bus, listeners: Listeners) -> None:
    def double(event: Occurred) -> None:
        for _ in range(2):
            try:
                Score.objects.create(board="b", player=event.seq, updated_at=timezone.now())
            except IntegrityError:
                return

    listeners.subscribe("double", doing=double)
    listeners.subscribe("sound")
    places = happen()
    _open_all(bus)
    assert listeners.heard("sound") == places
    if row := Delivery.objects.filter(handler="double", done_at=None).first():
        assert row.attempts == 1
        assert listeners.heard("double") == []


def test_it_is_tried_again_later_and_then_succeeds(bus: Bus, listeners: Listeners) -> None:
    tries_at_once = 1 + len(delivering.SHORT_PAUSES) + 1  # together, alone, and after each pause
    listeners.subscribe("entry", doing=Oven(failures=tries_at_once + 2))
    places = happen()
    _open_all(bus)
    for _ in range(4):
        _relay(bus)
    assert listeners.heard("entry") == places
    assert Delivery.objects.get().error == ""


def _fail_for_good(bus: Bus) -> None:
    _open_all(bus)
    for _ in range(giving_up.MAX_ATTEMPTS + 2):
        _relay(bus)


def test_pauses_grow_to_hours(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry", doing=Oven(failures=999))
    happen()
    _open_all(bus)
    pauses = []
    while not Delivery.objects.get().failed_at:
        pauses.append(Delivery.objects.get().due_at - timezone.now())
        _relay(bus)
    assert pauses == sorted(pauses)
    assert pauses[0] < timedelta(seconds=10)
    assert pauses[-1] > timedelta(hours=5)


def test_a_dead_letter_says_why_and_the_log_says_it_once(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry", doing=Oven(failures=999))
    happen()
    _fail_for_good(bus)
    row = Delivery.objects.get()
    assert row.failed_at is not None
    assert row.error == "RuntimeError: the oven is cold"
    settle()
    told = Event.objects.get(type="TASK_WORKER_FAILED").data
    assert told["handler"] == "entry"
    assert told["event_id"] == str(row.event_id)
    assert told["event_type"] == "USER_CREATED"
    assert told["error"] == row.error
    assert told["attempts"] == giving_up.MAX_ATTEMPTS


def test_a_subscriber_to_failures_that_fails_makes_no_more_of_them(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry", doing=Oven(failures=999))
    listeners.subscribe("alarm", "TASK_WORKER_FAILED", doing=Oven(failures=999))
    happen()
    _fail_for_good(bus)
    settle()
    _fail_for_good(bus)
    settle()
    assert Event.objects.filter(type="TASK_WORKER_FAILED").count() == 1
    assert set(Delivery.objects.exclude(failed_at=None).values_list("handler", flat=True)) == {
        "entry",
        "alarm",
    }
    assert not Outbox.objects.exists()


def test_a_dead_letter_is_sent_again_on_an_operators_word(bus: Bus, listeners: Listeners) -> None:
    oven = Oven(failures=999)
    listeners.subscribe("entry", doing=oven)
    places = happen()
    _fail_for_good(bus)
    oven.failures = 0
    assert send_again(Delivery.objects.all()) == 1
    _relay(bus)
    assert listeners.heard("entry") == places
    assert send_again(Delivery.objects.all()) == 0


def test_a_handler_that_vanished_from_the_code_ends_in_the_dead_letters(
    bus: Bus, listeners: Listeners
) -> None:
    listeners.subscribe("old name")
    listeners.subscribe("entry")
    places = happen()
    registry.forget("old name")
    _fail_for_good(bus)
    row = Delivery.objects.get(done_at=None)
    assert row.failed_at is not None
    assert "No handler is called old name" in row.error
    assert listeners.heard("entry") == places


def test_an_event_whose_contract_changed_fails_and_says_how(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    happen()
    seq = Event.objects.get().seq
    _change_data(seq, {"guest": True, "colour_of_socks": "red"})
    _open_all(bus)
    assert "colour_of_socks" in Delivery.objects.get().error


def _change_data(seq: int, data: dict[str, object]) -> None:
    """As if the code had changed since: the log itself refuses."""
    QuerySet(Event).filter(pk=seq).update(data=data)


def test_a_worker_that_its_handler_kills_is_not_killed_for_ever(bus: Bus, listeners: Listeners) -> None:
    class Killed(BaseException):
        """What no code of ours can catch stands for SIGKILL."""

    def kill(event: Occurred) -> None:
        raise Killed

    listeners.subscribe("killer", doing=kill)
    listeners.subscribe("sound")
    places = happen()
    deaths = 0
    for days in range(1, 40):
        relay_deliveries(now=timezone.now() + timedelta(days=days))
        try:
            delivering.deliver(queue="feed", event_ids=event_ids())
        except Killed:
            deaths += 1
    row = Delivery.objects.get(handler="killer")
    assert row.failed_at is not None
    assert "its worker died" in row.error
    assert deaths < 20
    assert listeners.heard("sound") == places


def test_slow_handlers_do_not_share_a_transaction(
    bus: Bus, listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "TOGETHER_SECONDS", 0)
    committed: list[int] = []

    def look(event: Occurred) -> None:
        committed.append(Delivery.objects.exclude(done_at=None).count())

    listeners.subscribe("slow", doing=look)
    happen(4)
    bus.take("feed")
    bus.announce_again("feed", list(Event.objects.values_list("event_id", flat=True)))
    _open_all(bus)
    assert committed == [0, 1, 2, 3]
