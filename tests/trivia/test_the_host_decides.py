"""Go on, pause, skip, void, extra time, teams, and what becomes of a game whose host or players are gone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import rooms.selectors
from accounts.models import User
from accounts.sessions import BACKEND
from rooms import services
from rooms.errors import HostOnly, NotNow, RoomLocked
from rooms.models import Room, Seat, Status
from rooms.tasks import sweep_rooms
from rooms.trivia import errors
from rooms.trivia import services as trivia
from rooms.trivia.exporting import csv_of, harmless
from rooms.trivia.models import Answer, Player, RoomQuestion
from rooms.trivia.selectors import deserted_games
from rooms.trivia.tasks import cycle_due_rooms, pause_deserted
from tests.support.people import make_player
from tests.trivia.conftest import Open
from tests.trivia.making import game_of, move_on, open_first, say, secret_of, start, take_the_host_away

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(open_room: Open, bob: User) -> Room:
    room = open_room()
    services.take_seat(room_id=room.id, user=bob)
    return room


def test_a_game_without_players_does_not_start(open_room: Open, alice: User) -> None:
    room = open_room()
    with pytest.raises(errors.NoPlayers):
        services.start(room_id=room.id, by=alice.pk)
    room.refresh_from_db()
    assert (room.status, game_of(room).phase) == (Status.LOBBY, "lobby")


def test_only_the_host_decides(room: Room, bob: User) -> None:
    game = open_first(room)
    now = game.opens_at + 1000
    for decide in (
        lambda: trivia.go_on(room_id=room.id, seq=game.seq, by=bob.pk, now=now),
        lambda: trivia.skip(room_id=room.id, seq=game.seq, by=bob.pk, now=now),
        lambda: trivia.pause(room_id=room.id, by=bob.pk, now=now),
        lambda: trivia.void(room_id=room.id, number=1, by=bob.pk, now=now),
        lambda: trivia.give_extra(room_id=room.id, slot=0, percent=50, by=bob.pk),
    ):
        with pytest.raises(HostOnly):
            decide()
    assert game_of(room).seq == game.seq


def test_going_on_closes_the_question_and_then_opens_the_next(room: Room, alice: User) -> None:
    game = open_first(room)
    now = game.opens_at + 2000
    trivia.go_on(room_id=room.id, seq=game.seq, by=alice.pk, now=now)
    shown = game_of(room)
    assert (shown.phase, shown.closes_at, shown.ends_at) == ("reveal", now, now + 6000)
    with pytest.raises(NotNow):
        trivia.go_on(room_id=room.id, seq=game.seq, by=alice.pk, now=now)
    trivia.go_on(room_id=room.id, seq=shown.seq, by=alice.pk, now=now + 500)
    assert (game_of(room).phase, game_of(room).number, game_of(room).opens_at) == ("open", 2, now + 1500)


def test_pausing_twice_is_pausing_once(room: Room, alice: User) -> None:
    game = open_first(room)
    assert trivia.pause(room_id=room.id, by=alice.pk, now=game.opens_at + 4000)
    assert not trivia.pause(room_id=room.id, by=alice.pk, now=game.opens_at + 5000)
    assert game_of(room).due_at is None
    assert trivia.advance(now=game.opens_at + 10_000_000) == 0
    assert trivia.resume(room_id=room.id, by=alice.pk, now=game.opens_at + 3_600_000)
    assert not trivia.resume(room_id=room.id, by=alice.pk, now=game.opens_at + 3_700_000)
    assert game_of(room).closes_at == game.opens_at + 3_600_000 + 6000


def test_a_skipped_question_counts_for_nobody(room: Room, alice: User, bob: User) -> None:
    game = open_first(room)
    say(room, bob.pk, secret_of(room)["answer"])
    trivia.skip(room_id=room.id, seq=game.seq, by=alice.pk, now=game.opens_at + 3000)
    after = game_of(room)
    assert (after.phase, after.number, after.seq) == ("open", 2, game.seq + 1)
    assert RoomQuestion.objects.get(game=game, number=1).voided_at
    assert Player.objects.get(user=bob).points == 0
    for _ in range(4):
        move_on(room)
    room.refresh_from_db()
    assert room.results["rows"][0]["answered"] == 0


def test_skipping_at_the_reveal_takes_the_points_back(room: Room, alice: User, bob: User) -> None:
    open_first(room)
    say(room, bob.pk, secret_of(room)["answer"])
    game = move_on(room)
    assert Player.objects.get(user=bob).points > 0
    trivia.skip(room_id=room.id, seq=game.seq, by=alice.pk, now=game.ends_at - 3000)
    assert Player.objects.get(user=bob).points == 0
    assert game_of(room).number == 2


def test_skipping_the_last_question_is_the_end(room: Room, alice: User) -> None:
    open_first(room)
    for _ in range(4):
        game = move_on(room)
    trivia.skip(room_id=room.id, seq=game.seq, by=alice.pk, now=game.opens_at + 1)
    room.refresh_from_db()
    assert room.status == Status.COMPLETED


def test_voiding_an_open_question_means_nobody_is_graded(room: Room, alice: User, bob: User) -> None:
    game = open_first(room)
    say(room, bob.pk, secret_of(room)["answer"])
    trivia.void(room_id=room.id, number=1, by=alice.pk, now=game.opens_at + 2000)
    move_on(room)
    assert Answer.objects.get().points is None
    outcome = RoomQuestion.objects.get(game=game, number=1).outcome
    assert (outcome["answers"], outcome["standings"][0]["gained"]) == (1, 0)
    with pytest.raises(errors.NoSuchQuestion):
        trivia.void(room_id=room.id, number=2, by=alice.pk, now=game.opens_at + 2000)


def test_the_host_may_end_it_in_the_middle(room: Room, alice: User, bob: User) -> None:
    open_first(room)
    say(room, bob.pk, secret_of(room)["answer"], after=0)
    move_on(room)
    ended = services.end(room_id=room.id, by=alice.pk)
    assert [(row["name"], row["points"]) for row in ended.results["rows"]] == [("Bob", 1000)]
    assert (game_of(room).phase, game_of(room).due_at) == ("over", None)
    assert trivia.advance(now=2_000_000_000_000) == 0


def test_without_late_joining_the_door_is_locked_but_not_for_those_who_were_there(
    open_room: Open, bob: User, charlie: User
) -> None:
    room = open_room(late_joining=False)
    services.take_seat(room_id=room.id, user=bob)
    start(room)
    with pytest.raises(RoomLocked):
        services.take_seat(room_id=room.id, user=charlie)
    Seat.objects.filter(user=bob).update(seen_at=timezone.now() - timedelta(minutes=5))
    services.free_expired_seats(room_id=room.id)
    assert services.take_seat(room_id=room.id, user=bob).slot == 0


def test_who_is_kicked_has_no_place_in_the_standings(
    room: Room, alice: User, bob: User, charlie: User
) -> None:
    services.take_seat(room_id=room.id, user=charlie)
    open_first(room)
    right = secret_of(room)["answer"]
    say(room, bob.pk, right)
    say(room, charlie.pk, right + 1 if right < 3 else 0)
    services.kick(room_id=room.id, slot=0, by=alice.pk)
    move_on(room)
    standings = RoomQuestion.objects.get(game_id=room.id, number=1).outcome["standings"]
    assert [(line["user"], line["rank"]) for line in standings] == [(charlie.pk, 1)]
    assert [row["name"] for row in services.end(room_id=room.id, by=None).results["rows"]] == ["Charlie"]


# --- teams ----------------------------------------------------------------------------------------


def test_who_comes_late_and_answers_at_once_has_a_team_too(open_room: Open, bob: User, charlie: User) -> None:
    room = open_room(teams=True)
    services.take_seat(room_id=room.id, user=bob)
    open_first(room)
    services.take_seat(room_id=room.id, user=charlie)
    say(room, charlie.pk, 0)
    assert trivia.enrol(room_id=room.id) == 1
    assert list(Player.objects.order_by("id").values_list("user", "team")) == [(bob.pk, 0), (charlie.pk, 1)]
    assert trivia.enrol(room_id=room.id) == 0


def test_teams_are_even_and_can_be_changed_in_the_lobby(open_room: Open) -> None:
    room = open_room(teams=True)
    players = [make_player(f"Player{number}") for number in range(5)]
    for user in players:
        services.take_seat(room_id=room.id, user=user)
    trivia.enrol(room_id=room.id)
    teams = list(Player.objects.order_by("id").values_list("team", flat=True))
    assert teams == [0, 1, 0, 1, 0]
    trivia.choose_team(room_id=room.id, user_id=players[0].pk, team=1)
    assert Player.objects.get(user=players[0]).team == 1
    with pytest.raises(errors.NoSuchTeam):
        trivia.choose_team(room_id=room.id, user_id=players[0].pk, team=9)
    start(room)
    with pytest.raises(errors.TeamsAreSet):
        trivia.choose_team(room_id=room.id, user_id=players[0].pk, team=0)


def test_a_team_has_the_mean_of_its_players(open_room: Open) -> None:
    room = open_room(teams=True, speed=0)
    players = [make_player(f"Player{number}") for number in range(3)]
    for user in players:
        services.take_seat(room_id=room.id, user=user)
    open_first(room)
    say(room, players[0].pk, secret_of(room)["answer"])
    move_on(room)
    ended = services.end(room_id=room.id, by=None)
    assert [(team["team"], team["points"], team["members"]) for team in ended.results["teams"]] == [
        (0, 500, 2),
        (1, 0, 1),
    ]


# --- those who are gone ---------------------------------------------------------------------------


def test_when_everybody_is_gone_the_game_waits_and_then_expires(room: Room, bob: User) -> None:
    game = open_first(room)
    assert deserted_games() == []
    Seat.objects.filter(room=room).update(seen_at=timezone.now() - timedelta(seconds=40))
    assert pause_deserted() == 1
    assert (game_of(room).deserted, game_of(room).due_at) == (True, None)
    assert pause_deserted() == 0
    assert trivia.resume(room_id=room.id, by=None, now=game.opens_at + 500_000, only_if_deserted=True)
    pause_deserted()
    Room.objects.filter(pk=room.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    Seat.objects.filter(room=room).update(seen_at=timezone.now() - timedelta(seconds=100))
    sweep_rooms()
    room.refresh_from_db()
    assert (room.status, game_of(room).phase) == (Status.EXPIRED, "over")


def test_somebody_who_comes_back_does_not_end_a_pause_of_the_host(room: Room, alice: User) -> None:
    game = open_first(room)
    trivia.pause(room_id=room.id, by=alice.pk, now=game.opens_at + 1)
    assert not trivia.resume(room_id=room.id, by=None, now=game.opens_at + 2, only_if_deserted=True)


def test_hosting_passes_on_when_the_host_has_neither_seat_nor_screen(
    room: Room, alice: User, bob: User
) -> None:
    Room.objects.filter(pk=room.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    services.see_hosts(room_ids=[room.id])
    sweep_rooms()
    room.refresh_from_db()
    assert room.host == alice
    Room.objects.filter(pk=room.pk).update(host_seen_at=timezone.now() - timedelta(seconds=61))
    sweep_rooms()
    room.refresh_from_db()
    assert room.host == bob


def test_a_host_who_just_opened_the_room_has_a_minute_to_come(room: Room, alice: User) -> None:
    assert not rooms.selectors.deserted_by_their_host(now=timezone.now()).exists()


def test_a_host_who_came_back_after_the_sweep_looked_stays_the_host(room: Room, alice: User) -> None:
    take_the_host_away(room)
    assert rooms.selectors.deserted_by_their_host(now=timezone.now()).get() == room
    services.see_hosts(room_ids=[room.id])
    services.pass_host_on(room_id=room.id)
    room.refresh_from_db()
    assert room.host == alice


# --- the task, and what others must not find ------------------------------------------------------


def test_the_task_moves_on_what_is_due_and_waits_for_nothing(room: Room) -> None:
    open_first(room, ago=600_000)
    assert cycle_due_rooms() == 1  # it is late: what follows is reckoned from now on
    assert game_of(room).phase == "reveal"
    assert cycle_due_rooms() == 0


def test_a_new_host_is_a_change_that_every_process_reads(room: Room, bob: User) -> None:
    take_the_host_away(room)
    before = Room.objects.get(pk=room.pk).version
    services.pass_host_on(room_id=room.id)
    room.refresh_from_db()
    assert (room.host_id, room.version) == (bob.pk, before + 1)


def test_a_room_whose_question_is_gone_fails_and_the_others_go_on(open_room: Open, bob: User) -> None:
    rooms_ = [open_room(seed=1), open_room(seed=2)]
    for room in rooms_:
        services.take_seat(room_id=room.id, user=bob)
        start(room)
    RoomQuestion.objects.filter(game_id=rooms_[0].id).delete()
    trivia.advance(now=max(game_of(room).due_at for room in rooms_))
    for room in rooms_:
        room.refresh_from_db()
    assert [room.status for room in rooms_] == [Status.FAILED, Status.IN_PROGRESS]
    assert game_of(rooms_[1]).phase == "open"


def test_skipping_to_a_question_that_is_gone_fails_at_once(room: Room, alice: User) -> None:
    game = open_first(room)
    RoomQuestion.objects.filter(game=game, number=2).delete()
    trivia.skip(room_id=room.id, seq=game.seq, by=alice.pk, now=game.opens_at + 1000)
    room.refresh_from_db()
    assert (room.status, game_of(room).phase) == (Status.FAILED, "over")


def test_a_question_that_cannot_be_graded_fails_its_room_alone(open_room: Open, bob: User) -> None:
    rooms_ = [open_room(seed=1), open_room(seed=2)]
    for room in rooms_:
        services.take_seat(room_id=room.id, user=bob)
        open_first(room)
        say(room, bob.pk, 0)
    RoomQuestion.objects.filter(game_id=rooms_[0].id).update(secret={})
    trivia.advance(now=max(game_of(room).due_at for room in rooms_))
    for room in rooms_:
        room.refresh_from_db()
    assert [room.status for room in rooms_] == [Status.FAILED, Status.IN_PROGRESS]


def test_quick_play_never_opens_a_quiz(client: Client, room: Room) -> None:
    assert rooms.selectors.exhibition_room(kind="trivia") is None
    page = client.get(reverse("lobby")).content.decode()
    assert room.code in page


# --- the podium as a file -------------------------------------------------------------------------


def test_the_host_gets_the_results_as_csv_and_nobody_else(
    client: Client, room: Room, alice: User, bob: User
) -> None:
    open_first(room)
    say(room, bob.pk, secret_of(room)["answer"], after=0)
    move_on(room)
    address = reverse("trivia_results", args=[room.code])
    assert client.get(address).status_code == 404
    client.force_login(alice, backend=BACKEND)
    assert client.get(address).status_code == 404  # not yet
    services.end(room_id=room.id, by=alice.pk)
    answer = client.get(address)
    assert answer.content.decode("utf-8-sig").splitlines()[1] == "1,Bob,1000,1,1,1,0"
    client.force_login(bob, backend=BACKEND)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["=1+1", "+SUM(A1)", "-2", "@x", "\t=1", " =1", "\uff1d1+1"])
def test_no_name_is_a_formula(name: str) -> None:
    assert harmless(name).startswith("'")
    row = {
        "name": name,
        "points": 1,
        "right": 1,
        "answered": 1,
        "best_streak": 1,
        "fastest_ms": None,
        "team": 1,
    }
    assert "'" in csv_of({"rows": [row]})


def test_other_names_stay_as_they_are() -> None:
    assert [harmless(name) for name in ("Bob", "Zoë 🍕", "O'Neill", "a=b", "مرحبا")] == [
        "Bob",
        "Zoë 🍕",
        "O'Neill",
        "a=b",
        "مرحبا",
    ]
