"""A believable past for an empty galaxy: who played, in which rooms, and who hit whom. A pure plan.

The same arguments always give the same people, rooms and hits with the same ids, so what is stored
under those ids is stored once. Only the times follow `now`.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

NAMESPACE = uuid.UUID("5b1e9a0c-6f1d-5c39-9a50-1c2f4a7d0e11")
TICKS_A_SECOND = 40
HULL = 3
SHOTS_FOR_A_HIT = (2.2, 6.5)
CODE_ALPHABET = "BDHJMPQRVX"
PALETTE = 12

FIRST_NAMES = (
    "Ada", "Basil", "Cleo", "Dario", "Enzo", "Freya", "Gus", "Hana", "Iggy", "Juno",
    "Kofi", "Luca", "Mina", "Nico", "Olive", "Pia", "Quinn", "Rosa", "Sven", "Tito",
    "Uma", "Vito", "Wren", "Yuki", "Zara", "Amal", "Bruno", "Carla", "Dev", "Elif",
)  # fmt: skip
LAST_NAMES = (
    "Crust", "Margherita", "Oregano", "Comet", "Calzone", "Nebula", "Pepperoni", "Rocket", "Mozza", "Quasar",
    "Truffle", "Orbit", "Caper", "Meteor", "Dough", "Lunar", "Chilli", "Saturn", "Fontina", "Pulsar",
    "Rucola", "Apollo", "Tomato", "Gravity",
)  # fmt: skip
ROOM_TITLES = (
    "Friday Night Slices",
    "The Olive Belt",
    "Anchovy Nebula",
    "Midnight Margherita",
    "Two Ships, One Oven",
    "Extra Cheese",
    "The Calzone Cluster",
    "Late Delivery",
    "Crust Busters",
    "Quattro Stagioni",
    "Pepper Storm",
    "The Last Slice",
)
BOT_NAMES = ("Caper", "Pepperoni", "Basilico", "Anchovy", "Oregano", "Fontina")
SKILLS = ("easy", "medium", "hard")


@dataclass(frozen=True, slots=True)
class SeedPlayer:
    """A person. `skill` is 0 to 1; `days_ago` is when they first came."""

    index: int
    handle: str
    name: str
    colour: int
    mark: int
    email: str | None
    skill: float
    days_ago: float


@dataclass(frozen=True, slots=True)
class SeedRoom:
    """A room that was played in. `crew` are indexes of players; the first of them is the host."""

    id: uuid.UUID
    code: str
    title: str
    crew: tuple[int, ...]
    bots: tuple[str, ...]
    bot_skill: str
    finished: bool
    starts_at: datetime
    seconds: int
    hits: int

    @property
    def size(self) -> int:
        """How many ships it has room for."""
        return max(2, len(self.crew) + len(self.bots))

    @property
    def ends_at(self) -> datetime:
        """When its last hit may have been."""
        return self.starts_at + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class SeedHit:
    """One olive that met one ship. Shooter and victim count the ships of the room: crew first, then bots."""

    id: uuid.UUID
    tick: int
    olive: int
    shooter: int
    victim: int
    destroyed: bool
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole demo."""

    players: tuple[SeedPlayer, ...]
    rooms: tuple[SeedRoom, ...]


def make_plan(*, players: int, rooms: int, events: int, seed: int, now: datetime) -> Plan:
    """The demo of these sizes. `events` counts hits, spread over the rooms."""
    people = tuple(_player(index, seed=seed) for index in range(players))
    name = f"{seed}/{players}/{rooms}/{events}"
    shares = _shares(events, parts=rooms, rng=random.Random(f"shares/{name}"))
    return Plan(
        people,
        tuple(
            _room(index, name=name, people=people, hits=shares[index], of=rooms, now=now)
            for index in range(rooms)
        ),
    )


def _player(index: int, *, seed: int) -> SeedPlayer:
    rng = random.Random(f"player/{seed}/{index}")
    pairs = len(FIRST_NAMES) * len(LAST_NAMES)
    # A stride without a common factor visits every pair of names once before any comes again.
    place = (index * 217 + seed * 101) % pairs
    first, last = FIRST_NAMES[place % len(FIRST_NAMES)], LAST_NAMES[place // len(FIRST_NAMES)]
    round_trip = index // pairs
    name = f"{first} {last}" + (f" {round_trip + 1}" if round_trip else "")
    handle = f"{first}-{last}-s{seed}-{index}".lower()
    member = rng.random() < 0.6
    return SeedPlayer(
        index=index,
        handle=handle,
        name=name,
        colour=rng.randrange(PALETTE),
        mark=rng.randrange(PALETTE),
        email=f"{handle}@example.com" if member else None,
        skill=rng.betavariate(2, 3),
        days_ago=rng.uniform(22, 60),
    )


def _shares(total: int, *, parts: int, rng: random.Random) -> list[int]:
    """`total` in `parts` uneven whole parts."""
    if not parts:
        return []
    weights = [rng.uniform(0.6, 1.4) for _ in range(parts)]
    whole = [int(total * weight / sum(weights)) for weight in weights]
    for index in range(total - sum(whole)):
        whole[index % parts] += 1
    return whole


def _room(
    index: int, *, name: str, people: tuple[SeedPlayer, ...], hits: int, of: int, now: datetime
) -> SeedRoom:
    rng = random.Random(f"room/{name}/{index}")
    finished = index >= max(1, of // 3)
    crew = rng.sample(range(len(people)), k=min(len(people), rng.randint(4, 10)))
    bots = BOT_NAMES[: rng.randint(0, 3) if len(crew) > 1 else 3]
    # A hit or two a second is a lively room; an endless one was open for as long as its hits need.
    seconds = max(60, int(hits / rng.uniform(0.8, 1.6)))
    return SeedRoom(
        id=uuid.uuid5(NAMESPACE, f"room/{name}/{index}"),
        code="".join(rng.choices(CODE_ALPHABET, k=6)),
        title=ROOM_TITLES[index % len(ROOM_TITLES)],
        crew=tuple(crew),
        bots=tuple(bots),
        bot_skill=rng.choice(SKILLS),
        finished=finished,
        starts_at=now - timedelta(seconds=seconds + 120) - _age(index, of=of, finished=finished, rng=rng),
        seconds=seconds,
        hits=hits,
    )


def _age(index: int, *, of: int, finished: bool, rng: random.Random) -> timedelta:
    """How long ago a room ended: open ones played just now, the finished ones over three weeks."""
    if not finished:
        return timedelta(minutes=rng.uniform(0, 20))
    return timedelta(days=21 * (index / max(1, of)) ** 2, minutes=rng.uniform(0, 90))


def hits_of(room: SeedRoom, *, plan: Plan) -> Iterator[SeedHit]:
    """The hits of a room in order of time; the skilled hit more and are hit less."""
    rng = random.Random(f"hits/{room.id}")
    skills = [plan.players[index].skill for index in room.crew]
    skills += [0.15 + 0.25 * SKILLS.index(room.bot_skill)] * len(room.bots)
    if len(skills) < 2 or not room.crew:
        return
    hulls = [HULL] * len(skills)
    ticks = sorted(rng.sample(range(room.seconds * TICKS_A_SECOND), k=room.hits))
    for number, tick in enumerate(ticks):
        shooter, victim = _pair(skills, people=len(room.crew), rng=rng)
        hulls[victim] -= 1
        destroyed = hulls[victim] == 0
        if destroyed:
            hulls[victim] = HULL
        yield SeedHit(
            id=uuid.uuid5(NAMESPACE, f"hit/{room.id}/{tick}"),
            tick=tick,
            olive=number % 64,
            shooter=shooter,
            victim=victim,
            destroyed=destroyed,
            occurred_at=room.starts_at + timedelta(seconds=tick / TICKS_A_SECOND),
        )


def _pair(skills: list[float], *, people: int, rng: random.Random) -> tuple[int, int]:
    """Who hits whom. Bots among themselves make no event, so one of the two is a person."""
    ships = range(len(skills))
    while True:
        shooter = rng.choices(ships, weights=[0.05 + skill**1.5 for skill in skills])[0]
        victim = rng.choices(ships, weights=[1.2 - skill for skill in skills])[0]
        if shooter != victim and (shooter < people or victim < people):
            return shooter, victim


def podium(room: SeedRoom, *, plan: Plan, points: dict[bool, int]) -> list[dict[str, int | str | bool]]:
    """The results of a finished room as the arena would have reported them, best first.

    `points` is what a hit is worth, keyed by whether it destroyed the ship.
    """
    rng = random.Random(f"podium/{room.id}")
    ships = [_ship_row(slot, room=room, plan=plan) for slot in range(len(room.crew) + len(room.bots))]
    streaks = [0] * len(ships)
    for hit in hits_of(room, plan=plan):
        shooter, victim = ships[hit.shooter], ships[hit.victim]
        shooter["hits"] += 1
        shooter["points"] += points[hit.destroyed]
        if hit.destroyed:
            shooter["kills"] += 1
            victim["deaths"] += 1
            streaks[hit.shooter] += 1
            streaks[hit.victim] = 0
            shooter["best_streak"] = max(shooter["best_streak"], streaks[hit.shooter])
    for row in ships:
        row["shots"] = int(row["hits"] * rng.uniform(*SHOTS_FOR_A_HIT)) + rng.randint(5, 30)
        row["accuracy"] = 1000 * row["hits"] // row["shots"]
    return sorted(ships, key=lambda row: (-row["points"], row["slot"]))


def _ship_row(slot: int, *, room: SeedRoom, plan: Plan) -> dict:
    bot = slot >= len(room.crew)
    person = None if bot else plan.players[room.crew[slot]]
    counts = dict.fromkeys(("points", "hits", "kills", "deaths", "shots", "accuracy", "best_streak"), 0)
    return {
        "slot": slot,
        "name": person.name if person else room.bots[slot - len(room.crew)],
        "colour": person.colour if person else slot % PALETTE,
        "mark": person.mark if person else slot % PALETTE,
        "bot": bot,
        **counts,
    }
