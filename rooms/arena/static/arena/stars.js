// The night behind everything: an opaque tile far away, a sheet of stars nearer, and crumbs to feel speed by.

import { CHEDDAR, CREAM, picture, seeded } from "./drawing.js";
import { WORLD_PX } from "./view.js";

const TILE = 1024; // px
const SHEET = 512;
const CRUMBS = 128; // px between two of them; divides the world
const NIGHT = "#160b22";
const CLOUDS = ["#4a2068", "#34186a", "#661f50", "#1c2f68", "#552448"];

/** Where else a cloud must be drawn so that the tile has no seams. */
const wraps = (at, radius) => [-TILE, 0, TILE].filter((shift) => Math.abs(at + shift) - radius < TILE / 2);

function cloud(context, x, y, radius, colour) {
  for (const wrapX of wraps(x, radius)) {
    for (const wrapY of wraps(y, radius)) {
      const light = context.createRadialGradient(x + wrapX, y + wrapY, 0, x + wrapX, y + wrapY, radius);
      light.addColorStop(0, `${colour}aa`);
      light.addColorStop(1, `${colour}00`);
      context.fillStyle = light;
      context.fillRect(x + wrapX - radius, y + wrapY - radius, radius * 2, radius * 2);
    }
  }
}

function specks(context, side, count, random, largest) {
  for (let i = 0; i < count; i += 1) {
    context.fillStyle = random() < 0.18 ? CHEDDAR : random() < 0.2 ? "#ff8dc5" : CREAM;
    context.globalAlpha = 0.25 + random() * 0.6;
    context.beginPath();
    context.arc((random() - 0.5) * (side - 8), (random() - 0.5) * (side - 8), 0.4 + random() * largest, 0, 7);
    context.fill();
  }
}

function night(context) {
  const random = seeded(7);
  context.fillStyle = NIGHT;
  context.fillRect(-TILE / 2, -TILE / 2, TILE, TILE);
  for (let i = 0; i < 9; i += 1) {
    cloud(context, (random() - 0.5) * TILE, (random() - 0.5) * TILE, 170 + random() * 260, CLOUDS[i % CLOUDS.length]);
  }
  specks(context, TILE, 150, random, 0.7);
}

function stars(context) {
  specks(context, SHEET, 26, seeded(11), 0.9);
  specks(context, SHEET, 8, seeded(23), 1.6);
}

export class Stars {
  constructor(view) {
    this.view = view;
    const { context } = this.view;
    const pattern = (side, draw) => context.createPattern(picture(side, side, 1, draw), "repeat");
    this.layers = [
      { pattern: pattern(TILE, night), depth: 0.08 },
      { pattern: pattern(SHEET, stars), depth: 0.3 },
    ];
  }

  /** Fill the screen. `x`, `y`: the eye in px, not wrapped. */
  draw(x, y) {
    const { view } = this;
    const { context, canvas, scale } = view;
    for (const { pattern, depth } of this.layers) {
      const shiftX = ((x * depth) % (WORLD_PX * 2)) * scale;
      const shiftY = ((y * depth) % (WORLD_PX * 2)) * scale;
      const left = canvas.width / 2 - shiftX;
      const top = canvas.height / 2 - shiftY;
      context.setTransform(scale, 0, 0, scale, left, top);
      context.fillStyle = pattern;
      context.fillRect(-left / scale, -top / scale, canvas.width / scale, canvas.height / scale);
    }
    this.#crumbs(x, y);
  }

  #crumbs(x, y) {
    const { view } = this;
    const { context, halfX, halfY } = view;
    view.toWorld();
    context.fillStyle = "#fff1d62e";
    for (let atX = Math.ceil((x - halfX) / CRUMBS) * CRUMBS - x; atX < halfX; atX += CRUMBS) {
      for (let atY = Math.ceil((y - halfY) / CRUMBS) * CRUMBS - y; atY < halfY; atY += CRUMBS) {
        context.fillRect(atX - 1.25, atY - 1.25, 2.5, 2.5);
      }
    }
  }
}
