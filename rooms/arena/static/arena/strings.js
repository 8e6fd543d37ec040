// Strings of cheese between a burst and what flies away from it: thinner the longer, until they snap.

import { CHEDDAR } from "./drawing.js";

const MOST = 48;
const SNAPS_AT = 130; // px
const SAG = 14;

export class Strings {
  constructor(view) {
    this.view = view;
    this.all = Array.from({ length: MOST }, () => ({ x: 0, y: 0, vx: 0, vy: 0, endX: 0, endY: 0, age: 0, alive: false }));
    this.next = 0;
  }

  /** From x, y to particle number `particle`, whose flight it copies (pool places are used again). */
  add(x, y, particle, particles) {
    const string = this.all[this.next];
    this.next = (this.next + 1) % MOST;
    string.x = string.endX = x;
    string.y = string.endY = y;
    string.vx = particles.vx[particle];
    string.vy = particles.vy[particle];
    string.age = 0;
    string.alive = true;
  }

  clear() {
    for (const string of this.all) string.alive = false;
  }

  draw(seconds) {
    const drag = 0.22 ** seconds;
    this.view.toWorld();
    this.view.context.strokeStyle = CHEDDAR;
    this.view.context.globalAlpha = 0.9;
    for (const string of this.all) if (string.alive) this.#drawOne(string, seconds, drag);
    this.view.context.globalAlpha = 1;
  }

  #drawOne(string, seconds, drag) {
    string.endX += string.vx * seconds;
    string.endY += string.vy * seconds;
    string.vx *= drag;
    string.vy *= drag;
    string.age += seconds;
    const length = Math.hypot(string.endX - string.x, string.endY - string.y);
    const tension = length / SNAPS_AT + string.age * 0.6;
    if (tension >= 1) {
      string.alive = false;
      return;
    }
    this.#stroke(string, length, tension);
  }

  #stroke(string, length, tension) {
    const { view } = this;
    const { context } = view;
    const x = view.fromX(string.x);
    const y = view.fromY(string.y);
    const toX = x + string.endX - string.x;
    const toY = y + string.endY - string.y;
    if (!view.sees(x, y, SNAPS_AT)) return;
    const sag = SAG * (1 - tension) * Math.min(1, length / 30);
    context.lineWidth = 1.2 + 5.5 * (1 - tension) ** 2;
    context.beginPath();
    context.moveTo(x, y);
    context.quadraticCurveTo((x + toX) / 2, (y + toY) / 2 + sag, toX, toY);
    context.stroke();
  }
}
