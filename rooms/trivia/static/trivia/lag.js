// The "\u00b118 ms" beside an answer that is in: how long its player's line takes, and on demand what that means.

import { setText, toggle } from "../rooms/dom.js";

const MOST = 250; // ms, as in rooms/trivia/lag.py

export class LagNote {
  /** `button` says the figure and opens the explanation `why`. */
  constructor(button, why) {
    Object.assign(this, { button, why });
    button.addEventListener("click", () => this.#open(why.hidden));
  }

  /** `latency` in ms, or null for nothing to say. */
  show(latency) {
    const shown = latency !== null;
    toggle(this.button, shown);
    if (!shown) {
      this.#open(false);
      return;
    }
    setText(this.button, `\u00b1${Math.round(latency)} ms`);
    setText(this.why, explained(latency));
  }

  #open(open) {
    toggle(this.why, open);
    this.button.setAttribute("aria-expanded", String(open));
  }
}

/** What the figure means. Pure. */
export const explained = (latency) =>
  `We measure how long your line takes: about ${Math.round(latency)} ms. That is taken off the time of your answer (up to ${MOST} ms), so a slow line costs you no points.`;
