// When there is no room to be in: it says why, and what can be done next. Also the first moments of connecting.

import { setText, toggle } from "./dom.js";

const SLOW_AFTER = 3; // tries

const byId = (id) => document.getElementById(id);

const OVER = {
  FAILED: { title: "The oven broke", offers: ["play", "lobby"] },
  EXPIRED: { title: "This room has closed", text: "Nobody came for a while, so we turned off the lights.", offers: ["play", "lobby"] },
};

export class Refusal {
  constructor() {
    this.root = byId("refusal");
    this.line = byId("line");
    byId("refusal-takeover").addEventListener("click", () => this.page.takeOver());
    byId("refusal-reload").addEventListener("click", () => location.reload());
  }

  show(page) {
    this.page = page;
    const refused = page.phase === "refused";
    toggle(this.root, refused);
    toggle(this.line, page.phase === "connecting");
    if (page.phase === "connecting") this.#connecting(page);
    if (refused) this.#refused(page.status.end ?? this.#failure(page));
  }

  #connecting({ state, status }) {
    const again = state.room !== null || status.attempt > 0;
    const text = !again ? "Knocking at the kitchen door" : "The line is down. We keep your seat and come back";
    setText(byId("line-text"), status.attempt > SLOW_AFTER ? "Still no answer. We keep trying" : text);
  }

  #failure({ state: { room }, isHost }) {
    const end = OVER[room.status] ?? OVER.EXPIRED;
    const offers = room.status === "FAILED" && isHost ? ["retry", "create"] : end.offers;
    return { ...end, offers, text: room.failure || end.text };
  }

  #refused({ title, text, offers }) {
    setText(byId("refusal-title"), title);
    setText(byId("refusal-text"), text);
    for (const offer of this.root.querySelectorAll("[data-offer]")) toggle(offer, offers.includes(offer.dataset.offer));
    byId("refusal-title").focus({ preventScroll: true });
  }
}
