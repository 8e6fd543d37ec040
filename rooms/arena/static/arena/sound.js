// The kitchen's sounds in a fight.

import { Synth } from "../rooms/synth.js";

export class Sound extends Synth {
  began() {
    const { context } = this;
    this.hum = context.createGain();
    this.hum.gain.value = 0;
    const low = context.createBiquadFilter();
    low.type = "lowpass";
    low.frequency.value = 260;
    const source = context.createBufferSource();
    source.buffer = this.noise;
    source.loop = true;
    source.playbackRate.value = 0.5;
    source.connect(low).connect(this.hum).connect(this.master);
    source.start();
  }

  /** The own engine, on or off. */
  thrust(on) {
    if (!this.context || on === this.thrusting) return;
    this.thrusting = on;
    this.hum.gain.setTargetAtTime(on ? 0.3 : 0, this.context.currentTime, on ? 0.05 : 0.12);
  }

  /** An olive leaves the muzzle. `near` 0..1, `side` -1..1. */
  pop(near, side) {
    this.tone({ from: 620 + Math.random() * 60, to: 170, seconds: 0.09, volume: 0.22 * near * near, side });
  }

  /** An olive lands. */
  sizzle(near, side) {
    this.hiss({ from: 3800, to: 1500, width: 0.8, seconds: 0.24, volume: 0.4 * near * near, side });
    this.tone({ type: "triangle", from: 260, to: 110, seconds: 0.1, volume: 0.3 * near * near, side });
  }

  /** A shield eats one. */
  plink(near, side) {
    this.tone({ type: "triangle", from: 1250, to: 900, seconds: 0.12, volume: 0.14 * near * near, side });
  }

  /** A ship bursts. */
  boom(near, side) {
    this.hiss({ kind: "lowpass", from: 1500, to: 90, seconds: 0.65, volume: 0.85 * near, side });
    this.tone({ from: 130, to: 38, seconds: 0.5, volume: 0.6 * near, side });
  }

  /** An order delivered: the counter's bell. */
  bell() {
    for (const [ratio, volume, seconds] of [[1, 0.26, 1.1], [2.76, 0.12, 0.7], [5.4, 0.06, 0.35]]) {
      this.tone({ from: 1318 * ratio, seconds, volume });
    }
  }

  /** A hit of one's own: a small tick of the till. */
  tick() {
    this.tone({ type: "square", from: 1760, seconds: 0.05, volume: 0.06 });
  }

  /** Own hull taken. */
  ouch() {
    this.tone({ type: "sawtooth", from: 190, to: 70, seconds: 0.2, volume: 0.26 });
  }

  /** The countdown: short for a number, long and higher for the start. */
  beep(last) {
    this.tone({ type: "triangle", from: last ? 1046 : 523, seconds: last ? 0.5 : 0.16, volume: 0.3 });
  }

  /** Out of the oven again. */
  whoosh() {
    this.hiss({ from: 300, to: 2600, width: 1.2, seconds: 0.4, volume: 0.24 });
  }
}
