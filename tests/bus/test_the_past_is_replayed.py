"""`manage.py replay_events`: what a handler missed is sent to it; what it heard only if somebody insists."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from events import replaying
from events.management.commands.replay_events import Command
from events.models import Delivery, Event, Replay
from tests.bus.buses import Bus
from tests.bus.listening import Listeners, happen
from tests.events.making import hit, store

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def _replay(*arguments: str, handler: str = "new") -> str:
    output = StringIO()
    call_command("replay_events", "--handler", handler, "--since", "1h", *arguments, stdout=output)
    return output.getvalue()


def _open_all(bus: Bus) -> None:
    for letter in bus.take("feed"):
        bus.open(letter)


def test_a_new_handler_hears_what_was_before_it(bus: Bus, listeners: Listeners) -> None:
    places = happen(3)
    listeners.subscribe("new")
    assert "3 events would be sent" in _replay("--dry-run")
    assert not Delivery.objects.exists()
    assert "3 events are on their way" in _replay()
    _open_all(bus)
    assert listeners.heard("new") == places


def test_what_it_heard_is_left_alone(bus: Bus, listeners: Listeners) -> None:
    missed = happen(2)
    listeners.subscribe("new")
    heard = happen(2)
    _open_all(bus)
    assert "2 events would be sent" in _replay("--dry-run")
    assert "2 events are on their way" in _replay()
    assert "0 events are on their way" in _replay()
    _open_all(bus)
    assert listeners.heard("new") == missed + heard


def test_it_hears_again_only_when_somebody_says_again(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("new")
    places = happen(2)
    _open_all(bus)
    assert "2 events are on their way" in _replay("--again")
    _open_all(bus)
    assert listeners.heard("new") == sorted(places * 2)


def test_only_types_and_times_that_were_asked_for_are_sent(bus: Bus, listeners: Listeners) -> None:
    happen(2)
    store([hit()])
    listeners.subscribe("new", "USER_CREATED", "SHIP_HIT")
    assert "1 events would be sent" in _replay("--dry-run", "--type", "ship_hit")
    assert "0 events would be sent" in _replay("--dry-run", "--until", "30m")
    listeners.subscribe("all", "*")
    assert "2 events would be sent" in _replay("--dry-run", handler="all")


def test_a_replay_that_was_killed_goes_on_where_it_was(
    bus: Bus, listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "CHUNK", 2)
    listeners.subscribe("new")
    places = happen(5)
    _open_all(bus)
    asked = replaying.Asked(handler="new", since=timezone.now() - timedelta(hours=1), again=True)

    class Killed(BaseException):
        pass

    def die(done: int, total: int) -> None:
        assert (done, total) == (2, 5)
        raise Killed

    with pytest.raises(Killed):
        replaying.replay(asked, progress=die)
    seen: list[tuple[int, int]] = []
    done = replaying.replay(asked, progress=lambda *step: seen.append(step))
    assert seen == [(4, 5), (5, 5)]
    assert done.sent == 5
    assert Replay.objects.get().finished_at is not None
    _open_all(bus)
    assert listeners.heard("new") == sorted(places * 2)


@pytest.mark.parametrize(
    ("handler", "arguments", "hint"),
    [
        ("nobody", [], "There is no handler 'nobody'"),
        ("mail", [], "may not be replayed"),
        ("new", ["--type", "ROOM_CREATED"], "did not subscribe to ROOM_CREATED"),
        ("new", ["--type", "NONSENSE"], "is no type of event"),
        ("new", ["--until", "soon"], "neither such as 10m"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint(
    listeners: Listeners, handler: str, arguments: list[str], hint: str
) -> None:
    listeners.subscribe("new")
    listeners.subscribe("mail", replayable=False)
    with pytest.raises(CommandError, match=hint):
        _replay(*arguments, handler=handler)


def test_the_place_of_a_moment_in_the_log_is_found_by_halving(listeners: Listeners) -> None:
    now = timezone.now()
    Event.objects.bulk_create(
        Event(
            event_id=hit().event_id,
            type="USER_CREATED",
            source="t",
            occurred_at=now,
            recorded_at=now - timedelta(hours=40 - n),
        )
        for n in range(40)
    )
    seqs = list(Event.objects.order_by("seq").values_list("seq", flat=True))
    for n in (0, 1, 17, 39):
        moment = now - timedelta(hours=40 - n) + timedelta(minutes=1)
        place = replaying.first_seq_since(moment)
        assert [seq for seq in seqs if seq >= place] == seqs[n:]
    assert replaying.first_seq_since(now + timedelta(days=1)) > seqs[-1]


def test_who_stops_it_is_told_how_to_go_on(
    bus: Bus, listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although `1h` is another moment by then."""

    def interrupt(command: object, done: int, total: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(replaying, "CHUNK", 2)
    listeners.subscribe("new")
    places = happen(3)
    _open_all(bus)
    with monkeypatch.context() as patched:
        patched.setattr(Command, "_progress", interrupt)
        with pytest.raises(CommandError) as stopped:
            _replay("--again", "--type", "user_created")
    command = str(stopped.value).partition("manage.py ")[2]
    call_command(*command.split(), stdout=StringIO())
    _open_all(bus)
    assert Replay.objects.get().sent == 3
    assert listeners.heard("new") == sorted(places * 2)


def test_what_was_rolled_back_for_another_transaction_is_not_counted(
    bus: Bus, listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    conflicts = [OperationalError("database is locked")]

    @contextmanager
    def atomic() -> Iterator[None]:
        with transaction.atomic():
            yield
            if conflicts:
                raise conflicts.pop()

    monkeypatch.setattr(replaying, "transaction", SimpleNamespace(atomic=atomic))
    happen(3)
    listeners.subscribe("new")
    assert "3 events are on their way" in _replay()
    assert not conflicts
