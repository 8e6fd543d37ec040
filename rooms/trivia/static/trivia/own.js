// How far the quiz is; and the strip at the phone's foot: who I am, my points.

import { avatar } from "../rooms/avatar.js";
import { setText, toggle } from "../rooms/dom.js";
import { pointsOf } from "./scene.js";

const byId = (id) => document.getElementById(id);

export class OwnStrip {
  constructor() {
    this.root = byId("own");
  }

  show({ stage, game, own }, page) {
    const progress = game?.number ? `${game.number} / ${game.of}` : "";
    for (const place of document.querySelectorAll("[data-progress]")) setText(place, progress);
    for (const place of document.querySelectorAll("[data-answered]")) setText(place, game?.phase === "open" ? `${game.answered} of ${game.expected} have answered` : "");
    const seat = page.state.seats[page.slot];
    toggle(this.root, Boolean(seat) && !["connecting", "refused", "over"].includes(stage));
    if (!seat) return;
    const look = `${seat.colour}/${seat.mark}`;
    if (look !== this.look) byId("own-avatar").replaceChildren(avatar(seat.colour, seat.mark));
    this.look = look;
    setText(byId("own-name"), seat.name);
    setText(byId("own-points"), pointsOf(own?.points ?? page.state.scores[page.slot] ?? 0));
  }
}
