// A pool of short-lived things in flat arrays: nothing is allocated while the game runs.

const MOST = 640;

export const GLOW = 0;
export const SPARK = 1;
export const SLICE = 2;
export const RING = 3;
export const CRUMB = 4;

/** Positions in world px, speeds in px a second, lives in seconds, sizes in px. */
export class Particles {
  constructor(most = MOST) {
    this.most = most;
    this.count = 0;
    for (const name of ["x", "y", "vx", "vy", "life", "span", "size", "angle", "spin"]) this[name] = new Float32Array(most);
    this.kind = new Uint8Array(most);
    this.tint = new Uint8Array(most);
  }

  /** Add one; when the pool is full the oldest place is used again. */
  add(kind, x, y, vx, vy, span, size, tint = 0) {
    const at = this.count < this.most ? this.count++ : Math.floor(Math.random() * this.most);
    this.kind[at] = kind;
    this.x[at] = x;
    this.y[at] = y;
    this.vx[at] = vx;
    this.vy[at] = vy;
    this.life[at] = this.span[at] = span;
    this.size[at] = size;
    this.tint[at] = tint;
    this.angle[at] = Math.random() * 7;
    this.spin[at] = (Math.random() - 0.5) * 9;
    return at;
  }

  /** Let `seconds` pass. */
  step(seconds) {
    const drag = 0.22 ** seconds;
    for (let i = this.count - 1; i >= 0; i -= 1) {
      this.life[i] -= seconds;
      if (this.life[i] <= 0) {
        this.#remove(i);
        continue;
      }
      this.x[i] += this.vx[i] * seconds;
      this.y[i] += this.vy[i] * seconds;
      this.vx[i] *= drag;
      this.vy[i] *= drag;
      this.angle[i] += this.spin[i] * seconds;
    }
  }

  /** The last one takes the place of the one that is over. */
  #remove(i) {
    const last = --this.count;
    this.kind[i] = this.kind[last];
    this.tint[i] = this.tint[last];
    for (const name of ["x", "y", "vx", "vy", "life", "span", "size", "angle", "spin"]) this[name][i] = this[name][last];
  }

  clear() {
    this.count = 0;
  }
}
