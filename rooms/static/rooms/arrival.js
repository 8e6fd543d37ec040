// For those who have no seat: the invitation to take one, and the bar of those who watch.

import { setText, toggle } from "./dom.js";

const byId = (id) => document.getElementById(id);

export class Arrival {
  constructor() {
    this.root = byId("arrival");
    this.bar = byId("watchbar");
  }

  show({ state, phase, slot }) {
    const here = state.room !== null && phase !== "refused";
    const open = here && phase !== "over";
    const full = here && Object.keys(state.seats).length >= state.room.capacity;
    const closed = here && (state.room.locked || full);
    if (this.root) {
      toggle(this.root, !here || open);
      toggle(byId("arrival-join"), !closed);
      if (closed) setText(byId("arrival-text"), why(state.room.locked));
      if (phase === "refused" || slot !== null) toggle(this.root, false);
    }
    toggle(this.bar, open && slot === null && !this.root);
    toggle(byId("watchbar-join"), !closed);
  }
}

const why = (locked) =>
  locked ? "The host has locked this room. You can watch, or try another." : "Every seat is taken. You can watch, or try another.";
