// Gamepads: the left stick or the cross steers, any face button or trigger fires.

const DEAD_ZONE = 0.25;
const FIRE_BUTTONS = [0, 1, 2, 3, 5, 7];
const CROSS = { up: 12, down: 13, left: 14, right: 15 };

/** As the browser has them, with gaps. */
const allPads = () => [...(navigator.getGamepads?.() ?? [])];

export class Gamepads {
  constructor() {
    // A pad may have been there before this page listened.
    this.connected = allPads().filter((pad) => pad?.connected).length;
    this.answer = { x: 0, y: 0, length: 0 };
    addEventListener("gamepadconnected", () => (this.connected += 1));
    addEventListener("gamepaddisconnected", () => (this.connected -= 1));
  }

  #pad() {
    return this.connected > 0 ? allPads().find((pad) => pad?.connected) : null;
  }

  /** Where the stick points, or null. */
  stick() {
    const pad = this.#pad();
    if (!pad) return null;
    const pressed = (name) => (pad.buttons[CROSS[name]]?.pressed ? 1 : 0);
    this.answer.x = (pad.axes[0] ?? 0) + pressed("right") - pressed("left");
    this.answer.y = (pad.axes[1] ?? 0) + pressed("down") - pressed("up");
    this.answer.length = Math.min(1, Math.hypot(this.answer.x, this.answer.y));
    return this.answer.length > DEAD_ZONE ? this.answer : null;
  }

  firing() {
    const pad = this.#pad();
    return Boolean(pad) && FIRE_BUTTONS.some((button) => pad.buttons[button]?.pressed);
  }
}
