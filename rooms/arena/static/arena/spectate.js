// Where a spectator looks: at the thick of it, and not at another place every second.

import { px, wrapPx } from "./view.js";

const STAY_MS = 6000;
const DEAD_MS = 1400;
const NEAR = 620; // px: others this near make a fight
const FRESH_MS = 5000;

export class Spectate {
  constructor() {
    this.slot = null;
    this.since = 0;
    this.chosen = false;
    this.heat = new Map();
  }

  /** Somebody hit somebody: both are worth a look. */
  excite(hit, now) {
    this.heat.set(hit.shooter, now);
    this.heat.set(hit.victim, now);
  }

  /** Stay with the pilot before or after this one (`by` is 1 or -1), until the ship is gone. */
  turn(ships, by, now) {
    const slots = ships.map((ship) => ship.slot).sort((a, b) => a - b);
    if (!slots.length) return;
    const at = slots.indexOf(this.slot);
    this.slot = slots[(at + by + slots.length) % slots.length];
    this.since = now;
    this.chosen = true;
  }

  /** The ship to look at now, or null. */
  target(ships, now) {
    const current = ships.find((ship) => ship.slot === this.slot);
    if (current?.alive) this.aliveAt = now;
    const stay = current && (current.alive || now - this.aliveAt < DEAD_MS);
    if (stay && (this.chosen || now - this.since < STAY_MS)) return current;
    const best = this.#best(ships, now);
    if (best && best.slot !== this.slot) {
      this.slot = best.slot;
      this.since = now;
      this.chosen = false;
    } else if (best) this.since = now;
    return best ?? current ?? null;
  }

  #best(ships, now) {
    let best = null;
    let most = -1;
    for (const ship of ships) {
      if (!ship.alive) continue;
      const worth = this.#worth(ship, ships, now);
      if (worth > most) [best, most] = [ship, worth];
    }
    return best;
  }

  #worth(ship, ships, now) {
    let company = 0;
    for (const other of ships) {
      if (other === ship || !other.alive) continue;
      const distance = Math.hypot(wrapPx(px(other.x - ship.x)), wrapPx(px(other.y - ship.y)));
      if (distance < NEAR) company += 1 - distance / NEAR;
    }
    const fresh = Math.max(0, 1 - (now - (this.heat.get(ship.slot) ?? -Infinity)) / FRESH_MS);
    return company + fresh * 1.5 + (ship.slot === this.slot ? 0.4 : 0);
  }
}
