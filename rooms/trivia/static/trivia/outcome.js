// A player's reveal: right or not, the points, the place; the answer and why; the best so far.

import { icon, make, setText, toggle } from "../rooms/dom.js";
import { buzz } from "./buzz.js";
import { answerInWords } from "./handin.js";
import { ordinal, pointsOf } from "./scene.js";
import { showSource } from "./source.js";
import { showStandings, showTeams } from "./standings.js";

const MOST = 5;
const byId = (id) => document.getElementById(id);

/**
 * What is called out: a kind (for the looks) and words. `late`: this player was not here while the question was open.
 * Pure.
 */
export function verdictOf({ own, question, reveal, watching, late }) {
  if (reveal.voided) return { kind: "void", title: "Off the menu", text: "This question does not count, for anybody." };
  if (watching) return { kind: "void", title: "Time!", text: `${reveal.right} of ${reveal.answers} had it right.` };
  const result = own?.result;
  if (!result && late) return { kind: "none", title: "Welcome!", text: "You are in time for the next one." };
  if (!result || own.answer === null || own.answer === undefined) return { kind: "none", title: "Not handed in", text: "No harm done. The next one is yours." };
  if (result.share >= 1) return { kind: "right", title: "Order up!", text: "Exactly as ordered." };
  if (result.share > 0) return { kind: "part", title: "Nearly there", text: inPart(question, Math.min(99, Math.round(result.share * 100))) };
  return { kind: "wrong", title: "A little burnt", text: "Not this time. There is more dough." };
}

const inPart = ({ type }, percent) => (type === "number" ? `Close enough for ${percent} % of the points.` : `${percent} % of it was right.`);

export class Outcome {
  constructor({ sounds }) {
    this.sounds = sounds;
    this.root = byId("outcome");
    byId("flag").addEventListener("click", () => byId("flag-dialog").showModal());
    byId("flag-close").addEventListener("click", () => byId("flag-dialog").close());
    byId("flag-form").addEventListener("submit", () => this.#flag());
  }

  show(scene, page) {
    this.page = page;
    const { game, own } = scene;
    if (scene.stage === "open" && page.slot !== null) this.seen = game.number;
    if (scene.stage !== "reveal") {
      this.heard = null;
      return;
    }
    const { reveal, question } = game;
    const verdict = verdictOf({ own, question, reveal, watching: page.slot === null, late: this.seen !== game.number });
    this.root.dataset.kind = verdict.kind;
    setText(byId("outcome-title"), verdict.title);
    setText(byId("outcome-text"), verdict.text);
    this.#result(own?.result, reveal);
    this.#answer({ question, reveal, own });
    toggle(byId("flag"), page.slot !== null && this.flagged !== game.number);
    this.#standings(game, page);
    // What came of the own answer may be told a moment after the answer.
    if (this.heard === scene.moment || verdict.kind === "none") return;
    this.#sound(verdict.kind);
    this.heard = scene.moment;
  }

  #result(result, reveal) {
    const shown = Boolean(result) && !reveal.voided;
    toggle(byId("outcome-numbers"), shown);
    if (!shown) return;
    setText(byId("outcome-points"), result.points > 0 ? `+${pointsOf(result.points)}` : "0");
    toggle(byId("outcome-streak-box"), result.streak > 1);
    setText(byId("outcome-streak"), String(result.streak));
    setText(byId("outcome-rank"), ordinal(result.rank));
    const moved = result.was ? result.was - result.rank : 0;
    byId("outcome-moved").replaceChildren(...(moved ? [icon(moved > 0 ? "up" : "down"), make("span", { class: "visually-hidden" }, moved > 0 ? "up " : "down "), String(Math.abs(moved))] : []));
    byId("outcome-moved").dataset.way = Math.sign(moved);
  }

  #answer({ question, reveal, own }) {
    setText(byId("reveal-question"), question.text);
    setText(byId("reveal-answer"), reveal.answer_text);
    const given = own?.answer;
    const other = given !== null && given !== undefined && (own.result?.share ?? 0) < 1;
    toggle(byId("reveal-own-line"), other);
    if (other) setText(byId("reveal-own"), answerInWords(question, given));
    setText(byId("reveal-why"), reveal.explanation ?? "");
    toggle(byId("reveal-why"), Boolean(reveal.explanation));
    showSource(byId("reveal-source"), reveal);
  }

  #standings(game, page) {
    if (game.reveal === this.ranked) return;
    this.ranked = game.reveal;
    showStandings(byId("standings"), game.reveal.standings ?? [], { state: page.state, own: page.slot, most: MOST });
    toggle(byId("team-standings"), Boolean(game.teams));
    if (game.teams) showTeams(byId("team-standings"), game.teams);
  }

  #sound(kind) {
    if (kind === "right" || kind === "part") this.sounds?.right();
    else if (kind === "wrong") this.sounds?.wrong();
    if (kind === "right") buzz(30, 50, 30);
  }

  async #flag() {
    const { number } = this.page.state.game;
    const reason = byId("flag-reason").value.trim();
    const answer = await this.page.ask("trivia.flag", { number, reason });
    if (!answer) return;
    this.flagged = number;
    byId("flag-reason").value = "";
    toggle(byId("flag"), false);
    this.page.complain("Thank you. The host and the kitchen will look at it.");
  }
}
