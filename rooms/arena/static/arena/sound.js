// The kitchen's sounds, synthesised: nothing is loaded, nothing plays before the first gesture.

const MUTED_KEY = "space-pizzas-muted";
const MOST_VOICES = 14;

const remembered = () => {
  try {
    return localStorage.getItem(MUTED_KEY) === "1";
  } catch {
    return false; // storage may be forbidden; then it is loud until told otherwise
  }
};

export class Sound {
  constructor() {
    this.muted = remembered();
    this.context = null;
    this.voices = 0;
    const start = () => this.#start();
    for (const gesture of ["pointerup", "keydown"]) addEventListener(gesture, start, { capture: true });
    document.addEventListener("visibilitychange", () => this.#level());
  }

  #start() {
    if (this.context) {
      if (this.context.state === "suspended" && !document.hidden) this.context.resume();
      return;
    }
    const Context = window.AudioContext;
    if (!Context) return;
    this.context = new Context({ latencyHint: "interactive" });
    this.master = this.context.createGain();
    const squeeze = this.context.createDynamicsCompressor();
    this.master.connect(squeeze).connect(this.context.destination);
    this.noise = this.#makeNoise();
    this.#startHum();
    this.#level();
  }

  #makeNoise() {
    const buffer = this.context.createBuffer(1, this.context.sampleRate, this.context.sampleRate);
    const samples = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i += 1) samples[i] = Math.random() * 2 - 1;
    return buffer;
  }

  /** Silence or not; remembered in this browser. */
  mute(muted) {
    this.muted = muted;
    try {
      localStorage.setItem(MUTED_KEY, muted ? "1" : "0");
    } catch {
      // not remembered, then
    }
    this.#level();
  }

  #level() {
    if (this.context) this.master.gain.setTargetAtTime(this.muted || document.hidden ? 0 : 0.5, this.context.currentTime, 0.03);
  }

  #startHum() {
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

  /** A voice of `seconds`: its envelope, panned; null if it is no use now. */
  #voice(volume, seconds, side) {
    if (!this.context || this.muted || volume < 0.02 || this.voices >= MOST_VOICES) return null;
    const { context } = this;
    const gain = context.createGain();
    gain.gain.setValueAtTime(volume, context.currentTime);
    gain.gain.exponentialRampToValueAtTime(0.0008, context.currentTime + seconds);
    const panner = context.createStereoPanner();
    panner.pan.value = side * 0.7;
    gain.connect(panner).connect(this.master);
    return gain;
  }

  #play(source, seconds, delay = 0) {
    const begin = this.context.currentTime + delay;
    this.voices += 1;
    source.onended = () => (this.voices -= 1);
    source.start(begin);
    source.stop(begin + seconds);
  }

  #tone({ type = "sine", from, to = from, seconds, volume, side = 0 }) {
    const voice = this.#voice(volume, seconds, side);
    if (!voice) return;
    const tone = this.context.createOscillator();
    tone.type = type;
    tone.frequency.setValueAtTime(from, this.context.currentTime);
    tone.frequency.exponentialRampToValueAtTime(to, this.context.currentTime + seconds);
    tone.connect(voice);
    this.#play(tone, seconds);
  }

  #hiss({ kind = "bandpass", from, to = from, width = 1, seconds, volume, side = 0 }) {
    const voice = this.#voice(volume, seconds, side);
    if (!voice) return;
    const filter = this.context.createBiquadFilter();
    filter.type = kind;
    filter.Q.value = width;
    filter.frequency.setValueAtTime(from, this.context.currentTime);
    filter.frequency.exponentialRampToValueAtTime(to, this.context.currentTime + seconds);
    const source = this.context.createBufferSource();
    source.buffer = this.noise;
    source.connect(filter).connect(voice);
    this.#play(source, seconds);
  }

  /** An olive leaves the muzzle. `near` 0..1, `side` -1..1. */
  pop(near, side) {
    this.#tone({ from: 620 + Math.random() * 60, to: 170, seconds: 0.09, volume: 0.22 * near * near, side });
  }

  /** An olive lands. */
  sizzle(near, side) {
    this.#hiss({ from: 3800, to: 1500, width: 0.8, seconds: 0.24, volume: 0.4 * near * near, side });
    this.#tone({ type: "triangle", from: 260, to: 110, seconds: 0.1, volume: 0.3 * near * near, side });
  }

  /** A shield eats one. */
  plink(near, side) {
    this.#tone({ type: "triangle", from: 1250, to: 900, seconds: 0.12, volume: 0.14 * near * near, side });
  }

  /** A ship bursts. */
  boom(near, side) {
    this.#hiss({ kind: "lowpass", from: 1500, to: 90, seconds: 0.65, volume: 0.85 * near, side });
    this.#tone({ from: 130, to: 38, seconds: 0.5, volume: 0.6 * near, side });
  }

  /** An order delivered: the counter's bell. */
  bell() {
    for (const [ratio, volume, seconds] of [[1, 0.26, 1.1], [2.76, 0.12, 0.7], [5.4, 0.06, 0.35]]) {
      this.#tone({ from: 1318 * ratio, seconds, volume });
    }
  }

  /** A hit of one's own: a small tick of the till. */
  tick() {
    this.#tone({ type: "square", from: 1760, seconds: 0.05, volume: 0.06 });
  }

  /** Own hull taken. */
  ouch() {
    this.#tone({ type: "sawtooth", from: 190, to: 70, seconds: 0.2, volume: 0.26 });
  }

  /** The countdown: short for a number, long and higher for the start. */
  beep(last) {
    this.#tone({ type: "triangle", from: last ? 1046 : 523, seconds: last ? 0.5 : 0.16, volume: 0.3 });
  }

  /** Out of the oven again. */
  whoosh() {
    this.#hiss({ from: 300, to: 2600, width: 1.2, seconds: 0.4, volume: 0.24 });
  }
}
