// A server with one player far away, in pretended time: the real rules on one side, the real client on the other.

const STEP_MS = 0.5;
const FRAME_MS = 1000 / 60;
const SHIP_BYTES = 12;
const SHOT_BYTES = 12;
const HIT_BYTES = 8;

/** A small random number generator, so that every run is the same run. Gives 0 <= number < 1. */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const flagsOf = (ship, keys) => (ship.hull > 0 ? 1 | (keys & 1 ? 2 : 0) : 0) | (ship.shield > 0 ? 4 : 0) | (ship.hull << 4);

/** A snapshot's frame, as docs/protocol.md describes it. */
export function encode({ tick, ships, shots, hits }) {
  const view = new DataView(new ArrayBuffer(10 + ships.length * SHIP_BYTES + shots.length * SHOT_BYTES + hits.length * HIT_BYTES));
  let at = 10;
  const u8 = (value) => view.setUint8(at++, value);
  const u16 = (value) => view.setUint16((at += 2) - 2, value & 65535, true);
  view.setUint8(0, 2);
  view.setUint8(1, 1);
  view.setUint32(2, tick, true);
  [ships, shots, hits].forEach((items, i) => view.setUint8(6 + i, items.length));
  for (const { slot, flags, x, y, vx, vy, heading, ack } of ships) {
    [slot, flags].forEach(u8);
    [x, y, vx, vy].forEach(u16);
    [heading, ack].forEach(u8);
  }
  for (const { owner, number, x, y, vx, vy, age } of shots) {
    [owner, number].forEach(u8);
    [x, y, vx, vy].forEach(u16);
    [age, 0].forEach(u8);
  }
  for (const { shooter, victim, number, flags, x, y } of hits) {
    [shooter, victim, number, flags].forEach(u8);
    [x, y].forEach(u16);
  }
  return view.buffer;
}

/** The server's side: holds an input in the step that makes the tick it names, or in the next (rooms/arena/inputs.py). */
class Kitchen {
  constructor(world, { ships, seed }) {
    this.rules = world.rules;
    this.step = world.step;
    this.world = world.createWorld(ships, seed);
    this.keys = new Array(ships).fill(0);
    this.aim = new Array(ships).fill(0);
    this.ack = 0;
    this.late = 0;
    this.waiting = [];
    this.recent = { shots: [], hits: [] };
    this.log = new Map();
    this.shots = [];
    for (let slot = 0; slot < ships; slot += 1) world.addShip(this.world, slot);
  }

  /** An input frame of the player in slot 0 is here. */
  hear(buffer) {
    const view = new DataView(buffer);
    const ahead = ((view.getUint16(3, true) - this.world.tick) << 16) >> 16;
    if (ahead < 1) this.late += 1;
    const earliest = this.waiting.at(-1)?.tick ?? this.world.tick + 1;
    const tick = Math.max(earliest, this.world.tick + Math.min(ahead, this.rules.inputLead));
    this.waiting.push({ tick, ack: view.getUint8(1), keys: view.getUint8(5), aim: view.getUint8(6) });
  }

  /** One tick. */
  turn() {
    const { world, rules } = this;
    let fire = 0;
    while (this.waiting.length && this.waiting[0].tick <= world.tick + 1) {
      const input = this.waiting.shift();
      fire |= input.keys & rules.keys.fire;
      [this.keys[0], this.aim[0], this.ack] = [input.keys, input.aim, input.ack];
    }
    const held = this.keys[0];
    this.keys[0] |= fire;
    const { shots, hits } = this.step(world, this.keys, this.aim);
    this.keys[0] = held;
    this.#note(shots, hits);
  }

  #note(shots, hits) {
    const { tick, ships } = this.world;
    for (const shot of this.recent.shots) shot.age += 1;
    this.recent.shots.push(...shots.map((shot) => ({ ...shot, age: 0 })));
    this.recent.hits.push(...hits.map((hit) => ({
      ...hit, number: hit.olive % this.rules.ring, flags: Number(hit.destroyed) | (Number(hit.absorbed) << 1),
    })));
    this.shots.push(...shots.filter((shot) => shot.owner === 0).map((shot) => ({ ...shot, born: tick })));
    this.log.set(tick, { ...ships[0] });
  }

  /** The frame of a snapshot of now. */
  snapshot() {
    const { tick, ships } = this.world;
    const seen = ships.map((ship, slot) => ({ ...ship, flags: flagsOf(ship, this.keys[slot]), ack: slot === 0 ? this.ack : 0 }));
    const frame = encode({ tick, ships: seen, ...this.recent });
    this.recent = { shots: [], hits: [] };
    return frame;
  }
}

/** What is on its way in one direction. Nothing overtakes. */
class Line {
  constructor(deliver) {
    this.deliver = deliver;
    this.queue = [];
  }

  send(at, what) {
    this.queue.push({ at: Math.max(at, this.queue.at(-1)?.at ?? 0), what });
  }

  bring(now) {
    while (this.queue.length && this.queue[0].at <= now) {
      const { at, what } = this.queue.shift();
      this.deliver(what, at);
    }
  }
}

/**
 * Fly for `seconds`. `hands(ms)` gives `{keys, aim}`, `rtt` is in ms, `jitter` is the most that a snapshot is late
 * by, `holdUp(ms)` how much longer an input takes that leaves then, `meddle(kitchen)` comes before each tick.
 */
export function fly({ world, battle: { Battle } }, { seconds, hands, rtt = 0, jitter = 0, holdUp = () => 0, meddle = () => null, ships = 1, seed = 7 }) {
  const kitchen = new Kitchen(world, { ships, seed });
  const chance = dice(seed + 1);
  const flown = { predicted: new Map(), shown: [], told: [], kitchen, frames: [] };
  let now = 0;
  const pilot = {
    sample: () => hands(now),
    peek: () => hands(now),
    send: (buffer) => up.send(now + rtt / 2 + holdUp(now), buffer),
  };
  const battle = new Battle({
    pilot,
    rtt: () => rtt,
    on: { told: (hit) => flown.told.push(hit), shown: (kind, what) => flown.shown.push({ kind, what, now }) },
  });
  const up = new Line((buffer) => kitchen.hear(buffer));
  const down = new Line((frame, at) => battle.take(frame, at));
  battle.sit(0);
  const tickMs = 1000 / world.rules.tickRate;
  for (let tickAt = tickMs, frameAt = 3; now < seconds * 1000; now += STEP_MS) {
    up.bring(now);
    if (now >= tickAt) {
      meddle(kitchen);
      kitchen.turn();
      if (kitchen.world.tick % 2 === 0) down.send(now + rtt / 2 + chance() * jitter, kitchen.snapshot());
      tickAt += tickMs;
    }
    down.bring(now);
    if (now >= frameAt) {
      battle.advance(now, FRAME_MS);
      note(battle, flown);
      frameAt += FRAME_MS;
    }
  }
  return { ...flown, battle, prediction: battle.prediction };
}

function note({ prediction, own }, { predicted, frames }) {
  if (prediction.alive) predicted.set(prediction.tick, { ...prediction.ship });
  if (own) frames.push({ tick: prediction.tick, alive: prediction.alive, shield: prediction.ship.shield, hull: own.hull });
}

/** Hands that change their mind every 2 to 25 ticks: any keys, any aim. `until` (ms): then they let go. */
export function restless(seed, keysOf = (chance) => Math.floor(chance() * 32), until = Infinity) {
  const chance = dice(seed);
  const moods = [];
  let end = 0;
  const still = { keys: 0, aim: 0 };
  return (ms) => {
    if (ms >= until) return still;
    while (end <= ms) {
      moods.push({ from: end, keys: keysOf(chance), aim: Math.floor(chance() * 256) });
      end += 50 + chance() * 575;
    }
    return moods.findLast((mood) => mood.from <= ms);
  };
}
