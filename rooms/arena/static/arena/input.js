// What the pilot wants: keyboard, touch and gamepad, merged into the keys of one tick.

import { rules } from "./world.js";
import { Gamepads } from "./gamepad.js";
import { TouchControls } from "./touch.js";

const CODES = {
  ArrowUp: "thrust", KeyW: "thrust",
  ArrowLeft: "left", KeyA: "left",
  ArrowRight: "right", KeyD: "right",
  Space: "fire",
};

/** Elements that want the keys for themselves. */
const TYPING = "input, select, textarea, [contenteditable], dialog";
const PRESSING = "button, a, summary, [role=button]";

export class Input {
  /** `play` is the element to fly on, `touch` holds the stick and the button. */
  constructor({ play, touch }) {
    this.enabled = false;
    this.held = new Set();
    this.tapped = new Set();
    this.answer = { keys: 0, aim: 0 };
    this.touch = new TouchControls(play, touch);
    this.pads = new Gamepads();
    addEventListener("keydown", (event) => this.#down(event));
    addEventListener("keyup", (event) => this.held.delete(CODES[event.code]));
    addEventListener("blur", () => this.release());
    document.addEventListener("visibilitychange", () => document.hidden && this.release());
  }

  /** Let everything go. */
  release() {
    this.held.clear();
    this.tapped.clear();
    this.touch.release();
  }

  #down(event) {
    const key = CODES[event.code];
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(TYPING) || (key === "fire" && target.closest(PRESSING))) return;
    if (!this.enabled) return;
    event.preventDefault(); // no scrolling
    this.held.add(key);
    this.tapped.add(key);
  }

  /** The keys as they are held now. */
  peek() {
    const answer = this.answer;
    answer.keys = 0;
    if (this.enabled) this.#gather(answer);
    return answer;
  }

  /** The keys for the next tick. A tap between two ticks counts for one. */
  sample() {
    const answer = this.peek();
    this.tapped.clear();
    return answer;
  }

  #gather(answer) {
    for (const key of this.held) answer.keys |= rules.keys[key];
    for (const key of this.tapped) answer.keys |= rules.keys[key];
    this.#steer(answer, this.touch.stick());
    this.#steer(answer, this.pads.stick());
    if (this.touch.firing() || this.pads.firing()) answer.keys |= rules.keys.fire;
  }

  /** `stick` has x, y and a length 0..1, or is null. It says where to, and far out it also says go. */
  #steer(answer, stick) {
    if (!stick) return;
    answer.aim = Math.round((Math.atan2(stick.y, stick.x) / (2 * Math.PI)) * 256) & 255;
    answer.keys |= rules.keys.aim | (stick.length > 0.5 ? rules.keys.thrust : 0);
  }
}
