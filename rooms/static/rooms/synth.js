// What sounds are made of: tones and hisses, synthesised. Nothing is loaded, nothing plays before the first gesture.

const MUTED_KEY = "space-pizzas-muted";
const MOST_VOICES = 14;

const remembered = () => {
  try {
    return localStorage.getItem(MUTED_KEY) === "1";
  } catch {
    return false; // storage may be forbidden; then it is loud until told otherwise
  }
};

/** A game's sounds extend it with what they are called. */
export class Synth {
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
    this.began();
    this.#level();
  }

  /** The first gesture: sounds that go on for ever may start. */
  began() {}

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

  /** A voice of `seconds`: its envelope, panned; null if it is no use now. */
  #voice(volume, seconds, side, delay) {
    if (!this.context || this.muted || volume < 0.02 || this.voices >= MOST_VOICES) return null;
    const { context } = this;
    const gain = context.createGain();
    const begin = context.currentTime + delay;
    gain.gain.setValueAtTime(volume, begin);
    gain.gain.exponentialRampToValueAtTime(0.0008, begin + seconds);
    const panner = context.createStereoPanner();
    panner.pan.value = side * 0.7;
    gain.connect(panner).connect(this.master);
    return gain;
  }

  #play(source, seconds, delay) {
    const begin = this.context.currentTime + delay;
    this.voices += 1;
    source.onended = () => (this.voices -= 1);
    source.start(begin);
    source.stop(begin + seconds);
  }

  /** A tone that glides from one pitch to another, in Hz; it begins `delay` seconds from now. */
  tone({ type = "sine", from, to = from, seconds, volume, side = 0, delay = 0 }) {
    const voice = this.#voice(volume, seconds, side, delay);
    if (!voice) return;
    const tone = this.context.createOscillator();
    tone.type = type;
    tone.frequency.setValueAtTime(from, this.context.currentTime + delay);
    tone.frequency.exponentialRampToValueAtTime(to, this.context.currentTime + delay + seconds);
    tone.connect(voice);
    this.#play(tone, seconds, delay);
  }

  /** Noise through a filter that glides. */
  hiss({ kind = "bandpass", from, to = from, width = 1, seconds, volume, side = 0, delay = 0 }) {
    const voice = this.#voice(volume, seconds, side, delay);
    if (!voice) return;
    const filter = this.context.createBiquadFilter();
    filter.type = kind;
    filter.Q.value = width;
    filter.frequency.setValueAtTime(from, this.context.currentTime + delay);
    filter.frequency.exponentialRampToValueAtTime(to, this.context.currentTime + delay + seconds);
    const source = this.context.createBufferSource();
    source.buffer = this.noise;
    source.connect(filter).connect(voice);
    this.#play(source, seconds, delay);
  }
}
