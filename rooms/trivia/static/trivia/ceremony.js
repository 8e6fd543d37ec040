// The podium on the big screen: a drum roll, then third, second, first.

import { setText, toggle } from "../rooms/dom.js";
import { fillTable, placeOf, steps } from "../rooms/podium.js";
import { columns, verdict } from "./results.js";

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
      this.awaited ||= !["connecting", "refused"].includes(stage);
      return;
    }
    const next = byId("ceremony-next");
    toggle(next, Boolean(room.next_code));
    if (room.next_code) next.href = page.config.urls.screen.replace(page.config.code, room.next_code);
    const results = JSON.stringify(room.results);
    if (this.shown === results || !room.results) return;
    this.shown = results;
    this.#fill(room.results.rows ?? [], room.results.teams);
    this.#play();
  }

  #fill(rows, teams) {
    byId("ceremony-steps").replaceChildren(...steps(rows));
    fillTable(byId("ceremony-rows"), rows.map((row) => ({ row, place: placeOf(rows, row), numbers: columns(row) })));
    byId("ceremony-table").dataset.crowd = rows.length > 10 ? "pub" : "";
    toggle(byId("ceremony-teams"), false);
    if (teams?.length) setText(byId("ceremony-teams"), `Best team: ${[...teams].sort((a, b) => b.points - a.points)[0].name}`);
    this.teams = Boolean(teams?.length);
    setText(byId("ceremony-line"), "And the last slice goes to\u2026");
    this.verdict = verdict(rows, -1);
  }

  /** One after the other; all at once for those who want less motion, and for a page that was reloaded. */
  async #play() {
    const mine = this.shown;
    const stands = [...byId("ceremony-steps").children];
    const order = [3, 2, 1].map((stand) => stands.find((element) => element.dataset.stand === String(stand))).filter(Boolean);
    for (const element of order) element.classList.add("step--waits");
    byId("ceremony-table").hidden = true;
    for (const element of order) {
      if (this.awaited && !still()) {
        this.sounds.drumRoll(ROLL_MS / 1000);
        await new Promise((resolve) => setTimeout(resolve, ROLL_MS));
      }
      if (this.shown !== mine) return;
      element.classList.remove("step--waits");
      this.sounds.step(Number(element.dataset.stand));
    }
    byId("ceremony-table").hidden = false;
    document.body.dataset.ceremony = "done";
    toggle(byId("ceremony-teams"), this.teams);
    setText(byId("ceremony-line"), this.verdict);
    this.say.now(this.verdict);
  }
}
