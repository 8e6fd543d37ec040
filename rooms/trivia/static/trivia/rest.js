// Half-time: how everybody stands.

import { toggle } from "../rooms/dom.js";
import { showStandings } from "./standings.js";

const MOST = 5;

export class Rest {
  constructor() {
    this.box = document.getElementById("rest-box");
    this.list = document.getElementById("rest-standings");
  }

  show({ stage, game }, page) {
    if (stage !== "rest" || game.reveal === this.shown) return;
    this.shown = game.reveal;
    toggle(this.box, Boolean(game.reveal));
    if (game.reveal) showStandings(this.list, game.reveal.standings, { state: page.state, own: page.slot, most: MOST });
  }
}
