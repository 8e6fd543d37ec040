// The room's page: one socket, one state, one phase. Panels show them; the game flies in them.

import { RoomSocket } from "./socket.js";
import { apply, emptyState, phaseOf } from "./store.js";

const LOOK_AGAIN_MS = 100;
const HELD_KEY = "space-pizzas-seat";

/** The room's own part of the page, as the server wrote it into the page. */
export const readConfig = () => JSON.parse(document.getElementById("room-config").textContent);

/**
 * `panels` are objects with `show(page)`, called after every change of state or phase; `game` has
 * `phase(phase, before)` and `show(page)`, and may have `binary(buffer)`, `heard(event)` (after the state took it) and
 * `changes`, what its own events do to the state (see store.js).
 */
export class RoomPage {
  constructor({ config, game, panels }) {
    this.config = config;
    this.game = game;
    this.panels = panels;
    this.state = emptyState();
    this.status = { name: "connecting", attempt: 0 };
    this.phase = "";
    this.dead = false;
    this.socket = new RoomSocket({
      path: config.socket,
      watch: config.watch,
      on: {
        state: (state) => this.#take({ ...state, event: "room.state" }),
        event: (event) => this.#take(event),
        binary: (buffer) => this.game.binary?.(buffer),
        status: (status) => this.#heard(status),
      },
    });
  }

  /** Connect. A tab that was reloaded takes its own seat back, even if the old socket still hangs. */
  open() {
    this.socket.open({ takeover: sessionStorage.getItem(HELD_KEY) === this.config.code });
    setInterval(() => this.#look(), LOOK_AGAIN_MS);
  }

  /** Connect and close the player's other tab. */
  takeOver() {
    this.socket.watch = false;
    this.socket.open({ takeover: true });
  }

  /** The server's time, ms since 1970. */
  now() {
    return this.socket.clock.now();
  }

  /** The own slot, or null for a spectator. */
  get slot() {
    return this.state.you ? this.state.you.slot : null;
  }

  /** Whether this session is the room's host, with a seat or without. */
  get isHost() {
    return Boolean(this.state.you?.is_host ?? this.state.hosts);
  }

  /** Ask the room for something; a refusal is shown and given on as null. */
  async ask(action, fields) {
    try {
      return await this.socket.request(action, fields);
    } catch (error) {
      this.complain(error.message);
      return null;
    }
  }

  /** Say what did not work, where everybody sees and hears it. */
  complain(text) {
    const notice = document.getElementById("room-notice");
    notice.textContent = text;
    notice.hidden = false;
    clearTimeout(this.complaint);
    this.complaint = setTimeout(() => (notice.hidden = true), 5000);
  }

  /** Give the seat up and go. */
  async leave(to = this.config.urls.home) {
    sessionStorage.removeItem(HELD_KEY);
    if (this.slot !== null && this.phase !== "over") await this.socket.request("room.leave").catch(() => null);
    this.socket.close();
    location.assign(to);
  }

  /** The own ship is in pieces, or flies again. */
  setDead(dead) {
    if (dead === this.dead) return;
    this.dead = dead;
    this.#look();
  }

  #take(event) {
    this.state = apply(this.state, event, this.game.changes);
    this.#mark();
    this.#look({ changed: true });
    this.game.heard?.(event);
  }

  #heard(status) {
    this.status = status;
    if (status.name === "ended") sessionStorage.removeItem(HELD_KEY);
    this.#look({ changed: true });
  }

  /** What end-to-end tests wait for, and what a reload needs. */
  #mark() {
    const { body } = document;
    const slot = this.slot;
    if (slot === null) {
      delete body.dataset.ownSlot;
      delete body.dataset.score;
      return;
    }
    body.dataset.ownSlot = slot;
    body.dataset.score = this.state.scores[slot] ?? 0;
    sessionStorage.setItem(HELD_KEY, this.config.code);
  }

  #look({ changed = false } = {}) {
    const before = this.phase;
    const phase = phaseOf(this.state, this.status.name, this.now());
    this.phase = phase === "playing" && this.dead ? "dead" : phase;
    if (this.phase !== before) {
      document.body.dataset.phase = this.phase;
      this.game.phase(this.phase, before);
    }
    if (!changed && this.phase === before) return;
    this.game.show(this);
    for (const panel of this.panels) panel.show(this);
  }
}
