// How an answer is given, one way a type of question. Each has `element`, `fix(answer)` to show what was handed in, and
// may have `key(index)` for the keys 1 to 6 and `focus()`.

import { icon, make } from "../rooms/dom.js";
import { Ordering } from "./ordering.js";
import { badge, letterOf, padClass, short, words } from "./pads.js";
import { numberText } from "./scene.js";

/** The way to answer `question`; `send(answer)` hands it in. */
export const handInFor = (question, send) => new (WAYS[question.type] ?? Typed)(question, send);

const layout = (choices) => `pads pads--${choices.length}${short(choices) ? " pads--short" : ""}`;

function pad(index, text, attributes = {}) {
  return make("button", { type: "button", class: padClass(index), "data-pad": index, ...attributes }, badge(index), words(text));
}

const sendButton = () => make("button", { type: "submit", class: "btn btn--primary handin__send" }, icon("bell"), "Hand it in");

/** One press, and it is in the oven. */
class One {
  constructor({ choices }, send) {
    this.send = send;
    this.pads = choices.map((choice, i) => pad(i, choice));
    this.pads.forEach((button, i) => button.addEventListener("click", () => this.key(i)));
    this.element = make("div", { class: layout(choices) }, ...this.pads);
  }

  key(index) {
    if (this.pads[index] && !this.pads[index].disabled) this.send(index);
  }

  fix(answer) {
    this.pads.forEach((button, i) => fixPad(button, i === answer));
  }
}

/** Several may be right: presses turn on and off, and a button hands them in. */
class Several {
  constructor({ choices }, send) {
    this.pads = choices.map((choice, i) => pad(i, choice, { "aria-pressed": "false" }));
    this.pads.forEach((button, i) => button.addEventListener("click", () => this.key(i)));
    this.button = sendButton();
    this.element = form(send, () => this.#picked(), make("div", { class: layout(choices) }, ...this.pads), this.button);
    this.#count();
  }

  key(index) {
    const button = this.pads[index];
    if (!button || button.disabled) return;
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    this.#count();
  }

  #picked() {
    return this.pads.flatMap((button, i) => (button.getAttribute("aria-pressed") === "true" ? [i] : []));
  }

  #count() {
    this.button.disabled = this.#picked().length === 0;
  }

  fix(answer) {
    this.pads.forEach((button, i) => fixPad(button, answer.includes(i)));
    this.button.hidden = true;
  }
}

function fixPad(button, chosen) {
  button.disabled = true;
  button.classList.toggle("pad--chosen", chosen);
  button.classList.toggle("pad--other", !chosen);
  if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(chosen));
}

/** A number or a word, typed. */
class Typed {
  constructor({ type, unit }, send) {
    this.number = type === "number";
    this.input = make("input", {
      id: "handin-field", class: "handin__field", autocomplete: "off", autocapitalize: "off", spellcheck: "false", dir: "auto",
      maxlength: this.number ? 30 : 200, inputmode: this.number ? "decimal" : "text", enterkeyhint: "send", required: true,
    });
    this.button = sendButton();
    const label = make("label", { class: "handin__label", for: "handin-field" }, this.number ? "Your number" : "Your answer");
    const line = make("div", { class: "handin__line" }, this.input, this.number && unit ? make("bdi", { class: "handin__unit" }, unit) : null);
    this.wrong = make("p", { class: "handin__wrong", role: "alert", hidden: true }, "Digits alone will do: 42, or 3.5.");
    this.element = form(send, () => this.#value(), label, line, this.wrong, this.button);
  }

  #value() {
    const text = this.input.value.trim();
    if (!this.number) return text || null;
    const value = numberOf(text);
    this.wrong.hidden = value !== null;
    return value;
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  fix(answer) {
    this.input.value = String(answer);
    this.input.disabled = true;
    this.button.hidden = true;
  }
}

/** What somebody means by "8 848,9", "8,848.9", "-3" or "\u0664\u0662", as Arabic keyboards have it: a number, or null. */
export function numberOf(text) {
  const bare = western(text).replace(/[\s'\u2019\u061c\u200e\u200f]/g, "").replace(/\u2212/g, "-");
  const thousands = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare);
  const plain = thousands ? bare.replace(/,/g, "") : bare.replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}

/** Arabic, Persian and full-width digits, with their signs, as 0 to 9. */
const western = (text) =>
  text
    .replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => digit.charCodeAt(0) & 15)
    .replace(/\u066b/g, ".")
    .replace(/\u066c/g, ",");

/** Put in order by buttons, keys or a finger. */
class Order {
  constructor({ choices }, send) {
    this.ordering = new Ordering(choices);
    this.button = sendButton();
    this.element = form(send, () => this.ordering.order, this.ordering.element, this.button);
  }

  fix(answer) {
    this.ordering.fix(answer);
    this.button.hidden = true;
  }
}

function form(send, value, ...children) {
  const element = make("form", { class: "handin", novalidate: true }, ...children);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = value();
    if (answer !== null) send(answer);
  });
  return element;
}

const WAYS = { __proto__: null, choice: One, boolean: One, several: Several, order: Order, number: Typed, text: Typed };

/** An answer in words, as "B: Mars", "A: Neon, C: Argon", "Earth \u2192 Mars", "8848 m" or what was typed. */
export function answerInWords({ type, choices, unit }, answer) {
  if (type === "number") return [numberText(answer), unit].filter(Boolean).join(" ");
  if (type === "text") return answer;
  if (type === "order") return answer.map((index) => choices[index]).join(" \u2192 ");
  return [answer].flat().map((index) => (choices ? `${letterOf(index)}: ${choices[index]}` : letterOf(index))).join(", ");
}
