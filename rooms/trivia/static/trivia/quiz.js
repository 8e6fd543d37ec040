// The quiz on a page: one scene, worked out on every frame, for whatever shows it.

import { toggle } from "../rooms/dom.js";
import { changes } from "./changes.js";
import { preload } from "./question.js";
import { sceneOf } from "./scene.js";

/**
 * `views` have `show(scene, page)`, called when something changed, and may have `tick(scene, page)`, called on every
 * frame. Elements with `data-view="open reveal"` are there in just these stages.
 */
export class Quiz {
  constructor({ views }) {
    this.views = views;
    this.changes = changes;
    this.parts = [...document.querySelectorAll("[data-view]")];
    this.moment = null;
    this.known = "connecting";
  }

  /** Begin, with the page that holds the socket. */
  start(page) {
    this.page = page;
    const frame = () => {
      this.#frame();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    // A tab that is not looked at draws no frames, but it may be listened to.
    setInterval(() => document.hidden && this.#frame(), 1000);
  }

  phase() {}

  /** The room's state has changed. */
  show() {
    preload(this.page.state.game?.question);
    this.changed = true;
  }

  heard(event) {
    const { socket } = this.page;
    if (event.event === "trivia.probe") socket.request("trivia.probed", { n: event.n }).catch(() => null);
    if (event.event === "trivia.time") socket.clock.heard(event.now, socket.heardAt);
    if (event.event === "room.changed" && this.#concerns(event.room.host)) socket.sync();
    this.host = this.page.state.room?.host;
  }

  /** What a host alone is told, and whether somebody who watches is one, is said with the whole state. */
  #concerns(host) {
    return host !== this.host && [host, this.host, null].includes(this.page.slot);
  }

  #frame() {
    const { page } = this;
    // While the line is down, what was there stays: somebody may be in the middle of a word.
    if (page.phase !== "connecting") this.known = page.phase;
    const phase = page.state.room ? this.known : page.phase;
    const scene = sceneOf({ phase, state: page.state, now: page.now() });
    if (this.changed || scene.moment !== this.moment) this.#show(scene);
    for (const view of this.views) view.tick?.(scene, page);
  }

  #show(scene) {
    this.changed = false;
    this.moment = scene.moment;
    document.body.dataset.stage = scene.stage;
    document.body.dataset.question = scene.game?.number ?? 0;
    const lost = document.activeElement?.closest("[data-view]") ?? null;
    for (const part of this.parts) toggle(part, part.dataset.view.split(" ").includes(scene.stage));
    for (const view of this.views) view.show(scene, this.page);
    if (lost?.hidden) document.getElementById("stage").focus({ preventScroll: true });
  }
}
