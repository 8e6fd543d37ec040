// The quiz night's sounds.

import { Synth } from "../rooms/synth.js";

const ROLL_HZ = 19;

export class Sounds extends Synth {
  /** A beat of the get-ready count. */
  beep() {
    this.tone({ type: "triangle", from: 523, seconds: 0.16, volume: 0.26 });
  }

  /** A question is served. */
  served() {
    for (const [ratio, volume, seconds] of [[1, 0.2, 0.9], [2.76, 0.09, 0.6], [5.4, 0.04, 0.3]]) {
      this.tone({ from: 1047 * ratio, seconds, volume });
    }
  }

  /** One of the last seconds. */
  tick(left) {
    this.tone({ type: "square", from: left % 2 ? 880 : 700, seconds: 0.05, volume: 0.07 });
  }

  /** An answer is in the oven. */
  handedIn() {
    this.tone({ from: 300, to: 620, seconds: 0.12, volume: 0.24 });
    this.hiss({ from: 1200, to: 400, seconds: 0.18, volume: 0.12, delay: 0.05 });
  }

  /** Order up. */
  right() {
    [659, 784, 1047].forEach((from, i) => this.tone({ type: "triangle", from, seconds: 0.4, volume: 0.22, delay: i * 0.09 }));
  }

  /** Burnt. */
  wrong() {
    this.tone({ type: "sawtooth", from: 220, to: 110, seconds: 0.35, volume: 0.14 });
  }

  /** The answer is shown to a room that did not answer it. */
  reveal() {
    this.tone({ type: "triangle", from: 784, to: 1047, seconds: 0.4, volume: 0.2 });
  }

  /** A snare's roll of `seconds`, louder towards the end. */
  drumRoll(seconds) {
    if (!this.context || this.muted) return;
    const { context } = this;
    const begin = context.currentTime;
    const source = context.createBufferSource();
    Object.assign(source, { buffer: this.noise, loop: true });
    const band = context.createBiquadFilter();
    Object.assign(band, { type: "bandpass" }).frequency.value = 1900;
    const beats = context.createGain();
    beats.gain.value = 0.5;
    const sticks = context.createOscillator();
    Object.assign(sticks, { type: "sawtooth" }).frequency.value = ROLL_HZ;
    sticks.connect(beats.gain);
    const swell = context.createGain();
    swell.gain.setValueAtTime(0.05, begin);
    swell.gain.exponentialRampToValueAtTime(0.5, begin + seconds);
    source.connect(band).connect(beats).connect(swell).connect(this.master);
    for (const part of [source, sticks]) {
      part.start(begin);
      part.stop(begin + seconds);
    }
  }

  /** Somebody steps onto the podium; `place` 1 is the loudest. */
  step(place) {
    this.hiss({ kind: "highpass", from: 5200, to: 3000, seconds: place === 1 ? 1.3 : 0.5, volume: place === 1 ? 0.5 : 0.25 });
    const chord = place === 1 ? [523, 659, 784, 1047] : [440, 554, 659];
    for (const from of chord) this.tone({ type: "triangle", from, seconds: place === 1 ? 1.4 : 0.5, volume: 0.16 });
  }
}
