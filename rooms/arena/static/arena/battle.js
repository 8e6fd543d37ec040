// The fight as this page knows it: snapshots in, what to show at a moment out. No drawing, no DOM.

import { Olives } from "./olives.js";
import { Prediction } from "./prediction.js";
import { TickClock } from "./ticks.js";
import { Tracks } from "./interpolation.js";
import { decodeSnapshot } from "./wire.js";
import { rules } from "./world.js";

const PAST_TICKS = 4; // others are shown 100 ms ago
const MARGIN_TICKS = 2; // inputs should arrive a little before their tick
const MOST_LEAD = 30;
const MOST_DUE = 300;

const blankShip = () => ({ slot: -1, x: 0, y: 0, vx: 0, vy: 0, heading: 0, alive: false, thrusting: false, shielded: false, hull: 0, bot: false });

/**
 * `pilot` (for players only) is `{sample, peek, send}` as `Prediction` wants them; `rtt()` gives the round trip in ms.
 * `on.told(hit)` hears of a hit when the message is here, `on.shown(kind, what)` when it is time to show it:
 * "shot", "hit", "absorbed", "appeared".
 */
export class Battle {
  constructor({ pilot = null, rtt = () => 0, on }) {
    this.ticks = new TickClock(rules.tickRate);
    this.tracks = new Tracks();
    this.olives = new Olives();
    this.rtt = rtt;
    this.on = on;
    this.ownSlot = null;
    this.ships = [];
    this.spare = [];
    this.own = null;
    this.ownShip = blankShip();
    this.due = [];
    this.prediction = pilot && new Prediction({ ...pilot, onShot: (olive, tick) => this.#fired(olive, tick) });
  }

  /** Forget everything that flies: another round, another epoch, or a page that slept. */
  reset() {
    this.ticks.reset();
    this.tracks.reset();
    this.olives.reset();
    this.due.length = 0;
    this.prediction?.reset();
  }

  /** The own slot, or null for a spectator. */
  sit(slot) {
    if (slot === this.ownSlot) return;
    this.ownSlot = slot;
    this.prediction?.reset();
  }

  /** A binary frame arrived. Gives the snapshot. */
  take(buffer, now) {
    const snapshot = decodeSnapshot(buffer);
    if (snapshot.tick < this.ticks.last) this.reset();
    this.ticks.heard(snapshot.tick, now);
    for (const ship of snapshot.ships) this.#noticeAppearing(ship, snapshot.tick);
    this.tracks.take(snapshot);
    const news = this.olives.take(snapshot, this.ownSlot);
    if (!snapshot.keyframe) for (const olive of news) this.#later(olive.born, "shot", olive);
    for (const hit of snapshot.absorbed) this.#later(snapshot.tick, "absorbed", hit);
    for (const hit of snapshot.hits) {
      this.on.told(hit);
      this.#later(snapshot.tick, "hit", hit);
    }
    this.#reconcile(snapshot);
    return snapshot;
  }

  #noticeAppearing(ship, tick) {
    const before = this.tracks.newest(ship.slot);
    if (before && !before.alive && ship.alive) this.#later(tick, "appeared", ship);
  }

  #reconcile(snapshot) {
    if (!this.prediction || this.ownSlot === null) return;
    const seen = snapshot.ships.find((ship) => ship.slot === this.ownSlot);
    if (seen) this.prediction.reconcile(seen, snapshot.tick);
  }

  /** What concerns the own ship is shown at once: that flies in the present. */
  #later(tick, kind, what) {
    const own = this.ownSlot !== null && (what.victim === this.ownSlot || what.slot === this.ownSlot);
    if (own) this.on.shown(kind, what);
    else if (this.due.length < MOST_DUE) this.due.push({ tick, kind, what });
  }

  #fired(olive, tick) {
    olive.owner = this.ownSlot;
    this.olives.predict(olive, tick);
    this.on.shown("shot", olive);
  }

  /** Go on to `now` (performance.now()); afterwards `ships`, `own`, `past` and `present` are up to date. */
  advance(now, elapsed) {
    const heard = this.ticks.at(now);
    this.past = heard - PAST_TICKS;
    const lead = Math.min(MOST_LEAD, this.rtt() / this.ticks.msPerTick + MARGIN_TICKS + this.ticks.jitter);
    this.present = this.ownSlot === null ? this.past : heard + lead;
    if (this.prediction && this.ownSlot !== null && heard > 0) this.prediction.advance(this.present);
    this.#showDue();
    this.#place(elapsed);
  }

  #showDue() {
    let kept = 0;
    for (const entry of this.due) {
      if (entry.tick <= this.past) this.on.shown(entry.kind, entry.what);
      else this.due[kept++] = entry;
    }
    this.due.length = kept;
  }

  #place(elapsed) {
    for (const ship of this.ships) if (ship !== this.ownShip) this.spare.push(ship);
    this.ships.length = 0;
    this.own = null;
    for (const slot of this.tracks.tracks.keys()) {
      if (slot === this.ownSlot && this.prediction) continue;
      const ship = this.spare.pop() ?? blankShip();
      if (this.tracks.sample(slot, this.past, ship)) this.ships.push(ship);
    }
    if (this.prediction && this.ownSlot !== null) this.#placeOwn(elapsed);
  }

  #placeOwn(elapsed) {
    const newest = this.tracks.newest(this.ownSlot);
    if (!newest) return;
    const { prediction, ownShip } = this;
    prediction.show(this.present, elapsed, ownShip);
    const { vx, vy, hull, shield } = prediction.ship;
    const held = prediction.inputs[prediction.inputs.length - 1];
    const thrusting = prediction.alive && (held.keys & rules.keys.thrust) !== 0;
    Object.assign(ownShip, { slot: this.ownSlot, alive: prediction.alive, vx, vy, hull, thrusting, shielded: shield > 0, bot: false });
    this.own = ownShip;
    this.ships.push(ownShip);
  }
}
