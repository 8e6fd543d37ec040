// The end of a round: three on the podium, everybody in the table, and the way into the next round.

import { avatar } from "./avatar.js";
import { setText, toggle } from "./dom.js";

const byId = (id) => document.getElementById(id);
const NOTHING = "\u2013";

export class Podium {
  /**
   * `verdict(rows, own)` is the line above it all; `columns(row)` are the numbers after the name, undefined ones unknown;
   * `here` names the address (of `config.urls`) at which the next room is looked at.
   */
  constructor({ verdict, columns, here = "room" }) {
    this.here = here;
    this.verdict = verdict;
    this.columns = columns;
    this.root = byId("podium");
    byId("podium-again").addEventListener("click", () => this.#again());
    byId("podium-leave").addEventListener("click", () => this.page.leave());
  }

  show(page) {
    this.page = page;
    toggle(this.root, page.phase === "over");
    if (page.phase !== "over") {
      this.shown = null;
      return;
    }
    const { room } = page.state;
    toggle(byId("podium-again"), page.isHost && !room.next_code);
    const next = byId("podium-next");
    toggle(next, Boolean(room.next_code));
    if (room.next_code) next.href = this.#addressOf(room.next_code);
    toggle(byId("podium-wait"), !page.isHost && !room.next_code && page.slot !== null && room.host !== null);
    if (room.results === this.shown) return;
    this.shown = room.results;
    this.#fill(room.results?.rows ?? [], page.slot);
  }

  async #again() {
    const answer = await this.page.ask("room.rematch");
    if (answer) location.assign(this.#addressOf(answer.code));
  }

  #addressOf(code) {
    const { config } = this.page;
    return config.urls[this.here].replace(config.code, code);
  }

  #fill(rows, own) {
    const mine = rows.findIndex((row) => row.slot === own);
    setText(byId("podium-line"), this.verdict(rows, mine));
    byId("podium-steps").replaceChildren(...[1, 0, 2].filter((i) => rows[i]).map((i) => step(rows[i], { stand: i + 1, place: placeOf(rows, rows[i]) })));
    byId("podium-rows").replaceChildren(...rows.map((row, i) => tableRow(row, placeOf(rows, row), i === mine, this.columns(row))));
    byId("podium-title").focus({ preventScroll: true });
  }
}

/** The place that somebody came in at: those with as many points share it. */
export const placeOf = (rows, { points }) => 1 + rows.filter((row) => row.points > points).length;

/** Somebody on the podium: `stand` is where, from 1 in the middle, and `place` what is written there. */
export function step(row, { stand, place }) {
  const element = document.createElement("li");
  element.className = `step step--${stand}`;
  element.dataset.stand = stand;
  const name = document.createElement("bdi");
  name.className = "step__name";
  name.textContent = row.name;
  const points = document.createElement("span");
  points.className = "step__points";
  points.textContent = `${row.points.toLocaleString("en-GB")} points`;
  const block = document.createElement("span");
  block.className = "step__block";
  block.textContent = String(place);
  const picture = avatar(row.colour, row.mark);
  picture.classList.add("avatar--big");
  element.append(picture, name, points, block);
  return element;
}

function tableRow(row, place, own, numbers) {
  const element = document.createElement("tr");
  if (own) element.dataset.own = "";
  const name = document.createElement("th");
  name.scope = "row";
  const words = document.createElement("bdi");
  words.textContent = row.name;
  const line = document.createElement("span");
  line.className = "podium__pilot";
  line.append(avatar(row.colour, row.mark), words);
  if (row.bot) line.append(small("Bot"));
  if (own) line.append(small("You"));
  name.append(line);
  element.append(cell(place), name, ...numbers.map((number) => cell(number ?? NOTHING)));
  return element;
}

function cell(value) {
  const element = document.createElement("td");
  element.className = "number";
  element.textContent = String(value);
  return element;
}

function small(text) {
  const element = document.createElement("span");
  element.className = "chip";
  element.textContent = text;
  return element;
}
