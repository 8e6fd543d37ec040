// The room's socket: comes back by itself, matches acknowledgements, sees gaps, and keeps the server's clock.

import { ServerClock } from "./clock.js";
import { endOf, pauseBefore } from "./closing.js";

const ANSWER_MS = 6000;
const FIRST_PINGS = 5;
const FIRST_PING_MS = 180;
const PING_MS = 2500;
const STALE_MS = 9000;

/** A request that the room refused (`code` of the protocol), or that nobody answered ("timeout", "lost"). */
class RequestError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * `on` has: `state(state)` for a whole state, `event(event)` for a change in order, `binary(buffer)`,
 * `status({name, end, attempt})` with name "connecting", "open", "waiting" or "ended".
 */
export class RoomSocket {
  constructor({ path, watch = false, on }) {
    this.path = path;
    this.watch = watch;
    this.on = on;
    this.clock = new ServerClock();
    this.waiting = new Map();
    this.nextId = 1;
    this.attempt = 0;
    this.version = 0;
    this.socket = null;
    this.syncing = false;
    this.held = false;
    addEventListener("online", () => this.#retryNow());
    document.addEventListener("visibilitychange", () => this.#seenAgain());
    // A page that the browser keeps for "back" must not hold the player's seat.
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  /**
   * Connect. `takeover` closes the player's other socket instead of being refused; a tab that held the seat
   * always does, since the other one is its own, lost on the way.
   */
  open({ takeover = false } = {}) {
    this.close();
    takeover ||= this.held;
    const url = new URL(this.path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (this.watch) url.searchParams.set("watch", "1");
    if (takeover) url.searchParams.set("takeover", "1");
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => this.socket === socket && this.#heard(data));
    socket.addEventListener("close", ({ code, reason }) => this.socket === socket && this.#closed(code, reason));
    this.socket = socket;
    this.heardAt = performance.now();
    this.on.status({ name: "connecting", attempt: this.attempt });
  }

  /** Close for good, until `open` is called again. */
  close() {
    clearTimeout(this.retryTimer);
    clearTimeout(this.pingTimer);
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    if (socket) socket.close(1000);
    this.#giveUpRequests();
  }

  /** Send an action; a promise of its acknowledgement. Rejects with `RequestError`. */
  request(action, fields = {}) {
    if (!this.#canSend()) return Promise.reject(new RequestError("lost", "The line is down. One moment."));
    const id = this.nextId++;
    this.socket.send(JSON.stringify({ id, action, ...fields }));
    return new Promise((resolve, reject) => {
      const fail = () => this.#settle(id, new RequestError("timeout", "No answer from the kitchen. Try again?"));
      this.waiting.set(id, { resolve, reject, timer: setTimeout(fail, ANSWER_MS) });
    });
  }

  /** Send a binary frame; dropped while the line is down, since what it says will be old by then. */
  send(buffer) {
    if (this.#canSend()) this.socket.send(buffer);
  }

  /** A line that is being closed takes nothing any more, though its end was not heard yet. */
  #canSend() {
    return this.ready && this.socket.readyState === WebSocket.OPEN;
  }

  /** Ask for the whole state (after a gap, or after the page was hidden). */
  async sync() {
    if (this.syncing || !this.ready) return;
    this.syncing = true;
    try {
      this.#takeState((await this.request("room.sync")).state);
    } catch {
      this.#retryNow();
    } finally {
      this.syncing = false;
    }
  }

  #heard(data) {
    this.heardAt = performance.now();
    if (typeof data !== "string") {
      this.on.binary(data);
      return;
    }
    const message = JSON.parse(data);
    if ("ack" in message) this.#settle(message.ack, message.error ? refusal(message.error) : message);
    else if (message.event === "room.state") this.#arrived(message);
    else this.#changed(message);
  }

  #arrived(state) {
    this.ready = true;
    this.held = state.you !== null;
    this.attempt = 0;
    this.clock.hint(state.now, this.heardAt);
    this.#takeState(state);
    this.on.status({ name: "open", attempt: 0 });
    this.#ping(FIRST_PINGS);
  }

  #takeState(state) {
    this.version = state.version;
    this.on.state(state);
  }

  #changed(event) {
    if (event.version !== undefined) {
      if (event.version <= this.version) return;
      if (event.version > this.version + 1) {
        this.sync();
        return;
      }
      this.version = event.version;
    }
    this.on.event(event);
  }

  #settle(id, outcome) {
    const request = this.waiting.get(id);
    if (!request) return;
    this.waiting.delete(id);
    clearTimeout(request.timer);
    if (outcome instanceof Error) request.reject(outcome);
    else request.resolve(outcome);
  }

  #giveUpRequests() {
    for (const id of [...this.waiting.keys()]) this.#settle(id, new RequestError("lost", "The line went down. Try again?"));
  }

  /** Several quick pings at first, then a slow beat that also notices a line that died without a word. */
  async #ping(quick) {
    const socket = this.socket;
    clearTimeout(this.pingTimer);
    if (performance.now() - this.heardAt > STALE_MS) {
      this.#retryNow();
      return;
    }
    this.pingTimer = setTimeout(() => this.#ping(quick - 1), quick > 1 ? FIRST_PING_MS : PING_MS);
    const sent = performance.now();
    try {
      const { now } = await this.request("ping");
      this.clock.add({ sent, received: performance.now(), serverNow: now });
    } catch (error) {
      if (error.code === "timeout" && this.socket === socket) this.#retryNow();
    }
  }

  #closed(code, reason) {
    this.close();
    const end = endOf(code, reason);
    if (end) {
      this.held = false;
      this.attempt = 0; // nothing is to be tried again, not even when the network comes back
      this.on.status({ name: "ended", end, attempt: 0 });
      return;
    }
    const pause = pauseBefore(this.attempt, Math.random());
    this.attempt += 1;
    this.on.status({ name: "waiting", attempt: this.attempt });
    this.retryTimer = setTimeout(() => this.open(), pause);
  }

  #retryNow() {
    if (this.socket === null && !this.attempt) return;
    this.attempt = Math.max(1, this.attempt);
    this.open();
  }

  /** Back from a hidden tab or a sleeping phone: the steady clock may have stood still, events may be missing. */
  #seenAgain() {
    if (document.hidden || !this.ready) return;
    this.clock.reset();
    this.sync();
    this.#ping(FIRST_PINGS);
  }
}

const refusal = ({ code, message }) => new RequestError(code, message);
