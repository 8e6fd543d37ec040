"""The demo's plan is a pure function of its arguments."""

from datetime import UTC, datetime, timedelta

from accounts.names import clean_name
from spacegame.seeding import Plan, SeedHit, hits_of, make_plan, podium

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
POINTS = {False: 1, True: 3}


def plan(**changes: int) -> Plan:
    return make_plan(**{"players": 24, "rooms": 6, "events": 3000, "seed": 1} | changes, now=NOW)


def all_hits(planned: Plan) -> list[SeedHit]:
    return [hit for room in planned.rooms for hit in hits_of(room, plan=planned)]


def test_the_same_arguments_give_the_same_demo() -> None:
    assert plan() == plan()
    assert all_hits(plan()) == all_hits(plan())


def test_another_seed_gives_other_people_rooms_and_hits() -> None:
    one, other = plan(), plan(seed=2)
    assert not {player.handle for player in one.players} & {player.handle for player in other.players}
    assert not {room.id for room in one.rooms} & {room.id for room in other.rooms}
    assert not {hit.id for hit in all_hits(one)} & {hit.id for hit in all_hits(other)}


def test_the_ids_do_not_depend_on_the_day() -> None:
    later = make_plan(players=24, rooms=6, events=3000, seed=1, now=NOW + timedelta(days=3))
    assert [hit.id for hit in all_hits(later)] == [hit.id for hit in all_hits(plan())]


def test_exactly_as_many_hits_as_asked_each_with_its_own_id() -> None:
    assert len({hit.id for hit in all_hits(plan(events=3001, rooms=7))}) == 3001


def test_no_hit_is_in_the_future_and_the_past_is_weeks_long() -> None:
    times = [hit.occurred_at for hit in all_hits(plan())]
    assert max(times) < NOW
    assert min(times) < NOW - timedelta(days=10)


def test_nobody_hits_themselves_and_every_hit_has_a_person_in_it() -> None:
    planned = plan()
    for room in planned.rooms:
        for hit in hits_of(room, plan=planned):
            assert hit.shooter != hit.victim
            assert min(hit.shooter, hit.victim) < len(room.crew)


def test_every_name_is_one_that_a_player_could_have_chosen() -> None:
    names = [player.name for player in plan(players=2000).players]
    assert len(set(names)) == 2000
    assert all(clean_name(name) == name for name in names)


def test_the_podium_adds_up_to_the_hits() -> None:
    planned = plan()
    room = planned.rooms[-1]
    hits = list(hits_of(room, plan=planned))
    rows = podium(room, plan=planned, points=POINTS)
    assert sum(row["hits"] for row in rows) == len(hits)
    assert sum(row["points"] for row in rows) == sum(POINTS[hit.destroyed] for hit in hits)
    assert sum(row["kills"] for row in rows) == sum(row["deaths"] for row in rows)
    assert rows == sorted(rows, key=lambda row: -row["points"])


def test_the_skilled_score_more() -> None:
    planned = plan(players=12, rooms=1, events=2000)
    room = planned.rooms[0]
    rows = podium(room, plan=planned, points=POINTS)
    skill = {planned.players[index].name: planned.players[index].skill for index in room.crew}
    people = [row["name"] for row in rows if not row["bot"]]
    assert skill[people[0]] > skill[people[-1]]


def test_a_galaxy_with_nobody_in_it_is_a_plan_too() -> None:
    assert all_hits(plan(players=0, rooms=0, events=0)) == []
    assert all_hits(plan(players=0, rooms=2, events=10)) == []
