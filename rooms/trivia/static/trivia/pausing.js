// A pause, for as long as it lasts; and what is said before a question.

import { setText, toggle } from "../rooms/dom.js";
import { secondsOf } from "./scene.js";

const byId = (id) => document.getElementById(id);
const TIPS = [
  "Wipe your hands. Phones at the ready.",
  "The oven is hot.",
  "No shouting out the answer. Whispering costs extra.",
  "Fingers over the toppings.",
];

export class Pausing {
  show({ stage, game, left }) {
    const paused = Boolean(game?.paused) && !["connecting", "refused", "over", "lobby"].includes(stage);
    toggle(byId("paused"), paused);
    if (paused) setText(byId("paused-left"), stage === "open" && left ? `${secondsOf(left)} s are left on the clock.` : "Everything waits.");
    if (stage !== "ready") return;
    const next = game.phase === "open" ? game.number : game.number + 1;
    setText(byId("ready-number"), `Question ${next} of ${game.of}`);
    setText(byId("ready-line"), game.phase === "open" && game.question ? (game.question.category ?? "") : TIPS[next % TIPS.length]);
  }
}
