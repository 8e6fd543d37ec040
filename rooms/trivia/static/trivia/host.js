// What the host can do while a quiz runs. The same controls are on the big screen and in the host's phone.

import { avatar } from "../rooms/avatar.js";
import { fill, make, setText, toggle } from "../rooms/dom.js";
import { everybody } from "../rooms/store.js";
import { nextOf } from "./scene.js";

const EXTRAS = [0, 25, 50, 100]; // percent more time
const RUNNING = new Set(["ready", "open", "reveal", "rest"]);
const INSTEAD = { __proto__: null, start: "pause", pause: "resume", resume: "pause" };
const NEXT = { __proto__: null, open: "Close answers", rest: "On we go" };
const AFTER = { __proto__: null, question: "Next question", rest: "To half-time", over: "To the podium" };

/** Which controls are there at this stage. Pure. */
export function controlsAt({ stage, game, room }) {
  const running = RUNNING.has(stage);
  const paused = Boolean(game?.paused);
  const counts = stage === "reveal" && !game.reveal?.voided;
  return {
    start: stage === "lobby",
    next: running && !paused && stage !== "ready",
    pause: running && !paused,
    resume: running && paused,
    skip: stage === "open",
    void: counts,
    lock: stage === "lobby" || running,
    end: running,
    again: stage === "over" && !room?.next_code,
    results: stage === "over",
    people: stage === "lobby" || running,
  };
}

export class HostControls {
  /** `ask` is the confirming dialog. */
  constructor({ ask }) {
    this.ask = ask;
    this.places = [...document.querySelectorAll("[data-host-only]")];
    this.buttons = [...document.querySelectorAll("[data-host]")];
    for (const button of this.buttons) button.addEventListener("click", () => this[button.dataset.host]?.());
    this.dialog = document.getElementById("host");
    this.openers = [...document.querySelectorAll("[data-host-open]")];
    for (const opener of this.openers) opener.addEventListener("click", () => this.dialog.showModal());
    // A step of the game was the host's last word for now: back to the stage.
    this.dialog.addEventListener("click", ({ target }) => target.closest("[data-host]:not([data-host=people])") && this.dialog.close());
    this.list = document.getElementById("host-people");
    this.flags = document.getElementById("host-flags");
  }

  show(scene, page) {
    Object.assign(this, { scene, page });
    for (const place of this.places) toggle(place, page.isHost && !["connecting", "refused"].includes(scene.stage));
    const hosts = page.isHost && controlsAt(scene).people;
    for (const opener of this.openers) toggle(opener, hosts);
    if (!hosts) this.dialog.close();
    this.#welcome(scene.stage);
    if (!page.isHost) return;
    const there = controlsAt(scene);
    if (this.buttons.includes(document.activeElement)) this.held = document.activeElement;
    for (const button of this.buttons) toggle(button, there[button.dataset.host]);
    this.#keepFocus();
    this.#label("next", scene.stage === "reveal" ? AFTER[nextOf(scene.game, scene.room)] : (NEXT[scene.stage] ?? "Next"));
    this.#label("lock", scene.room?.locked ? "Unlock the door" : "Lock the door");
    for (const start of this.#of("start")) start.disabled = Object.keys(page.state.seats).length === 0;
    this.#people(there.people);
    this.#flagged(page.state.flags);
  }

  /** Whoever becomes the host in the middle of it is told. */
  #welcome(stage) {
    if (stage !== "lobby" && !RUNNING.has(stage)) return;
    if (this.page.isHost && this.hosted === false) this.page.complain("The host is gone, so the quiz is yours now. The crown has the buttons.");
    this.hosted = this.page.isHost;
  }

  /** A control that goes while it has the focus gives it to its opposite, or has it again when it is back. */
  #keepFocus() {
    const { held } = this;
    const { activeElement } = document;
    if (!held) return;
    if (![held, document.body, document.getElementById("stage")].includes(activeElement)) {
      this.held = null;
      return;
    }
    const target = held.hidden ? held.parentElement.querySelector(`[data-host=${INSTEAD[held.dataset.host]}]`) : held;
    if (target && !target.hidden && target !== activeElement) target.focus({ preventScroll: true });
  }

  #of(name) {
    return this.buttons.filter((button) => button.dataset.host === name);
  }

  #label(name, text) {
    for (const button of this.#of(name)) setText(button.querySelector("[data-label]"), text);
  }

  start() {
    this.page.ask("room.start");
  }

  next() {
    this.page.ask("trivia.next", { seq: this.scene.game.seq });
  }

  pause() {
    this.page.ask("trivia.pause");
  }

  resume() {
    this.page.ask("trivia.resume");
  }

  async skip() {
    const { seq } = this.scene.game;
    if (await this.ask({ title: "Skip this question?", text: "It is taken off the menu, and nobody gets points for it.", yes: "Skip it" })) this.page.ask("trivia.skip", { seq });
  }

  async void() {
    const { number } = this.scene.game;
    if (await this.ask({ title: "Take this question back?", text: "Its points are taken from everybody, as if it had not been asked.", yes: "Take it back" })) this.page.ask("trivia.void", { number });
  }

  lock() {
    this.page.ask("room.lock", { locked: !this.scene.room.locked });
  }

  async end() {
    if (await this.ask({ title: "End the quiz now?", text: "Everybody goes to the podium. Points stay.", yes: "End it" })) this.page.ask("room.end");
  }

  async again() {
    const answer = await this.page.ask("room.rematch");
    const { config } = this.page;
    const here = document.body.classList.contains("bigscreen") ? config.urls.screen : config.urls.room;
    if (answer) location.assign(here.replace(config.code, answer.code));
  }

  // --- people ---------------------------------------------------------------------------------------

  #people(shown) {
    toggle(document.getElementById("host-people-box"), shown);
    const extras = this.page.state.extras ?? {};
    const people = Object.values(everybody(this.page.state));
    fill(this.list, people, (one) => JSON.stringify([one.slot, one.name, one.colour, one.mark, extras[one.slot]]), (one) => this.#person(one, extras[one.slot] ?? 0));
  }

  #person(one, extra) {
    const select = make("select", { class: "host__extra", "aria-label": `Extra time for ${one.name}` }, ...EXTRAS.map((percent) => make("option", { value: percent, selected: percent === extra }, percent ? `+${percent} % time` : "No extra time")));
    select.addEventListener("change", () => this.page.ask("trivia.extra", { slot: one.slot, percent: Number(select.value) }));
    const children = [avatar(one.colour, one.mark), make("bdi", { class: "seat__name" }, one.name), select];
    if (one.slot !== this.page.slot) children.push(this.#kick(one));
    return make("li", { class: "seat" }, ...children);
  }

  #kick({ slot, name }) {
    const button = make("button", { type: "button", class: "btn btn--ghost btn--small", "aria-label": `Kick ${name}` }, "Kick");
    button.addEventListener("click", async () => {
      if (await this.ask({ title: `Kick ${name}?`, text: "They can not come back to this room.", yes: "Kick" })) this.page.ask("room.kick", { slot });
    });
    return button;
  }

  // --- flags ----------------------------------------------------------------------------------------

  #flagged(flags) {
    const mine = flags && flags.number === this.scene.game?.number ? flags.flags : [];
    toggle(this.flags, mine.length > 0);
    for (const opener of this.openers) opener.dataset.flags = mine.length || "";
    const said = mine.map(({ reason }) => reason).filter(Boolean);
    const words = `${mine.length === 1 ? "One player says" : `${mine.length} players say`} that this question is wrong${said.length ? ": " : "."}`;
    if (this.flags) setText(this.flags.querySelector("[data-text]"), words + said.map((reason) => `\u201c\u2068${reason}\u2069\u201d`).join(", "));
  }
}
