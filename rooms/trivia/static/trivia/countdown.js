// Rings, bars and numbers that count down.

import { setText, toggle } from "../rooms/dom.js";
import { Ring } from "./ring.js";
import { nextOf, secondsOf } from "./scene.js";

/** A ring for the time to answer, a number for what comes by itself, and a bar over the question. */
export class Countdown {
  /** `sounds` tick in the last seconds. */
  constructor({ sounds = null }) {
    this.sounds = sounds;
    this.rings = [...document.querySelectorAll("[data-ring]")].map((place) => new Ring(place));
    this.numbers = [...document.querySelectorAll("[data-seconds]")];
    this.bars = [...document.querySelectorAll("[data-timebar]")];
    this.words = [...document.querySelectorAll("[data-next]")];
    this.second = null;
  }

  /** What comes by itself has a name: `data-question`, `data-rest` and `data-over` of a `data-next`. */
  show({ stage, game, room }) {
    if (stage !== "reveal") return;
    for (const words of this.words) setText(words, words.dataset[nextOf(game, room)]);
  }

  tick(scene) {
    const { stage, left, whole, game } = scene;
    const open = stage === "open" || stage === "ready";
    const ring = { left: open ? left : null, whole, paused: Boolean(game?.paused) };
    for (const each of this.rings) each.set(stage === "open" ? ring : { left: null });
    for (const bar of this.bars) bar.style.setProperty("--left", stage === "open" && whole ? Math.min(1, left / whole).toFixed(4) : "0");
    const seconds = left === null ? null : secondsOf(left);
    for (const number of this.numbers) {
      toggle(number.closest("[data-counts]") ?? number, seconds !== null && !game?.paused);
      setText(number, seconds === null ? "" : String(seconds));
    }
    this.#sound(scene, seconds);
  }

  #sound({ stage, game }, seconds) {
    const before = this.second;
    this.second = `${stage}${seconds}`;
    if (this.second === before || game?.paused || seconds === null) return;
    if (stage === "open" && seconds <= 5 && seconds > 0) this.sounds?.tick(seconds);
    if (stage === "ready" && seconds > 0 && seconds <= 3) this.sounds?.beep();
  }
}
