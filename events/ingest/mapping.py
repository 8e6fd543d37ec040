"""Which job becomes which event: one line of `RULES` for each class of job. Pure.

A job's arguments are a list in the order of the class's fields below, or one object with their names. A
player is named by the handle of their page (text) or by their id (number), a room by its id. Rooms of another
server need not exist here: each has a board of its own.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from events.contracts import Contract, Counter, Instant, Name, NewEvent, PlayerId, ShipHit
from events.ingest.errors import Refused
from events.ingest.jobs import Job
from events.players import Player, PlayerKey

NAMESPACE = UUID("3d9a1b0e-52a5-4b0c-9a70-4f6d0c7f7a11")

Handle = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{1,40}\Z")]
Players = Mapping[PlayerKey, Player]


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of what jobs say. `occurred_at` is when the job was queued, unless it says otherwise."""


class ShipKilled(Arguments, frozen=True):
    """One job is one hit. `destroyed` claims the bonus that our own arena pays for the last blow."""

    shooter: PlayerId | Handle
    room: UUID
    victim: PlayerId | Handle | None = None
    occurred_at: Instant | None = None
    destroyed: bool = False
    victim_name: Name = ""
    epoch: Counter = 0
    tick: Counter = 0
    olive: Counter = 0


class Rule(NamedTuple):
    """`players`: the fields that name players, the actor's first. `data` makes the event's data."""

    event: str
    arguments: type[Arguments]
    players: tuple[str, ...]
    data: Callable[[Any, Players], Contract]


def _ship_hit(said: ShipKilled, players: Players) -> ShipHit:
    victim = None if said.victim is None else players[said.victim]
    return ShipHit(
        epoch=said.epoch,
        tick=said.tick,
        olive=said.olive,
        victim=victim.id if victim else None,
        shooter_name=players[said.shooter].name,
        victim_name=victim.name if victim else said.victim_name,
        destroyed=said.destroyed,
    )


_HIT = Rule("SHIP_HIT", ShipKilled, ("shooter", "victim"), _ship_hit)
RULES: dict[str, Rule] = {"KilledShip": _HIT, "KilledShipJob": _HIT}


def read_arguments(job: Job) -> tuple[Rule, Any]:
    """The rule of a job's class, and its arguments as that wants them; raises `Refused`."""
    rule = RULES.get(job.job_class)
    if rule is None:
        raise Refused("unknown_class", f"Nobody takes jobs of the class {job.job_class!r}.")
    try:
        return rule, msgspec.convert(_by_name(job.arguments, rule.arguments), rule.arguments)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Refused("wrong_arguments", f"Wrong arguments: {error}") from None


def players_named(rule: Rule, said: Arguments) -> set[PlayerKey]:
    """Everybody whom a job speaks of."""
    return {key for key in (getattr(said, field) for field in rule.players) if key is not None}


def event_of(job: Job, rule: Rule, said: Any, *, players: Players, source: str, now: datetime) -> NewEvent:
    """The event that a job becomes, with an id that is always the same for the same job; raises `Refused`."""
    for key in sorted(players_named(rule, said), key=str):
        if key not in players:
            raise Refused("unknown_player", f"{key!r} is no known player: neither an id nor a handle.")
    return NewEvent(
        event_id=uuid5(NAMESPACE, job.key),
        type=rule.event,
        actor=players[getattr(said, rule.players[0])].id,
        room=said.room,
        data=msgspec.to_builtins(rule.data(said, players)),
        occurred_at=said.occurred_at or job.at or now,
        source=source,
    )


def _by_name(arguments: list[Any], shape: type[Arguments]) -> dict[str, Any]:
    if len(arguments) == 1 and isinstance(arguments[0], dict):
        return arguments[0]
    names = shape.__struct_fields__
    if len(arguments) > len(names):
        raise Refused("wrong_arguments", f"{len(arguments)} arguments; at most {len(names)} are known.")
    return dict(zip(names, arguments, strict=False))
