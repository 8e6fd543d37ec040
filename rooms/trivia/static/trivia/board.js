// The big screen's question: the card, the choices as large tiles, how many have answered, and the distribution.

import { icon, make, setText, toggle } from "../rooms/dom.js";
import { everybody } from "../rooms/store.js";
import { badge, medium, padClass, short, words } from "./pads.js";
import { QuestionCard } from "./question.js";
import { showSource } from "./source.js";
import { rightInWords, showSpread } from "./spread.js";
import { showStandings, showTeams } from "./standings.js";

const MOST = 6;
const MOST_BESIDE_TEAMS = 3;
const byId = (id) => document.getElementById(id);

export class Board {
  constructor({ sounds }) {
    this.sounds = sounds;
    this.card = new QuestionCard(byId("question"));
    this.tiles = byId("tiles");
  }

  show(scene, page) {
    const { stage, game } = scene;
    const on = stage === "open" || stage === "reveal";
    if (!on) {
      this.heard = null;
      return;
    }
    this.card.show(game.question, game.of);
    this.#tiles(game.question);
    setText(byId("answered"), `${game.answered}`);
    setText(byId("expected"), `of ${game.expected}`);
    const revealed = stage === "reveal" ? game.reveal : null;
    this.#mark(game.question, revealed);
    this.#sound(stage, scene.moment);
    if (revealed) this.#reveal(game, page);
  }

  #tiles(question) {
    const key = `${question.number} ${question.text}`;
    if (this.shown === key) return;
    this.shown = key;
    const choices = question.choices ?? [];
    this.tiles.className = `pads pads--${choices.length}${short(choices) ? " pads--short" : medium(choices) ? " pads--medium" : ""}`;
    this.choices = choices.map((choice, i) => tile(choice, i));
    this.tiles.replaceChildren(...this.choices);
    toggle(this.tiles, choices.length > 0);
  }

  #mark({ type }, reveal) {
    const right = reveal && !reveal.voided ? [reveal.answer].flat() : [];
    const most = Math.max(1, ...(reveal?.counts ?? []));
    this.choices.forEach((each, i) => {
      const isRight = right.includes(i);
      each.classList.toggle("pad--right", isRight && type !== "order");
      each.classList.toggle("pad--other", Boolean(reveal) && !isRight);
      const count = reveal?.counts?.[i];
      const bar = each.querySelector(".pad__bar");
      toggle(bar, count !== undefined);
      bar.style.setProperty("--share", count === undefined ? 0 : count / most);
      setText(each.querySelector(".pad__count"), count === undefined ? "" : String(count));
      each.querySelector(".pad__right").hidden = !isRight;
    });
    if (type === "order") this.#order(right);
  }

  /** The right order from the top down, column by column, each with its number. */
  #order(right) {
    const sorted = right.length > 0;
    this.tiles.classList.toggle("pads--sorted", sorted);
    this.tiles.style.setProperty("--rows", this.choices.length > 3 ? Math.ceil(this.choices.length / 2) : this.choices.length);
    const wanted = sorted ? right.map((index) => this.choices[index]) : this.choices;
    if (wanted.some((each, place) => this.tiles.children[place] !== each)) this.tiles.append(...wanted);
    wanted.forEach((each, place) => setText(each.querySelector(".pad__place"), sorted ? String(place + 1) : ""));
  }

  #reveal(game, page) {
    const { reveal, question } = game;
    setText(byId("reveal-title"), reveal.voided ? "Off the menu" : "The answer");
    setText(byId("reveal-answer"), reveal.answer_text);
    byId("reveal-answer").dataset.long = question.type === "order" ? "order" : reveal.answer_text.length > 60;
    setText(byId("reveal-right"), rightInWords(game));
    setText(byId("reveal-why"), reveal.explanation ?? "");
    toggle(byId("reveal-why"), Boolean(reveal.explanation));
    showSource(byId("reveal-source"), reveal);
    if (reveal === this.ranked) return;
    this.ranked = reveal;
    showSpread(byId("spread"), game, everybody(page.state));
    showStandings(byId("standings"), reveal.standings ?? [], { state: page.state, own: null, most: game.teams ? MOST_BESIDE_TEAMS : MOST });
    toggle(byId("team-standings"), Boolean(game.teams));
    if (game.teams) showTeams(byId("team-standings"), game.teams);
  }

  #sound(stage, moment) {
    if (moment === this.heard) return;
    this.heard = moment;
    if (stage === "open") this.sounds.served();
    else this.sounds.reveal();
  }
}

function tile(choice, index) {
  const right = make("span", { class: "pad__right", hidden: true }, icon("check"), make("span", { class: "visually-hidden" }, "The right answer"));
  return make("li", { class: padClass(index) }, make("span", { class: "pad__bar", hidden: true, "aria-hidden": "true" }), make("span", { class: "pad__place" }), badge(index), words(choice), right, make("span", { class: "pad__count" }));
}
