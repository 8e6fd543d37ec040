// The home page's window: a real battle, watched over the same socket as any spectator's. Cheap on purpose.

import { RoomSocket } from "../rooms/socket.js";
import { apply, emptyState, everybody } from "../rooms/store.js";
import { Battle } from "./battle.js";
import { Painter } from "./painter.js";
import { Spectate } from "./spectate.js";
import { loadRules } from "./world.js";

const FRAME_MS = 1000 / 30;
const STILL_AFTER_MS = 1200;
const SEEN_AREA = 1500 * 900;

const canvas = document.getElementById("home-battle");
const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;

class BattleWindow {
  constructor() {
    this.painter = new Painter(canvas, { calm: true, plain: true, pixels: 1.25, area: SEEN_AREA, aside: 0.2 });
    this.spectate = new Spectate();
    this.state = emptyState();
    this.battle = new Battle({ on: { told: (hit) => this.spectate.excite(hit, performance.now()), shown: (kind, what) => this.#show(kind, what) } });
    this.socket = new RoomSocket({
      path: canvas.dataset.socket,
      watch: true,
      on: {
        state: (state) => this.#take({ ...state, event: "room.state" }),
        event: (event) => this.#take(event),
        binary: (buffer) => this.battle.take(buffer, performance.now()),
        status: () => {},
      },
    });
    this.seen = true;
    this.last = 0;
    new IntersectionObserver(([entry]) => this.#look(entry.isIntersecting)).observe(canvas);
    document.addEventListener("visibilitychange", () => this.#look(this.seen));
  }

  #take(event) {
    this.state = apply(this.state, event);
    this.painter.pilots = everybody(this.state);
  }

  #show(kind, what) {
    if (this.running) this.painter.show(kind, what, { own: null });
  }

  /** Watch only while somebody looks: a hidden page holds no socket, so that an empty room can rest. */
  #look(seen) {
    this.seen = seen;
    const run = seen && !document.hidden;
    if (run === this.running) return;
    this.running = run;
    if (!run) {
      this.socket.close();
      return;
    }
    this.battle.reset();
    this.socket.open();
    if (reduced) setTimeout(() => this.#still(), STILL_AFTER_MS);
    else requestAnimationFrame((now) => this.#frame(now));
  }

  #frame(now) {
    if (!this.running) return;
    requestAnimationFrame((next) => this.#frame(next));
    if (now - this.last < FRAME_MS - 4) return;
    this.#draw(Math.min(100, now - this.last));
    this.last = now;
  }

  #draw(elapsed) {
    const now = performance.now();
    this.battle.advance(now, elapsed);
    this.painter.draw(this.battle, this.spectate.target(this.battle.ships, now), now, elapsed);
  }

  /** Less motion is wanted: one picture of the battle, and no more of it. */
  #still() {
    this.#draw(0);
    this.socket.close();
  }
}

if (canvas) {
  loadRules(await (await fetch(canvas.dataset.rulesUrl)).json());
  new BattleWindow();
}
