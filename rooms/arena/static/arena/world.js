// The arena's rules, bit for bit those of world.py: integers only, no DOM, no clock, no randomness of its own.
//
// Positions are 0-65535 in 1/16 px on a torus, velocities 1/256 px a tick, headings 0-255 clockwise from +x
// (y points down). A ship is {slot, present, x, y, vx, vy, heading, hull, cooldown, shield, respawn, fired};
// it flies while hull > 0. An olive is {owner, number, x, y, vx, vy, life}; it flies while life > 0.

/** The rules in force: rules.json plus the tables derived from it. Filled by `loadRules`. */
export let rules = null;

const table = (sine, shift, quarter, length) =>
  Int32Array.from({ length: 256 }, (_, i) => (sine[(i + quarter) & 255] * length + (1 << (shift - 1))) >> shift);

/** Take the parsed rules.json; everything else here needs it to have been called once. */
export function loadRules(json) {
  const { sine, sineShift, thrust, muzzleSpeed, muzzleDistance } = json;
  const pair = (length) => [table(sine, sineShift, 64, length), table(sine, sineShift, 0, length)];
  const [thrustX, thrustY] = pair(thrust);
  const [speedX, speedY] = pair(muzzleSpeed);
  const [noseX, noseY] = pair(muzzleDistance);
  const contact = json.shipRadius + json.oliveRadius;
  rules = { ...json, thrustX, thrustY, speedX, speedY, noseX, noseY, contactSquared: contact * contact };
  return rules;
}

/** The shortest way from `a` to `b` along one axis of the torus: -32768..32767. */
export const delta = (a, b) => ((b - a) << 16) >> 16;

/** What a velocity adds to a position in one tick. */
export const advance = (velocity) => (velocity + (1 << (rules.velocityShift - 1))) >> rules.velocityShift;

const slow = (v) => (v * ((1 << rules.dragShift) - rules.drag) + ((v >> 31) & ((1 << rules.dragShift) - 1))) >> rules.dragShift;

/** A well mixed 32-bit number from another (the "lowbias32" finalizer). */
export function mix(value) {
  const { multipliers, shifts } = rules.hash;
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> shifts[0]), multipliers[0]);
  x = Math.imul(x ^ (x >>> shifts[1]), multipliers[1]);
  return (x ^ (x >>> shifts[2])) >>> 0;
}

function turn(heading, keys, aim) {
  const { keys: bit, turn: byKeys, aimTurn } = rules;
  if (keys & bit.aim) {
    const wanted = ((aim - heading) << 24) >> 24;
    return (heading + Math.min(aimTurn, Math.max(-aimTurn, wanted))) & 255;
  }
  return (heading + byKeys * (((keys & bit.right) !== 0) - ((keys & bit.left) !== 0))) & 255;
}

/** One tick of a flying ship, in place: turn, thrust, drag, move, count down. Does not fire. */
export function stepShip(ship, keys, aim) {
  ship.heading = turn(ship.heading, keys, aim);
  const thrusting = keys & rules.keys.thrust ? 1 : 0;
  ship.vx = slow(ship.vx + thrusting * rules.thrustX[ship.heading]);
  ship.vy = slow(ship.vy + thrusting * rules.thrustY[ship.heading]);
  ship.x = (ship.x + advance(ship.vx)) & 65535;
  ship.y = (ship.y + advance(ship.vy)) & 65535;
  if (ship.cooldown > 0) ship.cooldown -= 1;
  if (ship.shield > 0) ship.shield -= 1;
  return ship;
}

/** The olive that a flying ship fires now, after its `stepShip`; null if it may not or does not want to. */
export function fire(ship, keys) {
  if (!(keys & rules.keys.fire) || ship.cooldown > 0) return null;
  const olive = {
    owner: ship.slot,
    number: ship.fired % rules.ring,
    x: (ship.x + rules.noseX[ship.heading]) & 65535,
    y: (ship.y + rules.noseY[ship.heading]) & 65535,
    vx: ship.vx + rules.speedX[ship.heading],
    vy: ship.vy + rules.speedY[ship.heading],
    life: rules.oliveLife,
  };
  ship.fired = (ship.fired + 1) >>> 0;
  ship.cooldown = rules.cooldown;
  ship.shield = 0;
  return olive;
}

/** One tick of an olive, in place. False when it has flown its time. */
function stepOlive(olive, ticks = 1) {
  olive.x = (olive.x + ticks * advance(olive.vx)) & 65535;
  olive.y = (olive.y + ticks * advance(olive.vy)) & 65535;
  olive.life = Math.max(0, olive.life - ticks);
  return olive.life > 0;
}

/**
 * At which sample of the last tick (1 .. 2 ** sweepShift) an olive first touched a ship; 0 if it did not.
 * Each is {x, y} where it is now and {px, py} where it was a tick ago.
 */
function contact(olive, ship) {
  const startX = delta(ship.px, olive.px);
  const startY = delta(ship.py, olive.py);
  const pathX = delta(ship.x, olive.x) - startX;
  const pathY = delta(ship.y, olive.y) - startY;
  if (Math.abs(startX) > rules.worldSize >> 3 || Math.abs(startY) > rules.worldSize >> 3) return 0;
  for (let step = 1; step <= 1 << rules.sweepShift; step += 1) {
    const dx = startX + ((pathX * step) >> rules.sweepShift);
    const dy = startY + ((pathY * step) >> rules.sweepShift);
    if (dx * dx + dy * dy <= rules.contactSquared) return step;
  }
  return 0;
}

/** Where a body was at that sample of the last tick. */
const along = (body, step) => ({
  x: (body.px + ((delta(body.px, body.x) * step) >> rules.sweepShift)) & 65535,
  y: (body.py + ((delta(body.py, body.y) * step) >> rules.sweepShift)) & 65535,
});

function contacts(world) {
  const found = [];
  world.olives.forEach((olive, index) => {
    if (!olive.flying) return;
    for (const ship of world.ships) {
      if (!ship.flying || ship.slot === olive.owner) continue;
      const step = contact(olive, ship);
      if (step) found.push({ step, index, olive, ship });
    }
  });
  return found.sort((a, b) => a.step - b.step || a.index - b.index || a.ship.slot - b.ship.slot);
}

/** What the olives that flew this tick did to the ships that flew this tick; first contact first. */
export function hits(world) {
  const done = [];
  for (const { step, olive, index, ship } of contacts(world)) {
    if (olive.spent || ship.hull === 0) continue;
    olive.spent = true;
    olive.life = 0;
    const absorbed = ship.shield > 0;
    if (!absorbed) ship.hull -= 1;
    const destroyed = ship.hull === 0;
    if (destroyed) ship.respawn = rules.respawnTicks;
    done.push({ shooter: olive.owner, victim: ship.slot, olive: index, ...along(olive, step), destroyed, absorbed });
  }
  return done;
}

/** A world of `size` empty slots. `addShip` puts ships in. */
export function createWorld(size, seed) {
  const ship = (slot) => ({
    slot, present: false, x: 0, y: 0, vx: 0, vy: 0, heading: 0,
    hull: 0, cooldown: 0, shield: 0, respawn: 0, fired: 0,
  });
  const olive = (index) => ({
    owner: Math.floor(index / rules.ring), number: index % rules.ring, x: 0, y: 0, vx: 0, vy: 0, life: 0,
  });
  return {
    seed: seed >>> 0,
    tick: 0,
    ships: Array.from({ length: size }, (_, slot) => ship(slot)),
    olives: Array.from({ length: size * rules.ring }, (_, index) => olive(index)),
  };
}

/** The ship of this slot appears on the next tick. */
export function addShip(world, slot) {
  Object.assign(world.ships[slot], { present: true, hull: 0, respawn: 1, fired: 0 });
}

function gap(world, slot, x, y) {
  let nearest = Infinity;
  for (const other of world.ships) {
    if (other.hull === 0 || other.slot === slot) continue;
    const dx = delta(x, other.x) >> 4;
    const dy = delta(y, other.y) >> 4;
    nearest = Math.min(nearest, dx * dx + dy * dy);
  }
  return nearest === Infinity ? 0 : Math.abs(nearest - rules.spawnDistance * rules.spawnDistance);
}

function place(world, slot) {
  const base = mix(mix(world.seed) ^ world.tick);
  let best = null;
  for (let k = 0; k < rules.spawnCandidates; k += 1) {
    const hash = mix(base ^ (slot * 256 + k));
    const off = gap(world, slot, hash & 65535, hash >>> 16);
    if (best === null || off < best.off) best = { off, hash };
  }
  return best.hash;
}

function respawn(world) {
  const waiting = world.ships.filter((ship) => ship.respawn > 0);
  for (const ship of waiting) ship.respawn -= 1;
  const due = waiting.filter((ship) => ship.respawn === 0);
  const places = due.map((ship) => place(world, ship.slot));
  due.forEach((ship, i) => Object.assign(ship, {
    x: places[i] & 65535, y: places[i] >>> 16, vx: 0, vy: 0, heading: (places[i] >>> 8) & 255,
    hull: rules.hull, shield: rules.shieldTicks, cooldown: 0,
  }));
}

function move(world, keys, aim) {
  for (const ship of world.ships) {
    ship.flying = ship.hull > 0;
    ship.px = ship.x;
    ship.py = ship.y;
    if (ship.flying) stepShip(ship, keys[ship.slot], aim[ship.slot]);
  }
  for (const olive of world.olives) {
    olive.flying = olive.life > 0;
    olive.spent = false;
    olive.px = olive.x;
    olive.py = olive.y;
    if (olive.flying) stepOlive(olive);
  }
}

/** One tick of a whole room, in place: respawn, move, hit, fire. Keys and aim are indexed by slot. */
export function step(world, keys, aim) {
  world.tick = (world.tick + 1) >>> 0;
  respawn(world);
  move(world, keys, aim);
  const done = hits(world);
  const shots = [];
  for (const ship of world.ships) {
    const olive = ship.hull > 0 ? fire(ship, keys[ship.slot]) : null;
    if (olive === null) continue;
    Object.assign(world.olives[ship.slot * rules.ring + olive.number], olive);
    shots.push(olive);
  }
  return { hits: done, shots };
}
