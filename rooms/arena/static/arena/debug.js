// `?debug`: what a frame costs, how far the server is, how often the prediction was wrong.

const EVERY_MS = 500;

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

export class Debug {
  constructor(game) {
    this.game = game;
    this.element = document.createElement("pre");
    this.element.className = "debug";
    document.body.append(this.element);
    this.shownAt = 0;
    this.framesThen = 0;
  }

  /** Main-thread work a frame in ms, of the last 600 frames. */
  times() {
    const { times, frames } = this.game;
    const sorted = [...times.subarray(0, Math.min(frames, times.length))].sort((a, b) => a - b);
    return { p50: at(sorted, 0.5), p99: at(sorted, 0.99), worst: at(sorted, 1) };
  }

  draw(now) {
    if (now - this.shownAt < EVERY_MS) return;
    const { game } = this;
    const { battle, page } = game;
    const fps = ((game.frames - this.framesThen) * 1000) / (now - this.shownAt);
    this.framesThen = game.frames;
    this.shownAt = now;
    const { p50, p99, worst } = this.times();
    this.element.textContent = [
      `${fps.toFixed(0)} frames/s   work p50 ${p50.toFixed(2)}  p99 ${p99.toFixed(2)}  worst ${worst.toFixed(1)} ms`,
      `ping ${page.socket.clock.ping.toFixed(1)} ms   best ${page.socket.clock.rtt.toFixed(1)} ms   jitter ${battle.ticks.jitter.toFixed(2)} ticks`,
      `corrections ${battle.prediction.corrections}   unacknowledged ${battle.prediction.inputs.length - 1}`,
      `ships ${battle.ships.length}   olives ${battle.olives.flying.size}   particles ${game.painter.effects.particles.count}`,
    ].join("\n");
  }
}
