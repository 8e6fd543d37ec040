"""Practice, countdown, round, podium; and who flies when."""

import asyncio
import json

import msgspec
import pytest

from rooms.arena.game import ArenaGame
from rooms.arena.options import ArenaSettings
from rooms.errors import BadFrame
from tests.arena.kitchen import START_MS, Cellar, Kitchen


def settle(
    kitchen: Kitchen, status: str, *, starts_ms: int | None = None, ends_ms: int | None = None
) -> None:
    """The room changed in the database."""
    room = kitchen.room
    room.status, room.starts_at = status, starts_ms
    kitchen.live.room_changed()


async def test_in_the_lobby_people_practise_and_nothing_is_recorded() -> None:
    kitchen = Kitchen(status="LOBBY")
    shooter, _ = kitchen.sit(0), kitchen.sit(1)
    kitchen.ticks(4)
    kitchen.aim_at(0, 1)
    kitchen.shoot(shooter)
    kitchen.ticks(10)
    assert kitchen.live.view()["practice"] is True
    assert any(snapshot.hits for snapshot in shooter.snapshots)
    assert kitchen.cellar.events == []


async def test_a_round_begins_with_fresh_ships_that_wait_for_the_countdown() -> None:
    kitchen = Kitchen(status="LOBBY")
    diner = kitchen.sit(0)
    kitchen.sit(1)
    kitchen.ticks(40)
    kitchen.aim_at(0, 1, hull=1)
    tick = kitchen.live.tick
    settle(kitchen, "IN_PROGRESS", starts_ms=kitchen.wall() + 3000)
    first = diner.snapshots[-1]
    assert first.keyframe
    assert [ship.hull for ship in first.ships] == [3, 3]
    kitchen.ticks(100)
    assert kitchen.live.tick == first.tick == tick + 1
    kitchen.ticks(40)
    assert kitchen.live.tick > first.tick
    assert kitchen.live.view()["practice"] is False


async def test_a_round_ends_at_its_time_with_a_podium() -> None:
    kitchen = Kitchen(ends_ms=START_MS + 2000, bots=3)
    shooter, _ = kitchen.sit(0), kitchen.sit(1)
    kitchen.ticks(4)
    kitchen.aim_at(0, 1, hull=2)
    for sequence in range(2):
        kitchen.shoot(shooter, sequence=sequence)
        kitchen.ticks(10)
    kitchen.ticks(100)
    await asyncio.sleep(0)
    ((results),) = kitchen.results
    row = results["rows"][0]
    assert (row["slot"], row["points"], row["hits"], row["kills"], row["shots"]) == (0, 4, 2, 1, 2)
    assert (row["accuracy"], row["best_streak"], row["bot"]) == (1000, 1, False)
    assert next(row for row in results["rows"] if row["slot"] == 1)["deaths"] == 1
    assert sum(row["bot"] for row in results["rows"]) == 1
    stopped = kitchen.live.tick
    kitchen.ticks(10)
    assert kitchen.live.tick == stopped


async def test_the_podium_comes_after_the_last_hit_is_safe() -> None:
    kitchen = Kitchen(ends_ms=START_MS + 1000, cellar=Cellar(slow=True))
    shooter, _ = kitchen.sit(0), kitchen.sit(1)
    kitchen.ticks(4)
    kitchen.aim_at(0, 1)
    kitchen.shoot(shooter)
    kitchen.ticks(60)
    await asyncio.sleep(0)
    assert kitchen.results == []
    await kitchen.cellar.commit()
    await asyncio.sleep(0)
    assert len(kitchen.results) == 1
    assert any(snapshot.hits for snapshot in shooter.snapshots)


async def test_a_round_ends_in_time_even_if_nobody_is_left() -> None:
    kitchen = Kitchen(ends_ms=START_MS + 1000)
    kitchen.ticks(50)
    await asyncio.sleep(0)
    assert len(kitchen.results) == 1


async def test_points_go_on_from_what_the_ledger_has_when_another_process_takes_over() -> None:
    kitchen = Kitchen()
    kitchen.room.points[100] = 41
    shooter, _ = kitchen.sit(0), kitchen.sit(1)
    kitchen.ticks(4)
    kitchen.aim_at(0, 1)
    kitchen.shoot(shooter)
    kitchen.ticks(10)
    assert kitchen.live.results()["rows"][0]["points"] == 42


async def test_a_room_without_sockets_is_frozen_and_goes_on_when_somebody_looks() -> None:
    kitchen = Kitchen(bots=4)
    kitchen.ticks(40)
    assert kitchen.live.tick == 0
    watcher = kitchen.watch()
    kitchen.ticks(40)
    assert kitchen.live.tick == 40
    assert len(watcher.frames) == 21
    kitchen.room.part(watcher.socket)
    kitchen.ticks(40)
    assert kitchen.live.tick == 40


async def test_a_socket_begins_with_a_keyframe() -> None:
    kitchen = Kitchen(bots=5)
    kitchen.watch()
    kitchen.ticks(300)
    late = kitchen.watch()
    (first,) = late.snapshots
    assert first.keyframe
    assert len(first.ships) == 5


async def test_bots_leave_as_people_come_and_come_back_as_they_leave() -> None:
    kitchen = Kitchen(bots=3)
    assert [bot["slot"] for bot in kitchen.live.view()["bots"]] == [5, 6, 7]
    diner = kitchen.sit(0)
    kitchen.sit(6)
    assert [bot["slot"] for bot in kitchen.live.view()["bots"]] == [7]
    assert any(json.loads(text)["event"] == "game.changed" for text in diner.texts)
    kitchen.leave(6)
    kitchen.ticks(4)
    assert [bot["slot"] for bot in kitchen.live.view()["bots"]] == [6, 7]
    assert [ship.slot for ship in diner.snapshots[-1].ships] == [0, 6, 7]


async def test_who_comes_back_finds_the_same_ship() -> None:
    kitchen = Kitchen()
    first = kitchen.sit(0)
    kitchen.watch()
    kitchen.ticks(10)
    kitchen.aim_at(0, 1, hull=2)
    seat = kitchen.room.part(first.socket)
    assert seat is not None
    kitchen.live.seat_joined(seat)
    assert kitchen.live._world.hull[kitchen.live._row, 0] == 2


async def test_a_new_player_in_an_old_slot_is_not_credited_with_olives_of_the_one_before() -> None:
    kitchen = Kitchen()
    shooter, _ = kitchen.sit(0), kitchen.sit(1)
    kitchen.ticks(4)
    kitchen.aim_at(0, 1)
    kitchen.press(shooter, 8)
    kitchen.ticks(2)
    kitchen.leave(0)
    kitchen.sit(0)
    kitchen.ticks(30)
    assert kitchen.cellar.events == []


@pytest.mark.parametrize(
    "frame", [b"", b"\x01", b"\x01" * 8, b"\x02" + b"\x00" * 6, b"\x01\x00\x00\x00\x00\xff\x00"]
)
async def test_a_frame_that_is_no_good_is_refused(frame: bytes) -> None:
    kitchen = Kitchen()
    diner = kitchen.sit(0)
    with pytest.raises(BadFrame):
        kitchen.live.receive(diner.socket, frame)


async def test_in_a_large_room_everybody_gets_frames_of_their_own() -> None:
    kitchen = Kitchen(size=100, bots=100)
    player, watcher = kitchen.sit(0), kitchen.watch()
    kitchen.ticks(8)
    assert len(watcher.snapshots[-1].ships) == 100
    assert watcher.snapshots[-1].whole
    own = player.snapshots[-1]
    assert not own.whole
    assert 0 in [ship.slot for ship in own.ships]
    assert len(own.ships) < 100


@pytest.mark.parametrize(
    "settings",
    [{"size": 1}, {"size": 101}, {"round_seconds": 30}, {"round_seconds": 1801}, {"bots": 9},
     {"skill": "godlike"}, {"gravity": 1}],
)  # fmt: skip
def test_settings_that_do_not_fit_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(settings, ArenaSettings)


def test_rooms_that_nobody_hosts_are_endless_and_have_bots() -> None:
    settings = ArenaGame().quick_settings()
    assert isinstance(settings, ArenaSettings)
    assert settings.round_seconds == 0
    assert 0 < settings.bots < settings.size
