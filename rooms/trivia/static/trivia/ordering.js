// A list that is put in order: by its up and down buttons, or by dragging.

import { icon, make } from "../rooms/dom.js";
import { badge, padClass, words } from "./pads.js";

export class Ordering {
  constructor(choices) {
    this.rows = choices.map((choice, i) => this.#row(choice, i));
    this.list = make("ol", { class: "ordering" }, ...this.rows);
    this.said = make("p", { class: "visually-hidden", role: "status" });
    this.element = make("div", {}, this.list, this.said);
    this.#number();
  }

  /** The indices of the choices, from the top down. */
  get order() {
    return this.#list().map((row) => Number(row.dataset.pad));
  }

  /** Show the order that was handed in; nothing moves any more. */
  fix(order) {
    this.list.append(...order.map((index) => this.rows[index]));
    for (const button of this.list.querySelectorAll("button")) button.disabled = true;
    this.fixed = true;
    this.#number();
  }

  #list() {
    return [...this.list.children];
  }

  #row(text, index) {
    const up = mover("up", `Move ${text} up`);
    const down = mover("down", `Move ${text} down`);
    const row = make("li", { class: `${padClass(index)} ordering__row`, "data-pad": index }, badge(index), words(text), up, down);
    up.addEventListener("click", () => this.#move(row, -1, up));
    down.addEventListener("click", () => this.#move(row, 1, down));
    row.addEventListener("pointerdown", (event) => this.#grab(row, event));
    return row;
  }

  #move(row, by, button) {
    const list = this.#list();
    const place = list.indexOf(row) + by;
    if (place < 0 || place >= list.length) return;
    this.#put(row, place);
    button.focus({ preventScroll: true });
    this.#number();
    this.said.textContent = `Now number ${place + 1} of ${list.length}.`;
  }

  #grab(row, event) {
    if (this.fixed || event.button !== 0 || event.target.closest("button")) return;
    event.preventDefault();
    row.setPointerCapture(event.pointerId);
    row.classList.add("ordering__row--held");
    const follow = ({ clientY }) => this.#follow(row, clientY);
    const drop = () => {
      row.classList.remove("ordering__row--held");
      row.removeEventListener("pointermove", follow);
    };
    row.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) row.addEventListener(end, drop, { once: true });
  }

  /** The held row changes places with the one that the finger has passed the middle of. */
  #follow(row, y) {
    const list = this.#list();
    const held = list.indexOf(row);
    const target = list.findIndex((other) => {
      const { top, bottom } = other.getBoundingClientRect();
      return y >= top && y <= bottom;
    });
    if (target < 0 || target === held) return;
    this.#put(row, target);
    this.#number();
  }

  /** Move a row to a place. The others make room, since a row that is taken out loses the finger that holds it. */
  #put(row, place) {
    const list = this.#list();
    const from = list.indexOf(row);
    if (place < from) row.after(...list.slice(place, from));
    else row.before(...list.slice(from + 1, place + 1));
  }

  #number() {
    const list = this.#list();
    list.forEach((row, i) => {
      row.querySelector("[data-move=up]").setAttribute("aria-disabled", String(i === 0));
      row.querySelector("[data-move=down]").setAttribute("aria-disabled", String(i === list.length - 1));
    });
  }
}

const mover = (way, label) => make("button", { type: "button", class: "ordering__move", "data-move": way, "aria-label": label }, icon(way));
