// When is it, in ticks? Worked out from the snapshots' arrivals alone, so no clock has to be right.

const FAR_OFF = 12; // ticks of disagreement after which the estimate starts anew
const AHEAD = 8; // ticks that the estimate may run on without news

/** Estimates the newest tick that has reached this page, as a number with a fraction. */
export class TickClock {
  constructor(tickRate) {
    this.msPerTick = 1000 / tickRate;
    this.reset();
  }

  reset() {
    this.last = 0;
    this.offset = null;
    this.jitter = 0;
  }

  /** A snapshot of this tick arrived at `now` (performance.now()). */
  heard(tick, now) {
    const sample = tick - now / this.msPerTick;
    this.last = tick;
    if (this.offset === null || Math.abs(sample - this.offset) > FAR_OFF) {
      this.offset = sample;
      this.jitter = 0;
      return;
    }
    // Early arrivals say when a tick really was; late ones were held up, and pull only slowly.
    const late = this.offset - sample;
    this.offset -= late * (late < 0 ? 0.4 : 0.03);
    this.jitter = Math.max(this.jitter * 0.985, Math.min(4, late));
  }

  /** The tick whose snapshot should be arriving at `now`. */
  at(now) {
    if (this.offset === null) return 0;
    return Math.min(this.last + AHEAD, now / this.msPerTick + this.offset);
  }
}
