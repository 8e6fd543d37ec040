// The own ship, flown at once by the server's rules, and put right whenever the server saw it otherwise.

import { encodeInput } from "./wire.js";
import { delta, fire, rules, stepShip } from "./world.js";

const REMEMBERED = 256; // ticks, a power of two
const RESEND_TICKS = 20; // 500 ms
const MOST_STEPS = 30; // in one frame; further behind than this the ship is simply put where it is now
const REWIND = 6; // ticks ahead of the clock that are put up with
const LIVE = 2; // ticks of a frame that the keys still reach in time; those before are only caught up
const JUMP = 220 * 16; // 1/16 px: a correction larger than this is not smoothed away
const HALF_LIFE_MS = 70;

const blank = () => ({ slot: 0, x: 0, y: 0, vx: 0, vy: 0, heading: 0, hull: 0, cooldown: 0, shield: 0, fired: 0 });

/**
 * `sample()` gives the keys for the next tick as `{keys, aim}`, `peek()` those held now; `send(buffer)` sends an input frame;
 * `onShot(olive, tick)` hears of each own olive at the tick it leaves the muzzle.
 */
export class Prediction {
  constructor({ sample, peek, send, onShot }) {
    this.sample = sample;
    this.peek = peek;
    this.send = send;
    this.onShot = onShot;
    this.history = Array.from({ length: REMEMBERED }, () => ({ tick: -1, x: 0, y: 0, vx: 0, vy: 0, heading: 0, cooldown: 0 }));
    this.corrections = 0;
    this.sequence = 0;
    this.reset();
  }

  /** Forget the ship: another seat, another round, or a page that slept. */
  reset() {
    this.ship = blank();
    this.ahead = blank();
    this.tick = 0;
    this.alive = false;
    this.inputs = [{ sequence: this.sequence, tick: 0, keys: 0, aim: 0 }];
    this.errorX = 0;
    this.errorY = 0;
  }

  /** Fly on to `target` (a tick with a fraction). */
  advance(target) {
    const whole = Math.floor(target);
    if (this.tick === 0 || whole - this.tick > MOST_STEPS || this.tick - whole > REWIND) this.tick = whole - 1;
    while (this.tick < whole) this.#step(this.tick >= whole - LIVE);
  }

  /** `live`: take the keys as they are now; a tick that the server has long made flies on with the last ones. */
  #step(live) {
    this.tick += 1;
    const input = live ? this.#input() : this.inputs[this.inputs.length - 1];
    if (!this.alive) return;
    stepShip(this.ship, input.keys, input.aim);
    const olive = fire(this.ship, input.keys);
    this.#remember();
    if (olive) this.onShot(olive, this.tick);
  }

  #input() {
    const { keys, aim } = this.sample();
    const last = this.inputs[this.inputs.length - 1];
    const same = keys === last.keys && (aim === last.aim || !(keys & rules.keys.aim));
    if (same && (keys === 0 || this.tick - last.tick < RESEND_TICKS)) return last;
    this.sequence += 1;
    const input = { sequence: this.sequence, tick: this.tick, keys, aim };
    this.inputs.push(input);
    this.send(encodeInput(input));
    return input;
  }

  #remember() {
    const { x, y, vx, vy, heading, cooldown } = this.ship;
    Object.assign(this.history[this.tick & (REMEMBERED - 1)], { tick: this.tick, x, y, vx, vy, heading, cooldown });
  }

  /** Take the own ship as a snapshot of `tick` has it. True if the prediction was wrong. */
  reconcile(seen, tick) {
    this.#forgetUntil(seen.ack);
    const then = this.history[tick & (REMEMBERED - 1)];
    const known = then.tick === tick && this.alive && seen.alive;
    this.ship.hull = seen.hull;
    this.ship.slot = seen.slot;
    if (!seen.shielded) this.ship.shield = 0;
    if (known && same(then, seen)) return false;
    const appeared = seen.alive && !this.alive;
    this.alive = seen.alive;
    if (!seen.alive) {
      Object.assign(this.ship, place(seen), { cooldown: 0 });
      return false;
    }
    if (appeared) this.ship.shield = seen.shielded ? rules.shieldTicks - Math.max(0, this.tick - tick) : 0;
    this.#replay(seen, tick, { cooldown: known ? then.cooldown : 0, smooth: known });
    if (known) this.corrections += 1;
    return known;
  }

  #replay(seen, tick, { cooldown, smooth }) {
    const { x, y } = this.ship;
    const { hull, slot, shield, fired } = this.ship;
    const now = Math.max(this.tick, tick);
    // The shield has counted these ticks already.
    Object.assign(this.ship, place(seen), { cooldown, hull, slot, shield: shield && shield + now - tick, fired });
    this.tick = tick;
    this.#remember();
    while (this.tick < now) {
      this.tick += 1;
      const input = this.#heldAt(this.tick);
      stepShip(this.ship, input.keys, input.aim);
      fire(this.ship, input.keys);
      this.#remember();
    }
    this.ship.fired = fired;
    if (smooth) this.#hide(delta(this.ship.x, x), delta(this.ship.y, y));
  }

  /** Show the correction little by little. */
  #hide(dx, dy) {
    const far = Math.abs(dx) > JUMP || Math.abs(dy) > JUMP;
    this.errorX = far ? 0 : this.errorX + dx;
    this.errorY = far ? 0 : this.errorY + dy;
  }

  #heldAt(tick) {
    let held = this.inputs[0];
    for (const input of this.inputs) if (input.tick <= tick) held = input;
    return held;
  }

  /** Inputs before the one that the server holds have done all they will. `ack`: its sequence's low byte. */
  #forgetUntil(ack) {
    const at = this.inputs.findIndex((input) => (input.sequence & 255) === ack);
    if (at > 0) this.inputs.splice(0, at);
    else if (this.inputs.length > 64) this.inputs.splice(0, this.inputs.length - 64);
  }

  /** Where to draw the ship at `target`, into `out`: x and y in 1/16 px (not wrapped), heading with a fraction. */
  show(target, elapsedMs, out) {
    const fraction = Math.min(1, Math.max(0, target - this.tick));
    const fade = 0.5 ** (elapsedMs / HALF_LIFE_MS);
    this.errorX *= fade;
    this.errorY *= fade;
    const { ahead, ship } = this;
    Object.assign(ahead, ship);
    if (this.alive) this.#tryNext(ahead);
    out.x = ship.x + delta(ship.x, ahead.x) * fraction + this.errorX;
    out.y = ship.y + delta(ship.y, ahead.y) * fraction + this.errorY;
    out.heading = ship.heading + ((((ahead.heading - ship.heading) << 24) >> 24) * fraction);
    return out;
  }

  /** The tick under way is drawn with the keys as they are now, so that a key shows in the very next frame. */
  #tryNext(ahead) {
    const { keys, aim } = this.peek();
    stepShip(ahead, keys, aim);
  }
}

const place = ({ x, y, vx, vy, heading }) => ({ x, y, vx, vy, heading });

const same = (a, b) => a.x === b.x && a.y === b.y && a.vx === b.vx && a.vy === b.vy && a.heading === b.heading;
