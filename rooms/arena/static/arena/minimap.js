// The whole world on a plate. Ten times a second is plenty.

import { COLOURS } from "../js/palette.js";
import { CREAM } from "./drawing.js";
import { radians } from "./view.js";

const EVERY_MS = 100;
const WHOLE = 65536;
const BLIP_TICKS = 80;

export class Minimap {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.drawnAt = 0;
    this.blips = new Map();
    const ratio = Math.min(2, devicePixelRatio || 1);
    this.side = 132;
    canvas.width = canvas.height = this.side * ratio;
    this.context.scale(ratio, ratio);
  }

  /** Ships that were too far away for the snapshot. */
  take(snapshot) {
    for (const blip of snapshot.blips) this.blips.set(blip.slot, { ...blip, tick: snapshot.tick });
    for (const [slot, blip] of this.blips) if (snapshot.tick - blip.tick > BLIP_TICKS) this.blips.delete(slot);
  }

  /** `ships` are the shown ones, `pilots` by slot, `own` is the slot to point out. */
  draw(now, ships, pilots, own) {
    if (now - this.drawnAt < EVERY_MS) return;
    this.drawnAt = now;
    const { context, side } = this;
    context.clearRect(0, 0, side, side);
    for (const [slot, blip] of this.blips) if (!ships.some((ship) => ship.slot === slot)) this.#dot(blip, pilots[slot], 2);
    for (const ship of ships) {
      if (ship.alive && ship.slot !== own) this.#dot(ship, pilots[ship.slot], 2.8);
    }
    const mine = ships.find((ship) => ship.slot === own && ship.alive);
    if (mine) this.#pointer(mine);
  }

  #at(units) {
    return ((((units % WHOLE) + WHOLE) % WHOLE) / WHOLE) * this.side;
  }

  #dot(ship, pilot, radius) {
    const { context } = this;
    context.beginPath();
    context.arc(this.#at(ship.x), this.#at(ship.y), radius, 0, 7);
    context.fillStyle = COLOURS[pilot?.colour ?? 5];
    context.fill();
  }

  #pointer(ship) {
    const { context } = this;
    context.save();
    context.translate(this.#at(ship.x), this.#at(ship.y));
    context.rotate(radians(ship.heading));
    context.beginPath();
    context.moveTo(7, 0);
    context.lineTo(-4.5, -4.5);
    context.lineTo(-2.5, 0);
    context.lineTo(-4.5, 4.5);
    context.closePath();
    context.fillStyle = CREAM;
    context.fill();
    context.restore();
  }
}
