// The lobby: who is here, how to come in, and the host's Start.

import { avatar } from "./avatar.js";
import { fill, setText, toggle } from "./dom.js";
import { everybody } from "./store.js";

const byId = (id) => document.getElementById(id);

export class LobbyPanel {
  /** `ask` is the confirming dialog. */
  constructor({ ask }) {
    this.ask = ask;
    this.root = byId("lobby");
    this.fold = byId("lobby-fold");
    this.fold?.addEventListener("click", () => this.#fold());
    byId("lobby-start").addEventListener("click", () => this.page.ask("room.start"));
  }

  #fold() {
    const folded = this.root.classList.toggle("lobby--folded");
    this.fold.setAttribute("aria-expanded", String(!folded));
  }

  show(page) {
    this.page = page;
    toggle(this.root, page.phase === "lobby");
    if (page.phase !== "lobby") return;
    const { state } = page;
    const people = Object.keys(state.seats).length;
    const bots = state.game.bots?.length ?? 0;
    setText(byId("lobby-count"), `${people} of ${state.room.capacity}${bots ? `, and ${bots} ${bots === 1 ? "bot" : "bots"}` : ""}`);
    toggle(byId("lobby-start"), page.isHost);
    toggle(byId("lobby-wait"), !page.isHost);
    this.#list(page);
  }

  #list(page) {
    const all = Object.values(everybody(page.state)).sort((a, b) => Boolean(a.bot) - Boolean(b.bot) || a.slot - b.slot);
    const host = page.state.room.host;
    const keyOf = (one) => JSON.stringify([one, one.slot === host, one.slot === page.slot, page.isHost]);
    fill(byId("lobby-seats"), all, keyOf, (one) => this.#row(one, page, host));
  }

  #row(one, page, host) {
    const row = document.createElement("li");
    row.className = one.connected ? "seat" : "seat seat--away";
    const name = document.createElement("bdi");
    name.className = "seat__name";
    name.textContent = one.name;
    row.append(avatar(one.colour, one.mark), name);
    for (const word of chips(one, page.slot, host)) row.append(chip(word));
    if (page.isHost && one.slot !== page.slot && !one.bot) row.append(this.#kick(one));
    return row;
  }

  #kick(one) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--ghost btn--small";
    button.textContent = "Kick";
    button.setAttribute("aria-label", `Kick ${one.name}`);
    button.addEventListener("click", () => this.#reallyKick(one));
    return button;
  }

  async #reallyKick({ slot, name }) {
    const sure = await this.ask({ title: `Kick ${name}?`, text: "They can not come back to this room.", yes: "Kick" });
    if (sure) this.page.ask("room.kick", { slot });
  }
}

function chips(one, own, host) {
  const words = [];
  if (one.slot === own) words.push("You");
  if (one.slot === host) words.push("Host");
  if (one.bot) words.push("Bot");
  if (!one.connected) words.push("Away");
  return words;
}

function chip(text) {
  const element = document.createElement("span");
  element.className = "chip";
  element.textContent = text;
  return element;
}
