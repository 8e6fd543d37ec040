// The arena's binary frames, little-endian, as docs/protocol.md describes them. No DOM.

const INPUT = 1;
const SNAPSHOT = 2;
const HEADER_BYTES = 10;
const SHIP_BYTES = 12;
const SHOT_BYTES = 12;
const HIT_BYTES = 8;
const BLIP_BYTES = 3;

/** Seven bytes that say which keys are held from `tick` on. `sequence` and `tick` may be any size. */
export function encodeInput({ sequence, tick, keys, aim = 0 }) {
  const view = new DataView(new ArrayBuffer(7));
  view.setUint8(0, INPUT);
  view.setUint16(1, sequence & 65535, true);
  view.setUint16(3, tick & 65535, true);
  view.setUint8(5, keys);
  view.setUint8(6, aim & 255);
  return view.buffer;
}

function readShip(view, at) {
  const flags = view.getUint8(at + 1);
  return {
    slot: view.getUint8(at),
    alive: (flags & 1) !== 0,
    thrusting: (flags & 2) !== 0,
    shielded: (flags & 4) !== 0,
    bot: (flags & 8) !== 0,
    hull: (flags >> 4) & 3,
    x: view.getUint16(at + 2, true),
    y: view.getUint16(at + 4, true),
    vx: view.getInt16(at + 6, true),
    vy: view.getInt16(at + 8, true),
    heading: view.getUint8(at + 10),
    ack: view.getUint8(at + 11),
  };
}

function readShot(view, at) {
  return {
    owner: view.getUint8(at),
    number: view.getUint8(at + 1),
    x: view.getUint16(at + 2, true),
    y: view.getUint16(at + 4, true),
    vx: view.getInt16(at + 6, true),
    vy: view.getInt16(at + 8, true),
    age: view.getUint8(at + 10),
  };
}

function readHit(view, at) {
  const flags = view.getUint8(at + 3);
  return {
    shooter: view.getUint8(at),
    victim: view.getUint8(at + 1),
    number: view.getUint8(at + 2),
    destroyed: (flags & 1) !== 0,
    absorbed: (flags & 2) !== 0,
    x: view.getUint16(at + 4, true),
    y: view.getUint16(at + 6, true),
  };
}

/** The middle of the 16 px square in which a far ship is, in 1/16 px. */
function readBlip(view, at) {
  return { slot: view.getUint8(at), x: view.getUint8(at + 1) * 256 + 128, y: view.getUint8(at + 2) * 256 + 128 };
}

function readAll(view, at, count, size, read) {
  const items = new Array(count);
  for (let i = 0; i < count; i += 1) items[i] = read(view, at + i * size);
  return items;
}

/**
 * A snapshot as plain objects. `hits` took hull; `absorbed` are olives that a shield ate, without effect.
 * Throws a RangeError on a frame of another kind or of the wrong length.
 */
export function decodeSnapshot(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < HEADER_BYTES || view.getUint8(0) !== SNAPSHOT) throw new RangeError("not a snapshot");
  const flags = view.getUint8(1);
  const [ships, shots, hits, blips] = [6, 7, 8, 9].map((at) => view.getUint8(at));
  const shotsAt = HEADER_BYTES + ships * SHIP_BYTES;
  const hitsAt = shotsAt + shots * SHOT_BYTES;
  const blipsAt = hitsAt + hits * HIT_BYTES;
  if (view.byteLength !== blipsAt + blips * BLIP_BYTES) throw new RangeError("a snapshot of the wrong length");
  const contacts = readAll(view, hitsAt, hits, HIT_BYTES, readHit);
  return {
    whole: (flags & 1) !== 0,
    keyframe: (flags & 2) !== 0,
    tick: view.getUint32(2, true),
    ships: readAll(view, HEADER_BYTES, ships, SHIP_BYTES, readShip),
    shots: readAll(view, shotsAt, shots, SHOT_BYTES, readShot),
    hits: contacts.filter((hit) => !hit.absorbed),
    absorbed: contacts.filter((hit) => hit.absorbed),
    blips: readAll(view, blipsAt, blips, BLIP_BYTES, readBlip),
  };
}
