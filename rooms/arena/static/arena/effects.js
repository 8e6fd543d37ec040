// What happens around ships and olives: flames, sparks, bursts into slices, strings of cheese, rings.

import { COLOURS } from "../js/palette.js";
import { BASIL, CHEDDAR, CREAM, CRUST, INK, TOMATO, glow, picture } from "./drawing.js";
import { CRUMB, GLOW, Particles, RING, SLICE, SPARK } from "./particles.js";
import { Strings } from "./strings.js";

const TINTS = [...COLOURS, CHEDDAR, TOMATO, CREAM, BASIL];
const [T_CHEDDAR, T_TOMATO, T_CREAM, T_BASIL] = [12, 13, 14, 15];
const TURN = Math.PI * 2;

const random = (low, high) => low + Math.random() * (high - low);

function slicePicture(context) {
  context.beginPath();
  context.moveTo(0, 13);
  context.lineTo(-9.5, -8);
  context.quadraticCurveTo(0, -13, 9.5, -8);
  context.closePath();
  context.fillStyle = CHEDDAR;
  context.fill();
  context.strokeStyle = INK;
  context.lineWidth = 1.6;
  context.stroke();
  context.beginPath();
  context.moveTo(-9.5, -8);
  context.quadraticCurveTo(0, -13, 9.5, -8);
  context.lineWidth = 4.4;
  context.strokeStyle = CRUST;
  context.stroke();
  for (const [x, y] of [[-2.6, -3.5], [3, -1.5], [-0.2, 4]]) {
    context.beginPath();
    context.arc(x, y, 2.3, 0, TURN);
    context.fillStyle = "#d63a26";
    context.fill();
  }
}

export class Effects {
  /** `calm`: fewer, and nothing that flashes over the screen. */
  constructor(view, { calm = false, most } = {}) {
    this.view = view;
    this.calm = calm;
    this.particles = new Particles(most);
    this.strings = new Strings(view);
    this.reset();
  }

  /** The scale has changed: draw the pictures again. */
  reset() {
    const scale = this.view.scale || 1;
    this.glows = TINTS.map((colour) => glow(16, colour, scale));
    this.slice = picture(30, 34, scale, slicePicture);
  }

  clear() {
    this.particles.clear();
    this.strings.clear();
  }

  /** A puff behind a ship that gives thrust; x, y in px, angle in radians, speed in px a second. */
  thrust(x, y, angle, vx, vy) {
    if (this.calm && Math.random() < 0.7) return;
    const back = angle + Math.PI + random(-0.25, 0.25);
    const speed = random(90, 190);
    this.particles.add(
      GLOW, x - Math.cos(angle) * 30, y - Math.sin(angle) * 30,
      vx * 0.4 + Math.cos(back) * speed, vy * 0.4 + Math.sin(back) * speed,
      random(0.18, 0.4), random(5, 9), Math.random() < 0.6 ? T_CHEDDAR : T_TOMATO,
    );
  }

  /** An olive leaves the muzzle. */
  muzzle(x, y, vx, vy) {
    this.particles.add(GLOW, x, y, vx * 0.15, vy * 0.15, 0.12, 20, T_CREAM);
    for (let i = 0; i < 3; i += 1) {
      this.particles.add(SPARK, x, y, vx * 0.3 + random(-90, 90), vy * 0.3 + random(-90, 90), random(0.1, 0.2), 2, T_BASIL);
    }
  }

  /** An olive lands on a hull. */
  hit(x, y, colour) {
    this.particles.add(GLOW, x, y, 0, 0, 0.16, 34, T_CREAM);
    this.particles.add(RING, x, y, 0, 0, 0.3, 34, T_CHEDDAR);
    for (let i = this.calm ? 8 : 4; i < 15; i += 1) this.#fling(SPARK, x, y, 320, random(0.2, 0.5), 2.6, i % 3 ? T_CHEDDAR : colour);
    for (let i = 0; i < 4; i += 1) this.#fling(CRUMB, x, y, 170, random(0.4, 0.8), random(2, 3.5), i % 2 ? T_TOMATO : T_CHEDDAR);
    for (let i = 0; i < 2; i += 1) this.strings.add(x, y, this.#fling(CRUMB, x, y, 210, 0.55, 3, T_CHEDDAR), this.particles);
  }

  /** A shield eats an olive. */
  absorbed(x, y) {
    this.particles.add(RING, x, y, 0, 0, 0.28, 26, T_BASIL);
    for (let i = 0; i < 6; i += 1) this.#fling(SPARK, x, y, 190, random(0.15, 0.3), 2, T_BASIL);
  }

  /** A ship bursts into slices. */
  burst(x, y, colour) {
    this.particles.add(GLOW, x, y, 0, 0, 0.3, this.calm ? 50 : 120, T_CREAM);
    this.particles.add(GLOW, x, y, 0, 0, 0.55, 80, T_TOMATO);
    this.particles.add(RING, x, y, 0, 0, 0.5, 110, T_CHEDDAR);
    this.particles.add(RING, x, y, 0, 0, 0.7, 170, colour);
    const turned = random(0, TURN);
    for (let i = 0; i < 8; i += 1) this.#slice(x, y, turned + (i / 8) * TURN);
    for (let i = this.calm ? 20 : 0; i < 30; i += 1) this.#fling(SPARK, x, y, 520, random(0.3, 0.8), 3, i % 2 ? colour : T_CHEDDAR);
    for (let i = 0; i < 14; i += 1) this.#fling(CRUMB, x, y, 260, random(0.5, 1.2), random(2.5, 5), i % 3 ? colour : T_TOMATO);
    for (let i = 0; i < 12; i += 1) this.#fling(GLOW, x, y, 150, random(0.3, 0.7), random(8, 18), i % 2 ? T_TOMATO : T_CHEDDAR);
  }

  /** A ship appears. */
  appear(x, y, colour) {
    this.particles.add(RING, x, y, 0, 0, 0.6, 90, T_BASIL);
    this.particles.add(GLOW, x, y, 0, 0, 0.5, 60, colour);
  }

  #fling(kind, x, y, speed, span, size, tint) {
    const angle = Math.random() * TURN;
    const pace = speed * (0.25 + 0.75 * Math.random());
    return this.particles.add(kind, x, y, Math.cos(angle) * pace, Math.sin(angle) * pace, span, size, tint);
  }

  #slice(x, y, angle) {
    const speed = random(110, 250);
    const slice = this.particles.add(SLICE, x, y, Math.cos(angle) * speed, Math.sin(angle) * speed, random(1, 1.6), random(0.9, 1.25));
    this.particles.angle[slice] = angle + Math.PI / 2;
    this.strings.add(x, y, slice, this.particles);
  }

  /** Let time pass and draw everything. */
  draw(seconds) {
    const { particles } = this;
    particles.step(seconds);
    this.strings.draw(seconds, particles);
    this.#drawKinds(SLICE, CRUMB);
    this.view.context.globalCompositeOperation = "lighter";
    this.#drawKinds(GLOW, SPARK, RING);
    this.view.context.globalCompositeOperation = "source-over";
    this.view.context.globalAlpha = 1;
  }

  #drawKinds(...kinds) {
    const { particles, view } = this;
    view.toWorld();
    for (let i = 0; i < particles.count; i += 1) {
      if (!kinds.includes(particles.kind[i])) continue;
      const dx = view.fromX(particles.x[i]);
      const dy = view.fromY(particles.y[i]);
      if (view.sees(dx, dy, particles.size[i])) this.#drawOne(i, dx, dy, particles.life[i] / particles.span[i]);
    }
  }

  #drawOne(i, dx, dy, left) {
    const { particles, view } = this;
    const { context } = view;
    const size = particles.size[i];
    const tint = particles.tint[i];
    context.globalAlpha = Math.min(1, left * 1.6);
    switch (particles.kind[i]) {
      case GLOW: {
        const radius = size * (0.5 + left * 0.7);
        context.drawImage(this.glows[tint], dx - radius, dy - radius, radius * 2, radius * 2);
        break;
      }
      case SPARK:
        context.strokeStyle = TINTS[tint];
        context.lineWidth = size * left;
        context.beginPath();
        context.moveTo(dx, dy);
        context.lineTo(dx - particles.vx[i] * 0.045, dy - particles.vy[i] * 0.045);
        context.stroke();
        break;
      case RING:
        context.globalAlpha = left * 0.8;
        context.strokeStyle = TINTS[tint];
        context.lineWidth = 5 * left;
        context.beginPath();
        context.arc(dx, dy, size * (1 - left * left), 0, TURN);
        context.stroke();
        break;
      case CRUMB:
        context.fillStyle = TINTS[tint];
        context.beginPath();
        context.arc(dx, dy, size * (0.4 + 0.6 * left), 0, TURN);
        context.fill();
        break;
      default:
        view.toThing(dx, dy, particles.angle[i], size);
        context.drawImage(this.slice, -15, -17, 30, 34);
        view.toWorld();
    }
  }
}
