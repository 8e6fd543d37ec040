// Every olive in flight. The server tells only that one was fired; from then on it flies by the rules.
//
// Time is local: near the own ship olives are shown in the present, where they can hit it; far away in the
// past, where the ships are that they can hit. In between they drift from the one to the other unseen.

import { advance, delta, rules } from "./world.js";

const NEAR = 240 * 16; // 1/16 px
const FAR = 720 * 16;
const PATIENCE = 10; // ticks that an own olive waits for the server's word

export class Olives {
  constructor() {
    this.flying = new Map();
  }

  reset() {
    this.flying.clear();
  }

  /** An own olive left the muzzle; the server will confirm it. */
  predict(olive, tick) {
    const known = this.#ofShot(olive.owner, tick);
    if (!known) this.#put(`p${tick}`, olive, tick, false);
  }

  /** Take a snapshot's shots and forget those that hit. Gives the olives that are news (not the own predicted). */
  take(snapshot, ownSlot) {
    const news = [];
    for (const shot of snapshot.shots) {
      const born = snapshot.tick - shot.age;
      const key = shot.owner * rules.ring + shot.number;
      const mine = shot.owner === ownSlot && this.#confirm(key, shot, born);
      if (!mine && this.flying.get(key)?.born !== born) news.push(this.#put(key, shot, born, true));
    }
    for (const hit of snapshot.hits) this.#spend(hit, snapshot.tick);
    for (const hit of snapshot.absorbed) this.#spend(hit, snapshot.tick);
    for (const [key, olive] of this.flying) {
      const refused = !olive.sure && snapshot.tick - olive.born > PATIENCE;
      if (refused || snapshot.tick - olive.born > rules.oliveLife + 8) this.flying.delete(key);
    }
    return news;
  }

  #put(key, { owner, x, y, vx, vy }, born, sure) {
    const olive = { owner, x, y, vx, vy, stepX: advance(vx), stepY: advance(vy), born, sure, spentAt: Infinity, spin: born * 0.7 };
    this.flying.set(key, olive);
    return olive;
  }

  #ofShot(owner, tick) {
    for (const olive of this.flying.values()) {
      if (olive.owner === owner && Math.abs(olive.born - tick) <= 2) return olive;
    }
    return null;
  }

  /** The server's record of a predicted olive replaces it, under the number that hits will name. */
  #confirm(key, shot, born) {
    for (const [guess, olive] of this.flying) {
      if (olive.sure || Math.abs(olive.born - born) > rules.cooldown / 2) continue;
      this.flying.delete(guess);
      this.#put(key, shot, born, true);
      return true;
    }
    return false;
  }

  #spend({ shooter, number }, tick) {
    const olive = this.flying.get(shooter * rules.ring + number);
    if (olive) olive.spentAt = tick;
  }

  /**
   * Call `draw(x, y, olive, age)` for each olive that is visible now; x and y in 1/16 px, not wrapped.
   * `past` and `present` are the ticks of the others and of the own ship; `own` is where that is, or null.
   */
  each(past, present, own, draw) {
    for (const olive of this.flying.values()) {
      const tick = own ? past + (present - past) * nearness(olive, present, own) : past;
      const age = tick - olive.born;
      if (age < 0 || age > rules.oliveLife || tick >= olive.spentAt) continue;
      draw(olive.x + olive.stepX * age, olive.y + olive.stepY * age, olive, age);
    }
  }
}

/** 1 beside the own ship, 0 far from it. */
function nearness(olive, present, own) {
  const age = Math.max(0, present - olive.born);
  const dx = delta(own.x, olive.x + olive.stepX * age);
  const dy = delta(own.y, olive.y + olive.stepY * age);
  const share = (FAR - Math.hypot(dx, dy)) / (FAR - NEAR);
  return Math.min(1, Math.max(0, share));
}
