// The countdown: a pizza that is eaten as time goes by, with the seconds on the plate in the middle.

import { drawing, make } from "../rooms/dom.js";
import { secondsOf } from "./scene.js";

const SLICES = 8;
const LAST_SECONDS = 5;

export class Ring {
  /** `place` is filled with the drawing; hidden from screen readers, which are told in words. */
  constructor(place) {
    this.cheese = circle("ring__cheese", 36);
    this.crust = circle("ring__crust", 44);
    this.toppings = Array.from({ length: SLICES }, (_, i) => topping(i));
    const picture = drawing("svg", { viewBox: "0 0 100 100", class: "ring__picture" });
    picture.append(drawing("circle", { class: "ring__plate", cx: 50, cy: 50, r: 49 }), this.cheese, this.crust, ...this.toppings);
    this.number = make("span", { class: "ring__number" });
    this.element = make("div", { class: "ring", "aria-hidden": "true" }, picture, this.number);
    place.append(this.element);
  }

  /** `left` of `whole` ms remain; without a whole it stays a full pizza. */
  set({ left, whole, paused = false }) {
    this.element.hidden = left === null;
    if (left === null) return;
    const share = whole ? Math.min(1, left / whole) : 1;
    for (const arc of [this.cheese, this.crust]) arc.setAttribute("stroke-dasharray", `${(share * 100).toFixed(2)} 200`);
    this.toppings.forEach((dot, i) => dot.classList.toggle("ring__topping--eaten", (i + 0.5) / SLICES > share));
    const seconds = String(secondsOf(left));
    if (this.number.textContent !== seconds) this.number.textContent = seconds;
    this.element.classList.toggle("ring--last", !paused && left > 0 && left <= LAST_SECONDS * 1000);
    this.element.classList.toggle("ring--paused", paused);
  }
}

const circle = (name, r) => drawing("circle", { class: name, cx: 50, cy: 50, r, pathLength: 100 });

function topping(i) {
  const angle = ((i + 0.5) / SLICES) * 2 * Math.PI;
  const place = { cx: (50 + 36.5 * Math.sin(angle)).toFixed(1), cy: (50 - 36.5 * Math.cos(angle)).toFixed(1) };
  return drawing("circle", { class: `ring__topping ring__topping--${i % 3}`, r: 4, ...place });
}
