"""From the lobby to the podium: each step once, by whom it may be, with its event."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from events.models import Outbox
from rooms import codes, errors, selectors, services, tasks
from rooms.models import Room, Seat, Status, Visibility

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def published() -> list[str]:
    """The types of the events in the outbox, in order."""
    import json

    rows = Outbox.objects.filter(task="events.tasks.store_events").order_by("created_at")
    return [event["type"] for row in rows for event in json.loads(row.payload)]


def test_a_room_gets_a_code_that_can_be_read_out(room: Room) -> None:
    assert len(room.code) == 6
    assert set(room.code) <= set(codes.ALPHABET)


def test_no_code_reads_as_a_rude_word() -> None:
    assert not codes.is_clean("WTFBBB")
    assert all(codes.is_clean(codes.random_code()) for _ in range(500))


def test_a_code_may_be_typed_carelessly() -> None:
    assert codes.normal_code(" bcd-fgh ") == "BCDFGH"


def test_a_taken_code_is_drawn_again(room: Room, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([room.code, room.code, "XXXXXX"])
    monkeypatch.setattr("rooms.services.creating.random_code", lambda: next(drawn))
    assert services.create_room(kind="echo", settings={}, host=bob).code == "XXXXXX"


def test_wrong_settings_are_named_field_by_field(alice: User) -> None:
    with pytest.raises(errors.BadSettings) as refused:
        services.create_room(
            kind="echo", settings={"size": 1, "skill": "godlike", "cheese": True}, host=alice
        )
    assert refused.value.fields == {
        "size": "Must be at least 2.",
        "skill": "There is no such choice: 'godlike'.",
        "cheese": "This game has no such setting.",
    }


def test_the_host_starts_a_round_with_a_countdown(room: Room, alice: User) -> None:
    Room.objects.filter(pk=room.pk).update(settings={"round_seconds": 120})
    before = timezone.now()
    started = services.start(room_id=room.id, by=alice.pk)
    assert started.status == Status.IN_PROGRESS
    assert started.starts_at is not None
    assert started.ends_at is not None
    assert before <= started.starts_at - timedelta(seconds=3) <= timezone.now()
    assert started.ends_at - started.starts_at == timedelta(seconds=120)
    assert published() == ["ROOM_CREATED", "ROOM_STARTED"]


def test_nobody_else_starts_it_and_nobody_twice(room: Room, alice: User, bob: User) -> None:
    with pytest.raises(errors.HostOnly):
        services.start(room_id=room.id, by=bob.pk)
    services.start(room_id=room.id, by=alice.pk)
    with pytest.raises(errors.NotNow):
        services.start(room_id=room.id, by=alice.pk)
    assert published().count("ROOM_STARTED") == 1


def test_a_round_is_completed_once_and_only_by_its_host_process(room: Room, alice: User) -> None:
    services.start(room_id=room.id, by=alice.pk)
    epoch = services.begin_hosting(room_id=room.id)
    newer = services.begin_hosting(room_id=room.id)
    with pytest.raises(errors.NotNow):
        services.complete(room_id=room.id, results={"rows": ["old"]}, epoch=epoch)
    services.complete(room_id=room.id, results={"rows": []}, epoch=newer)
    with pytest.raises(errors.NotNow):
        services.complete(room_id=room.id, results={"rows": ["late"]}, epoch=newer)
    room.refresh_from_db()
    assert room.results == {"rows": []}
    assert published().count("ROOM_COMPLETED") == 1


def test_a_failed_room_says_why(room: Room) -> None:
    failed = services.fail(room_id=room.id, reason="x" * 500)
    assert (failed.status, len(failed.failure)) == (Status.FAILED, 200)
    assert published()[-1] == "ROOM_FAILED"


def test_a_lost_race_changes_nothing_and_says_so(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from rooms.services import changing

    stale = changing.get_room(room.id)
    monkeypatch.setattr(changing, "get_room", lambda room_id: stale)
    Room.objects.filter(pk=room.pk).update(version=99)
    with pytest.raises(errors.NotNow):
        services.end(room_id=room.id, by=None)
    room.refresh_from_db()
    assert (room.status, room.version) == (Status.LOBBY, 99)


def test_a_rematch_invites_everybody_who_is_still_there(room: Room, alice: User, bob: User) -> None:
    for user in (alice, bob):
        services.take_seat(room_id=room.id, user=user)
    services.end(room_id=room.id, by=alice.pk)
    new = services.rematch(room_id=room.id, by=alice)
    assert new == services.rematch(room_id=room.id, by=alice)
    assert (new.settings, new.host) == (room.settings, alice)
    assert set(Seat.objects.filter(room=new, slot__isnull=False).values_list("user_id", flat=True)) == {
        alice.pk,
        bob.pk,
    }
    assert selectors.read_room(room.id).next_code == new.code


def test_a_rematch_is_the_hosts_and_after_the_round(room: Room, alice: User, bob: User) -> None:
    with pytest.raises(errors.NotNow):
        services.rematch(room_id=room.id, by=alice)
    with pytest.raises(errors.HostOnly):
        services.rematch(room_id=room.id, by=bob)


def test_quick_play_prefers_the_room_with_most_people(alice: User, bob: User, charlie: User) -> None:
    quiet = services.exhibition_room()
    busy = services.create_room(kind="echo", settings={}, host=alice, running=True)
    services.take_seat(room_id=busy.id, user=alice)
    assert services.quick_play(user=bob) == busy
    services.lock(room_id=busy.id, locked=True, by=alice.pk)
    assert services.quick_play(user=charlie) == quiet


def test_quick_play_opens_a_room_when_there_is_none(bob: User) -> None:
    room = services.quick_play(user=bob)
    assert (room.status, room.visibility, room.host) == (Status.IN_PROGRESS, Visibility.PUBLIC, None)
    assert Seat.objects.get(room=room, user=bob).slot == 0


def test_quick_play_never_leads_back_to_a_room_that_kicked(bob: User) -> None:
    room = services.exhibition_room()
    services.take_seat(room_id=room.id, user=bob)
    services.kick(room_id=room.id, slot=0, by=None)
    assert services.quick_play(user=bob) != room


def test_there_is_one_exhibition_room(db: None) -> None:
    assert services.exhibition_room() == services.exhibition_room()


def test_private_rooms_are_not_in_the_lobby(room: Room, alice: User) -> None:
    services.create_room(kind="echo", settings={}, host=alice, visibility=Visibility.PRIVATE)
    services.take_seat(room_id=room.id, user=alice)
    assert selectors.lobby_rooms() == [
        {
            "code": room.code,
            "title": "Alice's kitchen",
            "kind": "echo",
            "game": "Echo",
            "players": 1,
            "bots": 0,
            "capacity": 3,
            "status": "LOBBY",
            "locked": False,
        }
    ]


def test_the_sweep_completes_rounds_whose_host_process_is_gone(room: Room, alice: User) -> None:
    services.take_seat(room_id=room.id, user=alice)
    services.start(room_id=room.id, by=alice.pk)
    Room.objects.filter(pk=room.pk).update(ends_at=timezone.now() - timedelta(seconds=11))
    assert tasks.sweep_rooms()["completed"] == 1
    room.refresh_from_db()
    assert room.status == Status.COMPLETED
    assert room.results is not None
    assert room.results["rows"][0]["name"] == "Alice"


def test_the_sweep_leaves_rounds_that_just_ended_to_their_host_process(room: Room, alice: User) -> None:
    services.start(room_id=room.id, by=alice.pk)
    Room.objects.filter(pk=room.pk).update(ends_at=timezone.now() - timedelta(seconds=2))
    assert tasks.sweep_rooms()["completed"] == 0


def test_the_sweep_expires_abandoned_rooms_but_not_the_exhibition(room: Room) -> None:
    exhibition = services.exhibition_room()
    Room.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tasks.sweep_rooms()["expired"] == 1
    room.refresh_from_db(), exhibition.refresh_from_db()
    assert (room.status, exhibition.status) == (Status.EXPIRED, Status.IN_PROGRESS)
    assert published()[-1] == "ROOM_EXPIRED"


def test_one_sweep_does_not_take_on_everything(
    room: Room, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.create_room(kind=room.kind, settings=room.settings, host=alice)
    Room.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    monkeypatch.setattr(tasks, "MOST", 1)
    assert [tasks.sweep_rooms()["expired"] for _ in range(3)] == [1, 1, 0]


def test_the_sweep_spares_rooms_with_people(room: Room, bob: User) -> None:
    services.take_seat(room_id=room.id, user=bob)
    Room.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tasks.sweep_rooms()["expired"] == 0


def test_the_sweep_frees_seats_and_passes_hosting_on(room: Room, alice: User, bob: User) -> None:
    for user in (alice, bob):
        services.take_seat(room_id=room.id, user=user)
    gone = timezone.now() - timedelta(seconds=61)
    Seat.objects.filter(user=alice).update(seen_at=gone)
    assert tasks.sweep_rooms()["freed"] == 1
    room.refresh_from_db()
    assert room.host == bob


def test_a_code_is_free_again_after_the_end(room: Room, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    services.end(room_id=room.id, by=None)
    monkeypatch.setattr("rooms.services.creating.random_code", lambda: room.code)
    newer = services.create_room(kind="echo", settings={}, host=bob)
    assert selectors.room_by_code(room.code.lower()) == newer
