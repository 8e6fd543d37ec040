// The eye: on the ship, a little ahead of it, and shaken when something bursts nearby.

import { wrapPx } from "./view.js";

const LOOK_AHEAD_TICKS = 16;
const FARTHEST_AHEAD = 150; // px
const AHEAD_MS = 260;
const PAN_MS = 140;
const LEAP = 120; // px in one frame: a respawn or another ship, so the eye travels there
const SHAKE_MS = 90;

const approach = (elapsed, halfLife) => 1 - 0.5 ** (elapsed / halfLife);

export class Camera {
  /** `calm` is for people who ask for less motion: no shaking, no look-ahead. */
  constructor({ calm = false } = {}) {
    this.calm = calm;
    this.x = 0;
    this.y = 0;
    this.aheadX = this.aheadY = this.panX = this.panY = this.trauma = 0;
    this.targetX = this.targetY = null;
    this.jolt = { x: 0, y: 0 };
  }

  /** Follow a thing at x, y (px) that moves by vx, vy (px a tick). Keeps `x`, `y` unwrapped, for parallax. */
  follow(x, y, vx, vy, elapsed) {
    const movedX = this.targetX === null ? 0 : wrapPx(x - this.targetX);
    const movedY = this.targetY === null ? 0 : wrapPx(y - this.targetY);
    if (this.targetX === null) {
      this.x = x;
      this.y = y;
    } else if (Math.hypot(movedX, movedY) > LEAP) {
      this.panX -= movedX;
      this.panY -= movedY;
    }
    this.#lookAhead(vx, vy, elapsed);
    const pan = approach(elapsed, PAN_MS);
    this.panX -= this.panX * pan;
    this.panY -= this.panY * pan;
    this.targetX = x;
    this.targetY = y;
    this.#settle(x + this.panX + this.aheadX, y + this.panY + this.aheadY);
  }

  #settle(x, y) {
    this.x += wrapPx(x - this.x);
    this.y += wrapPx(y - this.y);
  }

  #lookAhead(vx, vy, elapsed) {
    if (this.calm) return;
    const speed = Math.hypot(vx, vy) || 1;
    const reach = Math.min(FARTHEST_AHEAD, speed * LOOK_AHEAD_TICKS) / speed;
    const share = approach(elapsed, AHEAD_MS);
    this.aheadX += (vx * reach - this.aheadX) * share;
    this.aheadY += (vy * reach - this.aheadY) * share;
  }

  /** Something burst; 1 is the own ship. */
  shake(strength) {
    if (!this.calm) this.trauma = Math.min(1, this.trauma + strength);
  }

  /** How far the eye is off its place just now, in px. */
  jolted(now, elapsed) {
    this.trauma -= this.trauma * approach(elapsed, SHAKE_MS);
    const reach = this.trauma * this.trauma * 22;
    this.jolt.x = reach * Math.sin(now * 0.071);
    this.jolt.y = reach * Math.sin(now * 0.093 + 1);
    return this.jolt;
  }
}
