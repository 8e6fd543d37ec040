// At the edge of the screen: which way the nearest others are.

import { COLOURS } from "../js/palette.js";
import { INK } from "./drawing.js";

const MOST = 4;
const INSET = 22; // CSS px
const FARTHEST = 2100; // px

export class Markers {
  constructor(view) {
    this.view = view;
    this.found = [];
  }

  begin() {
    this.found.length = 0;
  }

  /** A ship that is out of sight. */
  note(dx, dy, colour) {
    const distance = Math.hypot(dx, dy);
    if (distance < FARTHEST) this.found.push({ dx, dy, distance, colour });
  }

  draw() {
    this.found.sort((a, b) => a.distance - b.distance);
    const count = Math.min(MOST, this.found.length);
    for (let i = 0; i < count; i += 1) this.#drawOne(this.found[i]);
    this.view.context.globalAlpha = 1;
  }

  #drawOne({ dx, dy, distance, colour }) {
    const { view } = this;
    const { context } = view;
    const inset = INSET / view.zoom;
    const share = Math.min((view.halfX - inset) / Math.abs(dx || 1), (view.halfY - inset) / Math.abs(dy || 1));
    view.toThing(dx * share, dy * share, Math.atan2(dy, dx), 1 / view.zoom);
    context.globalAlpha = Math.max(0.25, 1 - distance / FARTHEST);
    context.beginPath();
    context.moveTo(10, 0);
    context.quadraticCurveTo(2, -3, -6, -8);
    context.quadraticCurveTo(-3, 0, -6, 8);
    context.quadraticCurveTo(2, 3, 10, 0);
    context.fillStyle = COLOURS[colour];
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = INK;
    context.stroke();
  }
}
