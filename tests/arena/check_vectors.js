// Does world.js do what world.py did? For a browser or node; see vectors.json and make_vectors.py.

const SHIP = ["x", "y", "vx", "vy", "heading", "hull", "cooldown", "shield", "respawn", "fired"];
const OLIVE = ["x", "y", "vx", "vy", "life"];
const MAX_DIFFERENCES = 20;

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function stateOf(world) {
  const fields = SHIP.map((name) => [name, world.ships.map((ship) => ship[name])]);
  const olives = OLIVE.map((name) => [`olive_${name}`, world.olives.map((olive) => olive[name])]);
  return Object.fromEntries([...fields, ...olives]);
}

function checksum(state) {
  const values = Object.values(state).flat();
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => view.setInt32(i * 4, value, true));
  return crc32(new Uint8Array(view.buffer));
}

function compareStates(label, mine, theirs) {
  return Object.entries(theirs)
    .filter(([name, values]) => JSON.stringify(values) !== JSON.stringify(mine[name]))
    .map(([name, values]) => `${label}: ${name} is ${JSON.stringify(mine[name])}, should be ${JSON.stringify(values)}`);
}

function* run(module, vector) {
  const label = `seed ${vector.seed}`;
  const world = module.createWorld(vector.ships, vector.seed);
  const keys = new Array(vector.ships).fill(0);
  const aim = new Array(vector.ships).fill(0);
  const found = [];
  let next = 0;
  for (let slot = 0; slot < vector.ships; slot += 1) module.addShip(world, slot);
  for (let tick = 1; tick <= vector.ticks; tick += 1) {
    for (; next < vector.inputs.length && vector.inputs[next][0] === tick; next += 1) {
      const [, slot, held, towards] = vector.inputs[next];
      keys[slot] = held;
      aim[slot] = towards;
    }
    const { hits } = module.step(world, keys, aim);
    for (const h of hits) found.push([tick, h.victim, h.olive, h.x, h.y, Number(h.destroyed), Number(h.absorbed)]);
    const state = stateOf(world);
    if (vector.states[tick]) yield* compareStates(`${label}, tick ${tick}`, state, vector.states[tick]);
    const sum = checksum(state);
    if (sum !== vector.checksums[tick - 1]) {
      yield `${label}, tick ${tick}: checksum ${sum}, should be ${vector.checksums[tick - 1]}`;
    }
  }
  if (JSON.stringify(found) !== JSON.stringify(vector.hits)) yield `${label}: other hits than expected`;
}

/**
 * `module` is world.js as a namespace, `rules` the parsed rules.json, `vectors` the parsed vectors.json.
 * Returns the differences as lines of text; none means that both languages agree on every bit.
 */
export function check(module, rules, vectors) {
  module.loadRules(rules);
  const differences = [];
  for (const vector of vectors) {
    for (const difference of run(module, vector)) {
      differences.push(difference);
      if (differences.length >= MAX_DIFFERENCES) return differences;
    }
  }
  return differences;
}
