// The arena's page: the room's socket and panels, and the fight in the middle of them.

import { Bar } from "../rooms/bar.js";
import { InviteDialog, ask } from "../rooms/dialogs.js";
import { LobbyPanel } from "../rooms/lobbypanel.js";
import { Podium } from "../rooms/podium.js";
import { Refusal } from "../rooms/refusal.js";
import { RoomPage, readConfig } from "../rooms/room.js";
import { LookDialog } from "../rooms/lookdialog.js";
import { Arrival } from "../rooms/arrival.js";
import { Fight } from "./fight.js";
import { columns, verdict } from "./results.js";
import { loadRules } from "./world.js";

const canvas = document.getElementById("view");
const config = readConfig();

/** Give the keyboard back to the ship. */
const back = () => canvas.focus({ preventScroll: true });

loadRules(await (await fetch(config.rulesUrl)).json());

const game = new Fight({ canvas, back });
const invite = new InviteDialog({ title: document.title, address: config.urls.absolute });
const panels = [
  new Refusal(),
  new Arrival(),
  new LobbyPanel({ ask }),
  new Bar({ ask, invite, look: new LookDialog(), back }),
  new Podium({ verdict, columns }),
];
const page = new RoomPage({ config, game, panels });
game.start(page);
page.open();

if (new URLSearchParams(location.search).has("debug")) {
  const { Debug } = await import("./debug.js");
  game.debug = new Debug(game);
  window.spacePizzas = { page, game };
}
