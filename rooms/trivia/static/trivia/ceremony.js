// The podium on the big screen: a drum roll, then third, second, first.

import { avatar } from "../rooms/avatar.js";
import { make, setText, toggle } from "../rooms/dom.js";
import { pointsOf } from "./scene.js";
import { columns } from "./results.js";

const ROLL_MS = 1800;
const byId = (id) => document.getElementById(id);
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Ceremony {
  constructor({ sounds, say }) {
    Object.assign(this, { sounds, say });
    this.root = byId("ceremony");
  }

  show({ stage, room }, page) {
    toggle(this.root, stage === "over");
    if (stage !== "over") {
      this.shown = null;
      return;
    }
    const next = byId("ceremony-next");
    toggle(next, Boolean(room.next_code));
    if (room.next_code) next.href = page.config.urls.screen.replace(page.config.code, room.next_code);
    if (this.shown === room.results || !room.results) return;
    this.shown = room.results;
    this.#fill(room.results.rows ?? [], room.results.teams);
    this.#play();
  }

  #fill(rows, teams) {
    const onScreen = [1, 0, 2].filter((i) => rows[i]).map((i) => step(rows[i], i + 1));
    byId("ceremony-steps").replaceChildren(...onScreen);
    byId("ceremony-rows").replaceChildren(...rows.map((row, i) => line(row, i + 1)));
    toggle(byId("ceremony-teams"), Boolean(teams?.length));
    if (teams?.length) setText(byId("ceremony-teams"), `Best team: ${[...teams].sort((a, b) => b.points - a.points)[0].name}`);
    setText(byId("ceremony-line"), rows.length ? "" : "Nobody ordered. The oven is still warm.");
    this.winner = rows[0]?.name;
  }

  /** One after the other; all at once for those who want less motion, and for a page that was reloaded. */
  async #play() {
    const mine = this.shown;
    const steps = [...byId("ceremony-steps").children];
    const order = [3, 2, 1].map((place) => steps.find((element) => element.dataset.place === String(place))).filter(Boolean);
    for (const element of order) element.classList.add("step--waits");
    byId("ceremony-table").hidden = true;
    for (const element of order) {
      if (!still()) {
        this.sounds.drumRoll(ROLL_MS / 1000);
        await new Promise((resolve) => setTimeout(resolve, ROLL_MS));
      }
      if (this.shown !== mine) return;
      element.classList.remove("step--waits");
      this.sounds.step(Number(element.dataset.place));
    }
    byId("ceremony-table").hidden = false;
    document.body.dataset.ceremony = "done";
    if (this.winner) {
      setText(byId("ceremony-line"), `${this.winner} takes the last slice.`);
      this.say.now(`First: ${this.winner}.`);
    }
  }
}

function step(row, place) {
  const picture = avatar(row.colour, row.mark);
  picture.classList.add("avatar--big");
  return make(
    "li",
    { class: `step step--${place}`, "data-place": place },
    picture,
    make("bdi", { class: "step__name" }, row.name),
    make("span", { class: "step__points" }, `${pointsOf(row.points)} points`),
    make("span", { class: "step__block" }, String(place)),
  );
}

function line(row, place) {
  const name = make("span", { class: "podium__pilot" }, avatar(row.colour, row.mark), make("bdi", {}, row.name));
  const numbers = columns(row).map((value) => make("td", { class: "number" }, String(value ?? "\u2013")));
  return make("tr", {}, make("td", { class: "number" }, String(place)), make("th", { scope: "row" }, name), ...numbers);
}
