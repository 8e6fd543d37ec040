// Who hit whom: a few lines that fade, and the same for those who listen instead.

import { line } from "./calls.js";

const LINES = 4;
const LINE_MS = 4200;
const SPEAK_MS = 1600;

export class Feed {
  /** `list` is the visible list, `spoken` a polite live region. */
  constructor({ list, spoken }) {
    this.list = list;
    this.spoken = spoken;
    this.saidAt = 0;
    this.waiting = null;
  }

  /** Show a destroyed ship: `shooter` and `victim` are pilots ({name, colour}) or null for the own. */
  show(shooter, victim, { own }) {
    const row = document.createElement("li");
    row.className = own ? "feed__line feed__line--own" : "feed__line";
    row.append(name(shooter), sliced(), name(victim));
    this.list.append(row);
    while (this.list.children.length > LINES) this.list.firstElementChild.remove();
    setTimeout(() => row.remove(), LINE_MS);
    if (own) this.say(`${line({ shooter: shooter?.name ?? "You", victim: victim?.name ?? "You", destroyed: true })}.`);
  }

  /** Say something to those who listen. Not more often than one can hear; the newest wins. */
  say(text) {
    const pause = this.saidAt + SPEAK_MS - performance.now();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.saidAt = performance.now();
      this.spoken.textContent = text;
    }, Math.max(0, pause));
  }
}

function name(pilot) {
  const element = document.createElement("bdi");
  element.className = pilot ? "feed__name" : "feed__name feed__name--own";
  element.textContent = pilot?.name ?? "You";
  if (pilot) element.style.setProperty("--pilot", `var(--c-${pilot.colour})`);
  return element;
}

function sliced() {
  const picture = document.querySelector("#feed-slice").content.cloneNode(true);
  return picture;
}
