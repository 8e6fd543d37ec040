// The small bar: sound, invitation, own look, the host's lock and end, and the way out.

import { setText, toggle } from "./dom.js";

const byId = (id) => document.getElementById(id);

export class Bar {
  /** `ask`, `invite` and `look` are dialogs; `back()` gives the keyboard back to the game. */
  constructor({ ask, invite, look, back }) {
    this.ask = ask;
    this.back = back;
    byId("bar-leave").addEventListener("click", () => this.page.leave());
    // A game whose host has controls of their own has no lock and no end here.
    byId("bar-lock")?.addEventListener("click", () => this.#lock());
    byId("bar-end")?.addEventListener("click", () => this.#end());
    byId("bar-invite").addEventListener("click", () => invite.open());
    byId("bar-look").addEventListener("click", () => look.open(this.page));
    // By mouse the game has the keys again at once; by keyboard after a dialog, or with Escape.
    byId("bar").addEventListener("click", (event) => event.detail > 0 && this.back());
    byId("bar").addEventListener("keydown", (event) => event.key === "Escape" && this.back());
    for (const dialog of [invite.dialog, look.dialog]) dialog.addEventListener("close", () => this.back());
  }

  show(page) {
    this.page = page;
    const { phase } = page;
    const here = !["connecting", "refused", "over"].includes(phase);
    toggle(byId("bar-invite"), phase !== "refused");
    toggle(byId("bar-look"), here && page.slot !== null);
    toggle(byId("bar-lock"), here && page.isHost);
    toggle(byId("bar-end"), here && page.isHost && phase !== "lobby");
    if (byId("bar-lock")) this.#locked(Boolean(page.state.room?.locked));
  }

  #locked(locked) {
    setText(byId("bar-lock-label"), locked ? "Unlock" : "Lock");
    byId("bar-lock").classList.toggle("bar__button--on", locked);
  }

  #lock() {
    this.page.ask("room.lock", { locked: !this.page.state.room.locked });
  }

  async #end() {
    const sure = await this.ask({ title: "End the round?", text: "Everybody goes to the podium. Points stay.", yes: "End it" });
    if (sure) await this.page.ask("room.end");
    else this.back();
  }
}
