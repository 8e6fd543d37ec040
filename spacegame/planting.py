"""Puts a demo's plan into the database. Every row has its id from the plan, so twice is once.

People and rooms are written as rows; hits go the way of every hit: judged, logged and scored by
`events`, so that the scores verify like any others.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

import msgspec
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from events.contracts import Contract, NewEvent, RoomChanged, ShipHit, UserCreated
from events.payloads import encode_event, split
from events.scoring import DESTROYING_HIT_POINTS, HIT_POINTS
from events.store import store_payload
from rooms.games import get_game
from rooms.models import Room, Seat, Status, Visibility
from rooms.settings_check import check_settings
from spacegame.seeding import NAMESPACE, Plan, SeedPlayer, SeedRoom, hits_of, podium

KIND = "arena"
SOURCE = "seed"
BATCH = 500
LONGEST_ROUND_SECONDS = 1800
OPEN_FOR = timedelta(days=7)
POINTS = {False: HIT_POINTS, True: DESTROYING_HIT_POINTS}


@dataclass(frozen=True)
class Planted:
    """How many of each were new."""

    players: int
    rooms: int
    events: int


def plant(plan: Plan, *, now: datetime, progress: Callable[[int], None]) -> Planted:
    """Write what is not there yet. `progress` is told how many more events of the plan were handled."""
    with transaction.atomic():
        players = plant_players(plan, now=now)
        rooms = plant_rooms(plan, now=now)
    ids = _ids(plan)
    events = 0
    streams = [_life(plan, ids, now=now), *(_hits(room, plan, ids) for room in plan.rooms)]
    # Told in order of time, as they would have been: receipts are listed as they came in.
    every = merge(*streams, key=lambda event: event.occurred_at)
    for batch in _batches(every):
        events += plant_events(batch, now=now)
        progress(sum(event.type == "SHIP_HIT" for event in batch))
    return Planted(players, rooms, events)


def plant_players(plan: Plan, *, now: datetime) -> int:
    """The plan's people; members have a verified address and no password. How many were new."""
    there = set(
        User.objects.filter(handle__in=[p.handle for p in plan.players]).values_list("handle", flat=True)
    )
    missing = [player for player in plan.players if player.handle not in there]
    User.objects.bulk_create([_user(player, now=now) for player in missing])
    emails = [player.email for player in missing if player.email]
    members = User.objects.filter(email__in=emails)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=member, email=member.email, verified=True, primary=True) for member in members]
    )
    return len(missing)


def _user(player: SeedPlayer, *, now: datetime) -> User:
    return User(
        handle=player.handle,
        name=player.name,
        colour=player.colour,
        mark=player.mark,
        email=player.email,
        is_guest=player.email is None,
        password=make_password(None),
        date_joined=now - timedelta(days=player.days_ago),
    )


def _ids(plan: Plan) -> list[int]:
    """The database's id of each of the plan's players, by index."""
    handles = [player.handle for player in plan.players]
    by_handle = dict(User.objects.filter(handle__in=handles).values_list("handle", "pk"))
    return [by_handle[handle] for handle in handles]


def plant_rooms(plan: Plan, *, now: datetime) -> int:
    """The plan's rooms and who sat in them. How many were new."""
    there = set(Room.objects.filter(pk__in=[room.id for room in plan.rooms]).values_list("pk", flat=True))
    missing = [room for room in plan.rooms if room.id not in there]
    ids = _ids(plan)
    Room.objects.bulk_create([_room(room, plan, ids, now=now) for room in missing])
    Seat.objects.bulk_create([seat for room in missing for seat in _seats(room, plan, ids)])
    return len(missing)


def _room(room: SeedRoom, plan: Plan, ids: list[int], *, now: datetime) -> Room:
    settings = check_settings(KIND, _settings(room))
    over: dict[str, Any] = {"status": Status.IN_PROGRESS, "expires_at": now + OPEN_FOR}
    if room.finished:
        results = {"rows": podium(room, plan=plan, points=POINTS)}
        over = {"status": Status.COMPLETED, "results": results, "expires_at": room.ends_at}
        over |= {"ends_at": room.ends_at, "ended_at": room.ends_at}
    return Room(
        id=room.id,
        code=room.code,
        kind=KIND,
        title=room.title,
        host_id=ids[room.crew[0]] if room.crew and room.finished else None,
        settings=msgspec.to_builtins(settings),
        capacity=get_game(KIND).capacity(settings),
        epoch=1,
        created_at=room.starts_at - timedelta(seconds=40),
        starts_at=room.starts_at,
        **over,
    )


def _settings(room: SeedRoom) -> dict[str, Any]:
    seconds = room.seconds if room.finished and room.seconds <= LONGEST_ROUND_SECONDS else 0
    return {"size": room.size, "round_seconds": seconds, "bots": room.size, "skill": room.bot_skill}


def _seats(room: SeedRoom, plan: Plan, ids: list[int]) -> Iterator[Seat]:
    for index in room.crew:
        player = plan.players[index]
        yield Seat(
            room_id=room.id,
            user_id=ids[index],
            name=player.name,
            colour=player.colour,
            mark=player.mark,
            joined_at=room.starts_at - timedelta(seconds=20),
            seen_at=room.ends_at,
            left_at=room.ends_at,
        )


def _life(plan: Plan, ids: list[int], *, now: datetime) -> list[NewEvent]:
    """People came; rooms opened, started and ended. In order of time."""
    every = [*_arrivals(plan, ids, now=now), *_lives_of_rooms(plan, ids)]
    return sorted(every, key=lambda event: event.occurred_at)


def _arrivals(plan: Plan, ids: list[int], *, now: datetime) -> Iterator[NewEvent]:
    for player in plan.players:
        came = now - timedelta(days=min(player.days_ago, 29))
        name = f"user/{player.handle}"
        data = UserCreated(guest=player.email is None)
        yield _event(name, type="USER_CREATED", actor=ids[player.index], room=None, data=data, at=came)


def _lives_of_rooms(plan: Plan, ids: list[int]) -> Iterator[NewEvent]:
    for room in plan.rooms:
        said: dict[str, Any] = {
            "code": room.code,
            "kind": KIND,
            "title": room.title,
            "visibility": Visibility.PUBLIC.value,
        }
        opened = RoomChanged(**said)
        moments = {
            "ROOM_CREATED": (room.starts_at - timedelta(seconds=40), opened),
            "ROOM_STARTED": (room.starts_at, opened),
        }
        if room.finished:
            over = RoomChanged(**said, **_winner(room, plan, ids))
            moments["ROOM_COMPLETED"] = (room.ends_at, over)
        host = ids[room.crew[0]] if room.crew and room.finished else None
        for type, (at, data) in moments.items():
            yield _event(f"{type}/{room.id}", type=type, actor=host, room=room.id, data=data, at=at)


def _winner(room: SeedRoom, plan: Plan, ids: list[int]) -> dict[str, Any]:
    """Who came first, unless it was a bot."""
    best = podium(room, plan=plan, points=POINTS)[0]
    if best["bot"] or not best["points"]:
        return {}
    return {"winner": ids[room.crew[int(best["slot"])]], "points": best["points"]}


def _event(
    name: str, *, type: str, actor: int | None, room: UUID | None, data: Contract, at: datetime
) -> NewEvent:
    return NewEvent(
        event_id=uuid5(NAMESPACE, name),
        type=type,
        actor=actor,
        room=room,
        data=msgspec.to_builtins(data),
        occurred_at=at,
        source=SOURCE,
    )


def _hits(room: SeedRoom, plan: Plan, ids: list[int]) -> Iterator[NewEvent]:
    """The hits of a room as the arena would have recorded them."""
    ships: list[tuple[int | None, str]] = [(ids[index], plan.players[index].name) for index in room.crew]
    ships += [(None, name) for name in room.bots]
    for hit in hits_of(room, plan=plan):
        (shooter, shooter_name), (victim, victim_name) = ships[hit.shooter], ships[hit.victim]
        data = ShipHit(
            epoch=1,
            tick=hit.tick,
            olive=hit.olive,
            victim=victim,
            shooter_name=shooter_name,
            victim_name=victim_name,
            destroyed=hit.destroyed,
        )
        yield NewEvent(
            event_id=hit.id,
            type="SHIP_HIT",
            actor=shooter,
            room=room.id,
            data=msgspec.to_builtins(data),
            occurred_at=hit.occurred_at,
            source=SOURCE,
        )


def plant_events(events: list[NewEvent], *, now: datetime) -> int:
    """Log and score events as the scoring task does. How many were new."""
    payloads = split(encode_event(event) for event in events)
    return sum(store_payload(outbox_id=None, payload=payload, now=now).new for payload in payloads)


def _batches(events: Iterator[NewEvent]) -> Iterator[list[NewEvent]]:
    while batch := list(islice(events, BATCH)):
        yield batch
