// What is drawn of the others and of the olives. The world is a torus: everything goes the short way round.

const blank = { slot: 1, alive: true, thrusting: false, shielded: false, bot: false, hull: 3, x: 0, y: 0, vx: 0, vy: 0, heading: 0 };

const of = (tick, ship, more = {}) => ({ tick, whole: true, ships: [{ ...blank, ...ship }], shots: [], hits: [], absorbed: [], ...more });

function placed({ interpolation: { Tracks } }, snapshots, tick) {
  const tracks = new Tracks();
  for (const snapshot of snapshots) tracks.take(snapshot);
  const out = {};
  return tracks.sample(1, tick, out) ? out : null;
}

/** A ship that crosses the world's edge, at a quarter of the way. */
export function ship(modules) {
  const { x, y, heading } = placed(modules, [of(10, { x: 65_500, y: 20, heading: 250 }), of(12, { x: 64, y: 65_456, heading: 6 })], 10.5);
  return { x: x & 65535, y: y & 65535, heading: heading & 255 };
}

/** Ships that cannot have flown from the one place to the other are never between. */
export function leaps(modules) {
  const reborn = [of(10, { x: 1000, alive: false, hull: 0 }), of(12, { x: 9000 })];
  const thrown = [of(10, { x: 1000 }), of(12, { x: 30_000 })];
  return [placed(modules, reborn, 11).x, placed(modules, thrown, 11).x];
}

/** The newest snapshot is late: straight on, but not for ever. And who is left out of a whole one is gone. */
export function overdue(modules) {
  const news = [of(10, { x: 1000, vx: 160 }), of(12, { x: 1020, vx: 160 })];
  const gone = [...news, { ...of(14, {}), ships: [] }];
  return { soon: placed(modules, news, 14).x, later: placed(modules, news, 500).x, gone: placed(modules, gone, 14) };
}

const shot = { owner: 0, number: 3, x: 65_400, y: 500, vx: 5632, vy: 0, age: 1 };

function drawn(sky, ...moment) {
  const all = [];
  sky.each(...moment, (x, y, olive, age) => all.push({ x, y, owner: olive.owner, age }));
  return all;
}

/** An olive beyond the edge, near the own ship by the short way: it is shown in the present, where it can hit. */
export function olive({ olives: { Olives } }) {
  const [near, far] = [new Olives(), new Olives()];
  for (const sky of [near, far]) sky.take({ ...of(101, {}), shots: [{ ...shot, owner: 1 }] }, 0);
  const here = { x: 300, y: 500 };
  const there = { x: 33_000, y: 33_000 };
  return { near: drawn(near, 100, 102, here), far: drawn(far, 101, 110, there) };
}

/** An own olive that was predicted, then told by the server at tick `born`; what is drawn before and after. */
export function own({ olives: { Olives } }, { born = 100 }) {
  const sky = new Olives();
  sky.predict({ ...shot, number: 0 }, 100);
  const before = drawn(sky, 96, 104, { x: shot.x, y: shot.y });
  const told = { ...of(born + 1, {}), shots: [shot] };
  const news = [sky.take(told, 0).length, sky.take({ ...told, tick: born + 2, shots: [{ ...shot, age: 2 }] }, 0).length];
  const after = drawn(sky, 96, 104, { x: shot.x, y: shot.y });
  sky.take({ ...of(103, {}), hits: [{ shooter: 0, number: 3 }] }, 0);
  return { before, news, after, spent: drawn(sky, 103, 104, { x: shot.x, y: shot.y }) };
}

/** An own olive of which the server says nothing. */
export function refused({ olives: { Olives } }) {
  const sky = new Olives();
  sky.predict(shot, 100);
  return [104, 110, 112].map((tick) => {
    sky.take(of(tick, {}), 0);
    return sky.flying.size;
  });
}

/** Several own olives in a row, told late and out of step by one tick: each is matched to its own. */
export function salvo({ olives: { Olives } }) {
  const sky = new Olives();
  const ticks = [100, 108, 116];
  for (const tick of ticks) sky.predict(shot, tick);
  const news = ticks.map((tick, number) => sky.take({ ...of(tick + 2, {}), shots: [{ ...shot, number, age: 1 }] }, 0).length);
  return { news, flying: [...sky.flying.values()].map(({ born, sure }) => [born, sure]) };
}
