// The server's clock as this page knows it. Built on performance.now(), so the device's own date does not matter.

const KEPT = 8;
const LATE_MS = 1000; // a message may be under way for so long

/** Estimates the server's time from pings; the sample with the shortest round trip is the one believed. */
export class ServerClock {
  constructor() {
    this.reset();
  }

  /** Forget every sample (after a sleep the steady clock may have stood still). */
  reset() {
    this.samples = [];
    this.best = null;
  }

  /** Take one ping: sent and received in performance.now() ms, `serverNow` in ms since 1970. */
  add({ sent, received, serverNow }) {
    const rtt = Math.max(0, received - sent);
    this.samples.push({ rtt, offset: serverNow + rtt / 2 - received });
    if (this.samples.length > KEPT) this.samples.shift();
    this.best = this.samples.reduce((best, sample) => (sample.rtt < best.rtt ? sample : best));
  }

  /** A first idea of the time, from a message that was pushed: good enough until the first ping is back. */
  hint(serverNow, received) {
    if (this.best === null) this.best = { rtt: 0, offset: serverNow - received };
  }

  /**
   * What the server said by itself: it was `serverNow` when it spoke. An estimate that is behind that, or far ahead of
   * it, is of a clock that stood still or leapt: start again from here.
   */
  heard(serverNow, received) {
    const ahead = this.now(received) - serverNow;
    if (ahead >= 0 && ahead <= LATE_MS) return;
    this.reset();
    this.hint(serverNow, received);
  }

  /** The server's time now, ms since 1970. */
  now(at = performance.now()) {
    return this.best === null ? Date.now() : at + this.best.offset;
  }

  /** The shortest round trip of late, in ms. */
  get rtt() {
    return this.best === null ? 0 : this.best.rtt;
  }

  /** The round trip of the newest ping, in ms: what the player feels now. */
  get ping() {
    return this.samples.length ? this.samples[this.samples.length - 1].rtt : 0;
  }
}
