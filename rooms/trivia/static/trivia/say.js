// What a screen reader hears of the quiz, politely and once.

import { letterOf } from "./pads.js";
import { ordinal, pointsOf, secondsOf } from "./scene.js";

const WARNINGS = [10, 5]; // seconds left

export class Say {
  constructor(region) {
    this.region = region;
    this.told = "";
  }

  /** Say `text` now; the same twice in a row is said once. */
  now(text) {
    if (!text || text === this.told) return;
    this.told = text;
    this.region.append(Object.assign(document.createElement("p"), { textContent: text }));
    while (this.region.children.length > 6) this.region.firstElementChild.remove();
  }

  show(scene) {
    if (scene.moment === this.moment) return;
    this.moment = scene.moment;
    this.warned = new Set();
    this.now(MOMENTS[scene.stage]?.(scene) ?? "");
  }

  /** 10 and 5 seconds left; not when the question is that short anyway. */
  tick({ stage, left, whole, game }) {
    if (stage !== "open" || left === null || game.paused) return;
    const seconds = secondsOf(left);
    for (const warning of WARNINGS) {
      if (seconds > warning || this.warned.has(warning) || seconds < warning - 1) continue;
      this.warned.add(warning);
      if (whole > (warning + 1) * 1000) this.now(`${warning} seconds left.`);
    }
  }
}

const MOMENTS = {
  __proto__: null,
  preparing: () => "The kitchen is picking questions.",
  lobby: () => "You are in the lobby.",
  ready: ({ game }) => `Get ready. Question ${Math.max(1, game.number)} of ${game.of}.`,
  open: ({ game: { question, of } }) => `Question ${question.number} of ${of}. ${question.text} ${choicesSpoken(question)}`,
  reveal: revealSpoken,
  rest: () => "Half-time. Take a breath.",
  over: () => "The quiz is over. The podium is open.",
};

const choicesSpoken = ({ choices }) => (choices ?? []).map((choice, i) => `${letterOf(i)}: ${choice}.`).join(" ");

function revealSpoken({ game: { reveal }, own }) {
  const answer = `The answer: ${reveal.answer_text}.`;
  if (reveal.voided) return "This question does not count.";
  return `${resultSpoken(own?.result)} ${answer} ${reveal.explanation ?? ""}`.trim();
}

function resultSpoken(result) {
  if (!result) return "";
  const how = result.share >= 1 ? "Right." : "Nearly there.";
  const verdict = result.points > 0 ? `${how} ${pointsOf(result.points)} points.` : "No points this time.";
  return `${verdict} You are ${ordinal(result.rank)}.`;
}
