// The own ship against a server far away. Each check gives what happened; the tests say what should have.

import { fly, restless } from "./simulation.js";

const PARTS = ["x", "y", "vx", "vy", "heading", "cooldown"];
const DEATH_TICK = 200;

const differs = (a, b) => PARTS.some((part) => a[part] !== b[part]);

/** Ticks at which the ship that was shown is not the ship that the server had, from tick `since` on. */
function apart({ predicted, kitchen }, since = 0) {
  return [...predicted].filter(([tick, ship]) => {
    const truth = kitchen.log.get(tick);
    return truth && truth.hull > 0 && tick >= since && differs(truth, ship);
  }).map(([tick]) => tick);
}

const ownShots = (shown) => shown.filter(({ kind, what }) => kind === "shot" && what.owner === 0).map(({ what }) => what);

/** All keys, changing often; at the end the pilot lets go. */
export function inTime(modules, { rtt, jitter }) {
  const flown = fly(modules, { seconds: 12, hands: restless(11, undefined, 11000), rtt, jitter });
  return {
    corrections: flown.prediction.corrections,
    late: flown.kitchen.late,
    apart: apart(flown),
    compared: flown.predicted.size,
    fired: flown.kitchen.shots.length,
    shown: ownShots(flown.shown).length,
    unsure: [...flown.battle.olives.flying.values()].filter((olive) => !olive.sure).length,
  };
}

/** For a while the inputs hang on the way; later the pilot lets go, and the line is good again. */
export function heldUp(modules, { rtt }) {
  const hangs = (ms) => (ms > 4000 && ms < 4300 ? 4600 - ms : 0);
  const flown = fly(modules, { seconds: 10, hands: restless(5, undefined, 8000), rtt, holdUp: hangs });
  return {
    corrections: flown.prediction.corrections,
    late: flown.kitchen.late,
    wasApart: apart(flown).length > 0,
    apartAfterwards: apart(flown, 260),
    hiddenError: Math.hypot(flown.prediction.errorX, flown.prediction.errorY),
    unacknowledged: flown.prediction.inputs.length,
  };
}

/** Somebody beside the ship shoots it until it is gone, once. The pilot flies on as if nothing were. */
export function shotDown(modules, { rtt }) {
  const { rules } = modules.world;
  const calm = { keys: 0, aim: 0 };
  const hands = restless(3);
  const deathMs = DEATH_TICK * 25;
  const meddle = ({ world, keys }) => {
    const [own, other] = world.ships;
    keys[1] = world.tick >= DEATH_TICK && own.hull > 0 && own.respawn === 0 && world.tick < DEATH_TICK + 60 ? rules.keys.fire : 0;
    if (world.tick === DEATH_TICK) Object.assign(other, { x: (own.x - 1600) & 65535, y: own.y, vx: 0, vy: 0, heading: 0 });
  };
  const steering = (ms) => (ms > deathMs - 2500 && ms < deathMs + 1500 ? calm : hands(ms));
  const flown = fly(modules, { seconds: 15, hands: steering, rtt, meddle, ships: 2 });
  return { corrections: flown.prediction.corrections, apart: apart(flown), ...life(flown) };
}

function life({ kitchen, frames, told }) {
  const dead = [...kitchen.log.values()].filter((ship) => ship.hull === 0).length;
  const changes = frames.filter((frame, i) => i > 0 && frame.alive !== frames[i - 1].alive).map(({ alive }) => alive);
  return { ticksDead: dead, changes, hulls: [...new Set(frames.map(({ hull }) => hull))].sort(), hitsTold: told.filter(({ victim }) => victim === 0).length };
}

/** The shield that is shown at each tick, against the server's. A correction comes in the middle of it. */
export function shield(modules, { rtt, fireMs = Infinity, holdUpMs = Infinity }) {
  const { keys } = modules.world.rules;
  const hands = (ms) => ({ keys: (ms > 600 && ms % 400 < 200 ? keys.thrust : 0) | (ms > fireMs ? keys.fire : 0), aim: 0 });
  const holdUp = (ms) => (ms > holdUpMs && ms < holdUpMs + 300 ? 200 : 0);
  const flown = fly(modules, { seconds: 3.5, hands, rtt, holdUp });
  const wrong = flown.frames.filter(({ tick, shield }) => {
    const truth = flown.kitchen.log.get(tick);
    return truth && (truth.shield > 1) !== (shield > 1) && Math.abs(truth.shield - shield) > 2;
  });
  return {
    corrections: flown.prediction.corrections,
    wrongFor: wrong.length ? wrong.at(-1).tick - wrong[0].tick : 0,
    everShown: flown.frames.some(({ shield }) => shield > 0),
    goneAtLast: flown.prediction.ship.shield === 0,
  };
}
