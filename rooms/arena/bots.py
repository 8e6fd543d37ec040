"""How the bots of a world fly: all that are due think at once, and steer with keys and aim as people do.

Not part of the rules: floats and a random generator are welcome here, what comes out is inputs. Lengths are
in 1/16 px, speeds in 1/16 px a tick, angles in 1/256 of a turn.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rooms.arena.rules import RULES
from rooms.arena.world import Rows, World

SkillName = Literal["easy", "medium", "hard"]
SKILL_NAMES: tuple[SkillName, ...] = ("easy", "medium", "hard")

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Skill:
    """`period`: ticks between two thoughts (what happens in between is seen late). `error`: of the aim.

    `tolerance`: how far off the nose may be to fire. `trigger`, `dodge`, `throttle`: how often, of 1, a
    chance to fire is taken, an olive on its way is dodged, and thrust is given.
    """

    period: int
    error: float
    tolerance: float
    reach: float
    trigger: float
    dodge: float
    throttle: float


SKILLS: dict[SkillName, Skill] = {
    "easy": Skill(20, 11.0, 14.0, 480 * 16, 0.35, 0.0, 0.55),
    "medium": Skill(10, 5.0, 9.0, 700 * 16, 0.65, 0.35, 0.75),
    "hard": Skill(4, 1.5, 5.0, 900 * 16, 0.95, 0.85, 0.9),
}
_TABLE = {
    name: np.array([getattr(SKILLS[skill], name) for skill in SKILL_NAMES], np.float32)
    for name in ("period", "error", "tolerance", "reach", "trigger", "dodge", "throttle")
}

_MUZZLE = np.float32(RULES.muzzle_speed / 16)
_TURN = np.float32(256 / (2 * np.pi))
_CLOSE, _FAR = np.float32(230 * 16), np.float32(1500 * 16)
_ALERT_TICKS, _MISS = np.float32(16), np.float32(34 * 16)
_CONE = 44


class _View(NamedTuple):
    """What the thinking bots see: of each its nearest enemy (or none), and whether an olive comes."""

    found: Flags
    distance: Floats
    lead: Floats
    threatened: Flags
    flight: Floats


class Bots:
    """The bots of one world. `skill` is by row; the caller keeps `world.bot` true where a bot sits."""

    def __init__(self, world: World, *, seed: int = 0) -> None:
        self._world = world
        self._random = np.random.default_rng(seed)
        self._skill = np.zeros(world.rooms, np.intp)
        self._clock = 0

    def set_skill(self, row: int, skill: SkillName) -> None:
        """How well the bots of this row fly."""
        if row >= self._skill.size:
            self._skill = np.concatenate(
                [self._skill, np.zeros(self._world.rooms - self._skill.size, np.intp)]
            )
        self._skill[row] = SKILL_NAMES.index(skill)

    def think(self, rows: Rows) -> None:
        """Steer those bots of these rows whose turn to think it is; call it before each step."""
        self._clock += 1
        world = self._world
        bots = world.bot[rows]
        if not np.count_nonzero(bots):
            return
        at, slots = np.nonzero(bots & (world.hull[rows] > 0))
        skill = self._skill[rows[at]]
        due = (self._clock + slots * 7 + rows[at] * 3) % _TABLE["period"][skill] == 0
        rooms, slots, skill = rows[at][due], slots[due], skill[due]
        if rooms.size:
            self._steer(rooms, slots, {name: column[skill] for name, column in _TABLE.items()})

    def _steer(self, rooms: Rows, slots: Rows, skill: dict[str, Floats]) -> None:
        world, flat = self._world, rooms * self._world.ships + slots
        view = _look(world, rooms, slots, flat)
        luck = self._random.random((4, flat.size), np.float32)
        heading = world.heading.reshape(-1)[flat].astype(np.float32)
        dodging = view.threatened & (luck[0] < skill["dodge"])
        hunting = view.found & ~dodging
        orbiting = hunting & (view.distance < _CLOSE) & (luck[1] < 0.3)
        side = np.where(slots % 2, np.float32(64), np.float32(-64))
        error = self._random.standard_normal(flat.size, np.float32) * skill["error"]
        wander = heading + np.where(luck[1] < 0.25, (luck[2] - 0.5) * 120, 0)
        aim = np.where(hunting, view.lead + error + np.where(orbiting, side, 0), wander)
        aim = np.where(dodging, view.flight, aim)
        fire = hunting & ~orbiting & (view.distance < skill["reach"]) & (luck[2] < skill["trigger"])
        fire &= _off(view.lead, heading) < skill["tolerance"] + _turn_to_come(skill)
        pointed = _off(aim, heading) < _CONE
        wish = dodging | orbiting | ~hunting | (view.distance > _CLOSE)
        thrust = wish & pointed & (luck[3] < skill["throttle"]) | dodging
        bit = RULES.keys
        world.keys.reshape(-1)[flat] = bit.aim | thrust * bit.thrust | fire * bit.fire
        world.aim.reshape(-1)[flat] = np.floor(aim).astype(np.int32) & 255


def _turn_to_come(skill: dict[str, Floats]) -> Floats:
    """The nose moves on until the next thought, so a bot that thinks slowly fires before it is on target."""
    return np.minimum(skill["period"] * RULES.aim_turn * np.float32(0.15), np.float32(12))


def _off(a: Floats, b: Floats) -> Floats:
    off: Floats = np.abs((a - b + 128) % 256 - 128)
    return off


def _angle(dx: Floats, dy: Floats) -> Floats:
    angle: Floats = np.arctan2(dy, dx) * _TURN
    return angle


def _apart(bodies: NDArray[np.uint16], own: NDArray[np.uint16]) -> Floats:
    return (bodies - own[:, None]).astype(np.int16).astype(np.float32)


def _look(world: World, rooms: Rows, slots: Rows, flat: Rows) -> _View:
    own_x, own_y = world.x.reshape(-1)[flat], world.y.reshape(-1)[flat]
    dx, dy = _apart(world.x[rooms], own_x), _apart(world.y[rooms], own_y)
    distance = np.hypot(dx, dy)
    distance[(world.hull[rooms] == 0) | (world.shield[rooms] > RULES.shield_ticks // 2)] = np.inf
    each = np.arange(flat.size)
    distance[each, slots] = np.inf
    target = distance.argmin(axis=1)
    nearest = distance[each, target]
    found = nearest < _FAR
    ticks = np.minimum(nearest, _FAR) / _MUZZLE
    lead_x = dx[each, target] + _drift(world.vx, rooms, target, flat) * ticks
    lead_y = dy[each, target] + _drift(world.vy, rooms, target, flat) * ticks
    threatened, flight = _threat(world, rooms, slots, flat)
    return _View(found, nearest, _angle(lead_x, lead_y), threatened, flight)


def _drift(velocity: NDArray[np.int16], rooms: Rows, target: Rows, flat: Rows) -> Floats:
    own = velocity.reshape(-1)[flat].astype(np.float32)
    return (velocity[rooms, target].astype(np.float32) - own) * np.float32(1 / 16)


def _threat(world: World, rooms: Rows, slots: Rows, flat: Rows) -> tuple[Flags, Floats]:
    """Whether an enemy's olive will soon pass too near, and a heading square to its way."""
    dx = _apart(world.olive_x[rooms], world.x.reshape(-1)[flat])
    dy = _apart(world.olive_y[rooms], world.y.reshape(-1)[flat])
    vx = (world.olive_vx[rooms] - world.vx.reshape(-1)[flat][:, None].astype(np.float32)) / 16
    vy = (world.olive_vy[rooms] - world.vy.reshape(-1)[flat][:, None].astype(np.float32)) / 16
    ticks = -(dx * vx + dy * vy) / (vx * vx + vy * vy + 1)
    miss = np.hypot(dx + vx * ticks, dy + vy * ticks)
    owner = np.arange(world.olives) // RULES.ring
    bad = (world.olive_life[rooms] > 0) & (owner != slots[:, None])
    bad &= (ticks > 0) & (ticks < _ALERT_TICKS) & (miss < _MISS)
    ticks[~bad] = np.inf
    first, each = ticks.argmin(axis=1), np.arange(flat.size)
    way = _angle(vx[each, first], vy[each, first])
    heading = world.heading.reshape(-1)[flat].astype(np.float32)
    left, right = way - 64, way + 64
    return bad.any(axis=1), np.where(_off(left, heading) < _off(right, heading), left, right)
