// From the world to the screen: where the eye is, how large things are, and how the torus wraps.

import { rules } from "./world.js";

export const WORLD_PX = 4096;

/** The short way round the torus for a difference in px. */
export const wrapPx = (d) => d - WORLD_PX * Math.round(d / WORLD_PX);

/** 1/16 px to px. */
export const px = (units) => units / rules.unitsPerPixel;

/** Headings (256 a turn) to radians. */
export const radians = (heading) => heading * (Math.PI / 128);

const SEEN_AREA = 1180 * 780; // world px that a screen shows, whatever its shape
const SMALLEST_ZOOM = 0.62;
const LARGEST_ZOOM = 1.6;
const MOST_PIXELS = 2; // device pixels a CSS px

/** A canvas and its scale. `width` and `height` are in CSS px, `zoom` in CSS px a world px. */
export class View {
  constructor(canvas, { pixels = MOST_PIXELS, area = SEEN_AREA } = {}) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.mostPixels = pixels;
    this.area = area;
    this.x = 0;
    this.y = 0;
    this.changed = true;
    this.observer = new ResizeObserver(() => (this.changed = true));
    this.observer.observe(canvas);
  }

  /** Follow the element's size; true if it has changed. Reads the layout only then. */
  fit() {
    if (!this.changed) return false;
    this.changed = false;
    const { clientWidth, clientHeight } = this.canvas;
    this.width = Math.max(1, clientWidth);
    this.height = Math.max(1, clientHeight);
    this.ratio = Math.min(this.mostPixels, devicePixelRatio || 1);
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    this.zoom = Math.min(LARGEST_ZOOM, Math.max(SMALLEST_ZOOM, Math.sqrt((this.width * this.height) / this.area)));
    this.scale = this.zoom * this.ratio;
    this.halfX = this.width / 2 / this.zoom;
    this.halfY = this.height / 2 / this.zoom;
    return true;
  }

  /** World px from the eye, the short way round. */
  fromX(x) {
    return wrapPx(x - this.x);
  }

  fromY(y) {
    return wrapPx(y - this.y);
  }

  /** Whether something of this radius at this distance from the eye can be seen. */
  sees(dx, dy, radius) {
    return Math.abs(dx) < this.halfX + radius && Math.abs(dy) < this.halfY + radius;
  }

  /** Draw in world px around the eye from now on. */
  toWorld() {
    const { canvas, scale } = this;
    this.context.setTransform(scale, 0, 0, scale, canvas.width / 2, canvas.height / 2);
  }

  /** Draw around a point at this distance from the eye, turned and grown. */
  toThing(dx, dy, angle = 0, size = 1) {
    const { canvas, scale } = this;
    const cos = Math.cos(angle) * scale * size;
    const sin = Math.sin(angle) * scale * size;
    this.context.setTransform(cos, sin, -sin, cos, canvas.width / 2 + dx * scale, canvas.height / 2 + dy * scale);
  }
}
