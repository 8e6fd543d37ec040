// Which team one plays for, chosen in the lobby.

import { make, toggle } from "../rooms/dom.js";

export class Teams {
  constructor() {
    this.root = document.getElementById("teams");
    this.list = document.getElementById("teams-list");
  }

  show({ stage, game, own }, page) {
    const there = stage === "lobby" && Boolean(game.teams) && page.slot !== null;
    toggle(this.root, there);
    if (!there) return;
    this.page = page;
    const chosen = own?.team ?? null;
    const key = JSON.stringify([game.teams, chosen]);
    if (key === this.key) return;
    this.key = key;
    const focused = document.activeElement?.dataset.team;
    this.list.replaceChildren(...game.teams.map((team) => this.#button(team, team.team === chosen)));
    if (focused !== undefined) this.list.querySelector(`[data-team="${focused}"]`)?.focus({ preventScroll: true });
  }

  #button({ team, name, members }, chosen) {
    const button = make(
      "button",
      { type: "button", class: "team", "data-team": team, "aria-pressed": String(chosen) },
      make("span", { class: `teamdot teamdot--${team}`, "aria-hidden": "true" }),
      make("bdi", { class: "team__name" }, name),
      make("span", { class: "team__count" }, members === 1 ? "1 player" : `${members} players`),
    );
    button.addEventListener("click", () => this.page.ask("trivia.team", { team }));
    return button;
  }
}
