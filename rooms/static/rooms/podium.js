// The end of a round: three on the podium, everybody in the table, and the way into the next round.

import { avatar } from "./avatar.js";
import { make, setText, toggle } from "./dom.js";

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
    byId("podium-steps").replaceChildren(...steps(rows));
    fillTable(byId("podium-rows"), rows.map((row, i) => ({ row, place: placeOf(rows, row), own: i === mine, numbers: this.columns(row) })));
    byId("podium-title").focus({ preventScroll: true });
  }
}

/** The place that somebody came in at: those with as many points share it. */
export const placeOf = (rows, { points }) => 1 + rows.filter((row) => row.points > points).length;

/** The best three as they stand: second, first, third. */
export const steps = (rows) => [1, 0, 2].filter((i) => rows[i]).map((i) => step(rows[i], { stand: i + 1, place: placeOf(rows, rows[i]) }));

/** Somebody on the podium: `stand` is where, from 1 in the middle, and `place` what is written there. */
function step(row, { stand, place }) {
  const picture = avatar(row.colour, row.mark);
  picture.classList.add("avatar--big");
  return make(
    "li",
    { class: `step step--${stand}`, "data-stand": stand },
    picture,
    make("bdi", { class: "step__name" }, row.name),
    make("span", { class: "step__points" }, `${row.points.toLocaleString("en-GB")} points`),
    make("span", { class: "step__block" }, String(place)),
  );
}

/** Rows of the table: each `{row, place, own, numbers}`, unknown numbers undefined. Cells say what they are, for screens without room for a head. */
export function fillTable(body, lines) {
  const names = [...body.closest("table").tHead.rows[0].cells].slice(2).map((head) => head.lastChild.textContent);
  body.replaceChildren(...lines.map((line) => tableRow(line, names)));
}

function tableRow({ row, place, own = false, numbers }, names) {
  const chips = [row.bot && "Bot", own && "You"].filter(Boolean).map((text) => make("span", { class: "chip" }, text));
  const who = make("span", { class: "podium__pilot" }, avatar(row.colour, row.mark), make("bdi", {}, row.name), ...chips);
  return make("tr", { "data-own": own }, cell(place), make("th", { scope: "row" }, who), ...numbers.map((number, i) => cell(number ?? NOTHING, names[i])));
}

const cell = (value, name) => make("td", { class: "number", "data-name": name }, value.toLocaleString("en-GB"));
