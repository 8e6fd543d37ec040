// One frame of the fight on a canvas, from back to front.

import { Backdrop } from "./backdrop.js";
import { Camera } from "./camera.js";
import { Effects } from "./effects.js";
import { Markers } from "./markers.js";
import { OliveArt } from "./oliveart.js";
import { Popups } from "./popups.js";
import { Ships } from "./ships.js";
import { Stars } from "./stars.js";
import { View, px, radians } from "./view.js";
import { rules } from "./world.js";

const NOBODY = Object.freeze({ name: "", colour: 5, mark: 0 });
const PUFF_MS = 26;

export class Painter {
  /**
   * `calm`: less motion. `plain`: for a background, without names and pointers. `aside`: how far right of the
   * middle the eye's target is shown on a wide screen, as a share of the width.
   */
  constructor(canvas, { calm = false, plain = false, pixels, area, aside = 0 } = {}) {
    this.view = new View(canvas, { pixels, area });
    this.view.fit();
    this.plain = plain;
    this.aside = aside;
    this.pilots = {};
    this.camera = new Camera({ calm });
    this.stars = new Stars(this.view);
    this.backdrop = new Backdrop(this.view);
    this.ships = new Ships(this.view);
    this.oliveArt = new OliveArt(this.view);
    this.effects = new Effects(this.view, { calm, most: plain ? 260 : undefined });
    this.markers = new Markers(this.view);
    this.popups = new Popups(this.view);
    this.puffs = 0;
    this.drawOlive = (x, y, olive, age) => this.#olive(x, y, olive, age);
    // The neon signs want the display face, which may come after the first frame.
    document.fonts?.ready.then(() => this.#redrawPictures());
  }

  pilot(slot) {
    return this.pilots[slot] ?? NOBODY;
  }

  /** Draw `battle` (already advanced) with the eye on `target`, a ship or null. */
  draw(battle, target, now, elapsed) {
    const { view, camera } = this;
    if (view.fit()) this.#redrawPictures();
    if (target) camera.follow(px(target.x), px(target.y), px(target.vx) / 16, px(target.vy) / 16, elapsed);
    const jolt = camera.jolted(now, elapsed);
    const aside = view.width > view.height ? this.aside * 2 * view.halfX : 0;
    const x = camera.x + jolt.x - aside;
    const y = camera.y + jolt.y;
    view.x = x;
    view.y = y;
    this.stars.draw(x, y);
    this.backdrop.draw(x, y);
    battle.olives.each(battle.past, battle.present, battle.own?.alive ? battle.own : null, this.drawOlive);
    this.#puff(battle, elapsed);
    this.effects.draw(Math.min(0.1, elapsed / 1000));
    this.#drawShips(battle, now);
    this.popups.draw(elapsed);
  }

  #redrawPictures() {
    for (const part of [this.backdrop, this.ships, this.oliveArt, this.effects, this.popups]) part.reset();
  }

  #olive(x, y, olive, age) {
    const dx = this.view.fromX(px(x));
    const dy = this.view.fromY(px(y));
    if (this.view.sees(dx, dy, 30)) this.oliveArt.draw(dx, dy, olive, age, this.pilot(olive.owner).colour);
  }

  #puff(battle, elapsed) {
    this.puffs += elapsed;
    if (this.puffs < PUFF_MS) return;
    this.puffs %= PUFF_MS;
    for (const ship of battle.ships) {
      if (!ship.alive || !ship.thrusting) continue;
      const x = px(ship.x);
      const y = px(ship.y);
      if (!this.view.sees(this.view.fromX(x), this.view.fromY(y), 60)) continue;
      this.effects.thrust(x, y, radians(ship.heading), speed(ship.vx), speed(ship.vy));
    }
  }

  #drawShips(battle, now) {
    const { view, markers } = this;
    markers.begin();
    for (const ship of battle.ships) {
      if (!ship.alive) continue;
      const dx = view.fromX(px(ship.x));
      const dy = view.fromY(px(ship.y));
      const pilot = this.pilot(ship.slot);
      if (view.sees(dx, dy, 50)) this.ships.draw(ship, pilot, dx, dy, now);
      else markers.note(dx, dy, pilot.colour);
    }
    if (this.plain) return;
    for (const ship of battle.ships) {
      if (!ship.alive || ship === battle.own) continue;
      const dx = view.fromX(px(ship.x));
      const dy = view.fromY(px(ship.y));
      if (view.sees(dx, dy, 50)) this.ships.tag(ship, this.pilot(ship.slot), dx, dy);
    }
    markers.draw();
  }

  /** Show something that happened: "shot", "hit", "absorbed" or "appeared". */
  show(kind, what, { own }) {
    const x = px(what.x);
    const y = px(what.y);
    if (!this.view.sees(this.view.fromX(x), this.view.fromY(y), 300)) return;
    if (kind === "shot") this.effects.muzzle(x, y, speed(what.vx), speed(what.vy));
    else if (kind === "absorbed") this.effects.absorbed(x, y);
    else if (kind === "appeared") this.effects.appear(x, y, this.pilot(what.slot).colour);
    else this.#hit(what, x, y, own);
  }

  #hit(hit, x, y, own) {
    const colour = this.pilot(hit.victim).colour;
    this.effects.hit(x, y, colour);
    if (hit.destroyed) this.effects.burst(x, y, colour);
    const mine = hit.victim === own;
    this.camera.shake(hit.destroyed ? (mine ? 1 : 0.4) : mine ? 0.45 : 0.06);
  }

  /** How near to the middle of the screen something is, 1 to 0, and on which side (-1 left, 1 right). */
  place(what) {
    const dx = this.view.fromX(px(what.x));
    const dy = this.view.fromY(px(what.y));
    return { near: Math.max(0, 1 - Math.hypot(dx, dy) / 1300), side: Math.max(-1, Math.min(1, dx / 700)) };
  }
}

/** 1/256 px a tick to px a second. */
const speed = (v) => (v / 256) * rules.tickRate;
