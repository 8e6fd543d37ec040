// A question as it is printed: number, category, text, picture.

import { make, setText, toggle } from "../rooms/dom.js";

const HINTS = {
  __proto__: null,
  several: "More than one is right. Pick all of them.",
  number: "The closer, the more points.",
  order: "Put them in order, from the top down.",
  text: "Spelling is forgiven, within reason.",
};
const HARD = { __proto__: null, easy: "Mild", medium: "Medium", hard: "Extra hot" };

/** `root` has the parts by `data-part`: kicker, text, picture, hint. */
export class QuestionCard {
  constructor(root) {
    this.root = root;
    const part = (name) => root.querySelector(`[data-part="${name}"]`);
    Object.assign(this, { kicker: part("kicker"), text: part("text"), picture: part("picture"), hint: part("hint") });
  }

  /** `of` is the number of questions in all. */
  show(question, of) {
    if (this.shown === question) return;
    this.shown = question;
    setText(this.kicker, [`Question ${question.number} of ${of}`, question.category, HARD[question.difficulty]].filter(Boolean).join("\u00a0· "));
    setText(this.text, question.text);
    const length = [...question.text].length;
    this.text.dataset.size = length > 160 ? "long" : length > 70 ? "medium" : "short";
    setText(this.hint, HINTS[question.type] ?? "");
    toggle(this.hint, question.type in HINTS);
    this.#picture(question.image);
  }

  #picture(address) {
    toggle(this.picture, Boolean(address));
    this.picture.replaceChildren();
    if (address) this.picture.append(make("img", { src: address, alt: "The question's picture", decoding: "async" }));
  }
}

/** Fetch a question's picture before its time; what is not there by then comes when it comes. */
export function preload(question) {
  if (question?.image) new Image().src = question.image;
}
