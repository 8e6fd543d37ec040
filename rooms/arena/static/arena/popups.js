// "+1" and "+3" where an own olive landed.

import { CHEDDAR, CREAM, INK, picture } from "./drawing.js";
import { px } from "./view.js";

const MOST = 12;
const SPAN_MS = 800;
const RISE = 46; // px

const written = (text, colour, scale) =>
  picture(60, 36, scale, (context) => {
    context.font = '26px "Space Pizzas Display", "Arial Rounded MT Bold", sans-serif';
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 6;
    context.strokeStyle = INK;
    context.strokeText(text, 0, 0);
    context.fillStyle = colour;
    context.fillText(text, 0, 0);
  });

export class Popups {
  constructor(view) {
    this.view = view;
    this.all = Array.from({ length: MOST }, () => ({ x: 0, y: 0, age: SPAN_MS, points: 1 }));
    this.next = 0;
    this.reset();
  }

  reset() {
    const scale = (this.view.scale || 1) * 1.2;
    this.pictures = { 1: written("+1", CREAM, scale), 3: written("+3", CHEDDAR, scale) };
  }

  /** `hit` says where, in 1/16 px. */
  add(hit, points) {
    const popup = this.all[this.next];
    this.next = (this.next + 1) % MOST;
    Object.assign(popup, { x: px(hit.x), y: px(hit.y), age: 0, points });
  }

  draw(elapsed) {
    const { view } = this;
    view.toWorld();
    for (const popup of this.all) {
      if (popup.age >= SPAN_MS) continue;
      popup.age += elapsed;
      const share = Math.min(1, popup.age / SPAN_MS);
      const size = (popup.points === 3 ? 1.4 : 1) * Math.min(1, 0.4 + share * 4);
      const rise = RISE * (1 - (1 - share) ** 2);
      view.context.globalAlpha = Math.min(1, (1 - share) * 2);
      const x = view.fromX(popup.x);
      const y = view.fromY(popup.y) - 24 - rise;
      view.context.drawImage(this.pictures[popup.points], x - 30 * size, y - 18 * size, 60 * size, 36 * size);
    }
    view.context.globalAlpha = 1;
  }
}
