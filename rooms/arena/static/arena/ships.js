// Delivery rockets: drawn once for each colour and mark, then copied to the screen.

import { COLOURS, MARKS } from "../js/palette.js";
import { CHEDDAR, CREAM, INK, KRAFT, TOMATO, mixed, picture } from "./drawing.js";
import { radians } from "./view.js";

const BOX = 76; // px, the side of a ship's picture
const LIGHT_MARKS = new Set([4, 9, 10]); // as .avatar in css/components.css
const TAG_FONT = '700 12px Figtree, system-ui, sans-serif';

function outline(context, width = 2.4) {
  context.strokeStyle = INK;
  context.lineWidth = width;
  context.stroke();
}

function fins(context, colour) {
  context.fillStyle = mixed(colour, INK, 0.38);
  for (const side of [-1, 1]) {
    context.beginPath();
    context.moveTo(-2, side * 9);
    context.quadraticCurveTo(-12, side * 13, -20, side * 23);
    context.quadraticCurveTo(-30, side * 24, -29, side * 17);
    context.lineTo(-22, side * 7);
    context.closePath();
    context.fill();
    outline(context);
  }
}

function nozzle(context) {
  context.fillStyle = "#6f5a83";
  context.beginPath();
  context.roundRect(-29, -7.5, 8, 15, 3);
  context.fill();
  outline(context);
}

function hullPath(context) {
  context.beginPath();
  context.moveTo(32, 0);
  context.bezierCurveTo(24, -11, 8, -15.5, -10, -14);
  context.quadraticCurveTo(-23, -13, -24, 0);
  context.quadraticCurveTo(-23, 13, -10, 14);
  context.bezierCurveTo(8, 15.5, 24, 11, 32, 0);
  context.closePath();
}

function hull(context, colour) {
  hullPath(context);
  const shade = context.createLinearGradient(0, -15, 0, 15);
  shade.addColorStop(0, mixed(colour, "#ffffff", 0.42));
  shade.addColorStop(0.45, colour);
  shade.addColorStop(1, mixed(colour, INK, 0.42));
  context.fillStyle = shade;
  context.fill();
  context.save();
  context.clip();
  context.fillStyle = CREAM;
  context.fillRect(22, -16, 14, 32);
  context.fillStyle = TOMATO;
  context.fillRect(19.5, -16, 3, 32);
  context.restore();
  hullPath(context);
  outline(context, 2.6);
}

function cockpit(context) {
  context.beginPath();
  context.ellipse(12.5, 0, 4.6, 5.6, 0, 0, 7);
  context.fillStyle = "#21425e";
  context.fill();
  outline(context, 2);
  context.beginPath();
  context.ellipse(13.6, -1.8, 1.8, 2.4, 0.5, 0, 7);
  context.fillStyle = "#bff4ff";
  context.fill();
}

function box(context, colour, mark, light) {
  context.beginPath();
  context.roundRect(-20.5, -12, 24, 24, 3);
  context.fillStyle = KRAFT;
  context.fill();
  outline(context, 2.4);
  context.beginPath();
  context.roundRect(-18.3, -9.8, 19.6, 19.6, 2);
  context.fillStyle = light ? mixed(colour, INK, 0.15) : mixed(colour, "#ffffff", 0.2);
  context.fill();
  context.translate(-8.5, 0);
  context.rotate(Math.PI / 2);
  context.scale(0.66, 0.66);
  context.translate(-12, -12);
  context.fillStyle = light ? "#fff8ea" : INK;
  context.fill(new Path2D(mark), "evenodd");
}

function rocket(context, colour, mark) {
  const paint = COLOURS[colour];
  fins(context, paint);
  nozzle(context);
  hull(context, paint);
  cockpit(context);
  box(context, paint, MARKS[mark], LIGHT_MARKS.has(colour));
}

function flame(context) {
  const light = context.createLinearGradient(0, 0, -34, 0);
  light.addColorStop(0, "#fff6df");
  light.addColorStop(0.25, CHEDDAR);
  light.addColorStop(0.65, `${TOMATO}dd`);
  light.addColorStop(1, `${TOMATO}00`);
  context.fillStyle = light;
  context.beginPath();
  context.moveTo(0, -7);
  context.quadraticCurveTo(-18, -9, -36, 0);
  context.quadraticCurveTo(-18, 9, 0, 7);
  context.fill();
}

function shield(context) {
  const light = context.createRadialGradient(0, 0, 20, 0, 0, 40);
  light.addColorStop(0, "#63d17c00");
  light.addColorStop(0.72, "#7fe39a40");
  light.addColorStop(0.86, "#b8ffcaaa");
  light.addColorStop(0.92, "#63d17c55");
  light.addColorStop(1, "#63d17c00");
  context.fillStyle = light;
  context.fillRect(-42, -42, 84, 84);
}

/** Draws ships. `scale` is device px a world px; pictures are made again when it changes. */
export class Ships {
  constructor(view) {
    this.view = view;
    this.reset();
  }

  reset() {
    const scale = this.view.scale || 1;
    this.pictures = new Map();
    this.tags = new Map();
    this.flame = picture(80, 24, scale, (context) => context.translate(38, 0) || flame(context));
    this.shield = picture(84, 84, scale, shield);
  }

  #picture(colour, mark) {
    const key = colour * MARKS.length + mark;
    if (!this.pictures.has(key)) {
      this.pictures.set(key, picture(BOX, BOX, this.view.scale, (context) => rocket(context, colour, mark)));
    }
    return this.pictures.get(key);
  }

  /** One ship at dx, dy px from the eye. `pilot` has colour and mark. `flash` 0..1 whitens a hit. */
  draw(ship, pilot, dx, dy, now) {
    const { view } = this;
    const { context } = view;
    const angle = radians(ship.heading);
    view.toThing(dx, dy, angle);
    if (ship.thrusting) {
      const flicker = 0.82 + 0.22 * Math.sin(now * 0.06 + ship.slot) + 0.12 * Math.sin(now * 0.137);
      context.drawImage(this.flame, -27 - 78 * flicker, -10, 80 * flicker, 20);
    }
    context.drawImage(this.#picture(pilot.colour, pilot.mark), -BOX / 2, -BOX / 2, BOX, BOX);
    if (ship.shielded) this.#shield(dx, dy, now);
  }

  #shield(dx, dy, now) {
    this.view.toThing(dx, dy, now * 0.001, 1 + 0.03 * Math.sin(now * 0.009));
    this.view.context.drawImage(this.shield, -42, -42, 84, 84);
  }

  /** The pilot's name below the ship, and its hull. */
  tag(ship, pilot, dx, dy) {
    const { view } = this;
    const tag = this.#tag(pilot.name, pilot.colour);
    view.toThing(dx, dy, 0, 1 / view.zoom);
    const top = 34 * view.zoom;
    const { context } = view;
    context.drawImage(tag, -tag.width / 2 / view.ratio, top, tag.width / view.ratio, tag.height / view.ratio);
    if (ship.hull < 3) this.#hull(ship.hull, top + 20);
  }

  #hull(left, top) {
    const { context } = this.view;
    for (let i = 0; i < 3; i += 1) {
      context.fillStyle = i < left ? CHEDDAR : "#fff1d63d";
      context.fillRect(-15 + i * 11, top, 8, 3);
    }
  }

  #tag(name, colour) {
    const key = `${colour}${name}`;
    if (!this.tags.has(key)) {
      if (this.tags.size > 200) this.tags.clear();
      this.tags.set(key, this.#writeTag(name, colour));
    }
    return this.tags.get(key);
  }

  #writeTag(name, colour) {
    return picture(170, 20, this.view.ratio, (context) => {
      context.font = TAG_FONT;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineWidth = 3.5;
      context.strokeStyle = "#160b22d9";
      context.strokeText(name, 0, 0, 164);
      context.fillStyle = mixed(COLOURS[colour], CREAM, 0.55);
      context.fillText(name, 0, 0, 164);
    });
  }
}
