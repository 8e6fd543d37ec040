// A player's side of an open question: the card, the pads, and what became of the answer.

import { setText, toggle } from "../rooms/dom.js";
import { buzz } from "./buzz.js";
import { answerInWords, handInFor } from "./handin.js";
import { LagNote } from "./lag.js";
import { QuestionCard } from "./question.js";

const byId = (id) => document.getElementById(id);

/** What the server says no to, and yet all is well: it has an answer of ours. */
const IN_ANYWAY = new Set(["answered_already"]);

/** The pad that a key stands for, or -1. */
const padOfKey = (key) => (key.length === 1 ? Math.max("123456".indexOf(key), "abcdef".indexOf(key.toLowerCase())) : -1);

export class Answering {
  /** `say` is heard by screen readers. */
  constructor({ sounds, say }) {
    Object.assign(this, { sounds, say });
    this.place = byId("handin");
    this.note = byId("handin-note");
    this.lag = new LagNote(this.note.querySelector("[data-lag]"), byId("lag-why"));
    this.card = new QuestionCard(byId("question"));
    addEventListener("keydown", (event) => this.#key(event));
  }

  show(scene, page) {
    this.page = page;
    this.scene = scene;
    if (scene.stage !== "open") {
      this.served = null;
      return;
    }
    const { question, of } = scene.game;
    const bare = scene.room.settings.text_on_phones === false;
    document.body.classList.toggle("bare-pads", bare);
    const key = `${question.number} ${question.text}`;
    if (key !== this.served) this.#serve(question, key);
    this.card.show(question, of);
    this.#state();
  }

  #serve(question, key) {
    this.served = key;
    Object.assign(this, { sent: null, waits: false, late: false, wrong: null });
    this.way = handInFor(question, (answer) => this.#send(answer));
    this.place.replaceChildren(this.way.element);
    this.place.removeAttribute("inert");
    this.sounds?.served();
    buzz(30);
    scrollTo(0, 0);
    if (matchMedia("(pointer: fine)").matches && this.page.slot !== null) this.way.focus?.();
  }

  /** What was handed in, by what the server knows or by what it has just acknowledged. */
  get #answer() {
    return this.scene.own?.answer ?? this.sent?.answer ?? null;
  }

  #state() {
    const { slot, state } = this.page;
    const watching = slot === null;
    this.place.toggleAttribute("inert", watching || this.waits || Boolean(state.game.paused));
    if (this.#answer !== null && this.fixed !== this.way) {
      this.fixed = this.way;
      this.way.fix(this.#answer);
    }
    const { text, kind } = this.#words(watching);
    this.note.dataset.kind = kind;
    // What was handed in is said in full elsewhere.
    if (setText(this.note.querySelector("[data-text]"), text) && (kind === "wrong" || kind === "late")) this.say.now(text);
    toggle(this.note, text !== "");
    this.lag.show(kind === "in" ? this.#latency : null);
  }

  #words(watching) {
    if (watching) return { text: "You are watching. The pads are for those with a seat.", kind: "quiet" };
    if (this.#answer !== null) return { text: "In the oven.", kind: "in" };
    if (this.waits) return { text: "Handing it in", kind: "sending" };
    if (this.late) return { text: "Time is up. One moment.", kind: "late" };
    return { text: this.wrong ?? "", kind: "wrong" };
  }

  get #latency() {
    return this.sent?.latency ?? this.scene.own?.latency ?? null;
  }

  async #send(answer) {
    if (this.waits || this.#answer !== null) return;
    this.waits = true;
    this.wrong = null;
    this.#state();
    const { served } = this;
    try {
      const { latency } = await this.page.socket.request("trivia.answer", { seq: this.scene.game.seq, answer });
      if (served === this.served) this.#handedIn(answer, latency);
    } catch (error) {
      this.wrong = error.message;
      if (IN_ANYWAY.has(error.code)) this.page.socket.sync();
    }
    if (served !== this.served) return;
    this.waits = false;
    this.#state();
  }

  #handedIn(answer, latency) {
    this.sent = { answer, latency };
    this.sounds?.handedIn();
    buzz(20, 40, 60);
    this.say.now(`Handed in: ${answerInWords(this.scene.game.question, answer)}.`);
  }

  tick(scene) {
    if (scene.stage !== "open" || !this.way) return;
    const late = scene.left === 0 && !scene.game.paused;
    if (late === this.late) return;
    this.late = late;
    if (late) this.place.setAttribute("inert", "");
    this.#state();
  }

  /** 1 to 6, and A to F, are the pads, wherever the keyboard's focus is; somebody who types is left alone. */
  #key(event) {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
    if (this.scene?.stage !== "open" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const pad = padOfKey(event.key);
    if (this.place.hasAttribute("inert") || pad < 0) return;
    event.preventDefault();
    this.way.key?.(pad);
  }
}
