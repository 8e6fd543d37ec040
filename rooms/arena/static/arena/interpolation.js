// The other ships, shown a little in the past, between two snapshots that are both known.

import { delta, rules } from "./world.js";

const KEPT = 12;
const GUESS = 5; // ticks that a ship flies straight on when the newest snapshot is late
const LEAP = 300 * 16; // 1/16 px between two snapshots: it did not fly there

/** What is known of all ships of a room, by slot. */
export class Tracks {
  constructor() {
    this.tracks = new Map();
  }

  reset() {
    this.tracks.clear();
  }

  /** Take a snapshot's ships. Those that a whole snapshot leaves out are gone. */
  take(snapshot) {
    for (const ship of snapshot.ships) {
      ship.tick = snapshot.tick;
      this.#track(ship.slot).push(ship);
    }
    for (const [slot, track] of this.tracks) {
      const newest = track[track.length - 1];
      const gone = snapshot.whole ? newest.tick < snapshot.tick : snapshot.tick - newest.tick > rules.tickRate * 2;
      if (gone) this.tracks.delete(slot);
      else if (track.length > KEPT) track.shift();
    }
  }

  #track(slot) {
    if (!this.tracks.has(slot)) this.tracks.set(slot, []);
    return this.tracks.get(slot);
  }

  /** The newest that is known of a ship, or undefined. */
  newest(slot) {
    const track = this.tracks.get(slot);
    return track && track[track.length - 1];
  }

  /** Fill `out` with the ship at `tick` (with a fraction). False if it is not known then. */
  sample(slot, tick, out) {
    const track = this.tracks.get(slot);
    if (!track) return false;
    let at = track.length - 1;
    while (at > 0 && track[at].tick > tick) at -= 1;
    const from = track[at];
    const to = track[at + 1];
    if (to && from.alive && to.alive && near(from, to)) between(from, to, (tick - from.tick) / (to.tick - from.tick), out);
    else onward(from, Math.min(GUESS, Math.max(0, tick - from.tick)), out);
    out.slot = slot;
    out.alive = from.alive;
    out.thrusting = from.thrusting;
    out.shielded = from.shielded;
    out.hull = from.hull;
    out.bot = from.bot;
    out.vx = from.vx;
    out.vy = from.vy;
    return true;
  }
}

const near = (a, b) => Math.abs(delta(a.x, b.x)) < LEAP && Math.abs(delta(a.y, b.y)) < LEAP;

function between(from, to, part, out) {
  const share = Math.min(1, Math.max(0, part));
  out.x = from.x + delta(from.x, to.x) * share;
  out.y = from.y + delta(from.y, to.y) * share;
  out.heading = from.heading + (((to.heading - from.heading) << 24) >> 24) * share;
}

function onward(from, ticks, out) {
  const flies = from.alive ? ticks : 0;
  out.x = from.x + (from.vx / 16) * flies;
  out.y = from.y + (from.vy / 16) * flies;
  out.heading = from.heading;
}
