"""How a socket client flies: from what a player sees to the keys that a player would hold.

The server's own bots (`bots.py`) steer whole arrays of ships from the world itself; a pilot has only a
snapshot, like a person. All lengths here are in 1/16 px, headings 0-255 clockwise from +x.
"""

from dataclasses import dataclass, field
from math import atan2, hypot, tau
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from rooms.arena.rules import RULES

if TYPE_CHECKING:
    from rooms.arena.client import View
    from rooms.arena.wire import ShipSeen

THRUST, LEFT, RIGHT, FIRE, AIM = 1, 2, 4, 8, 16
UNITS = 16
CLOSE, FAR = 220 * UNITS, 900 * UNITS


class Skill(NamedTuple):
    """`aim_error` in headings (256 a turn), `patience` the share of chances that are let go."""

    aim_error: float
    tolerance: int
    patience: float


SKILLS = {"easy": Skill(14, 10, 0.7), "medium": Skill(7, 8, 0.4), "hard": Skill(2, 6, 0.0)}


def shortest(a: int, b: int) -> int:
    """From `a` to `b` the short way round the torus: -32768 to 32767."""
    return (b - a + 32768) % 65536 - 32768


@dataclass
class Pilot:
    """Hunts the nearest ship it can see, or only `prey`. Aims where that will be, and
    fires when lined up, unless it is `peaceful`."""

    skill: str = "medium"
    random: Random = field(default_factory=Random)
    prey: int | None = None
    peaceful: bool = False

    def steer(self, view: "View") -> tuple[int, int]:
        """The keys to hold and the heading to turn to, for the newest snapshot of `view`."""
        me = view.ships.get(view.you["slot"]) if view.you else None
        if me is None or not me.alive:
            return 0, 0
        target = self._target(view, me)
        if target is None:
            return THRUST | AIM, (me.heading + 1) & 255
        return self._attack(me, target)

    def _target(self, view: "View", me: "ShipSeen") -> "ShipSeen | None":
        others = [
            ship
            for ship in view.ships.values()
            if ship.alive and ship.slot != me.slot and self.prey in (None, ship.slot)
        ]
        return min(others, key=lambda ship: distance(me, ship), default=None)

    def _attack(self, me: "ShipSeen", target: "ShipSeen") -> tuple[int, int]:
        skill, away = SKILLS[self.skill], distance(me, target)
        true = lead(me, target, away=away)
        aim = round(true + self.random.gauss(0, skill.aim_error)) & 255
        off = abs((me.heading - true + 128) % 256 - 128)
        keys = AIM
        if away > CLOSE and off < 40:
            keys |= THRUST
        wise = away < FAR and off <= skill.tolerance and not (target.shielded or self.peaceful)
        if wise and self.random.random() >= skill.patience:
            keys |= FIRE
        return keys, aim


def distance(a: "ShipSeen", b: "ShipSeen") -> float:
    """Between two ships."""
    return hypot(shortest(a.x, b.x), shortest(a.y, b.y))


def lead(me: "ShipSeen", target: "ShipSeen", *, away: float) -> float:
    """The heading, with a fraction, at which an olive fired now meets a target that flies straight on."""
    ticks = away * UNITS / RULES.muzzle_speed
    dx = shortest(me.x, target.x) + (target.vx - me.vx) * ticks / UNITS
    dy = shortest(me.y, target.y) + (target.vy - me.vy) * ticks / UNITS
    return atan2(dy, dx) / tau * 256 % 256
