// A player's page of the quiz: the room's socket and panels, and the stage in the middle of them.

import { Arrival } from "../rooms/arrival.js";
import { Bar } from "../rooms/bar.js";
import { InviteDialog, ask } from "../rooms/dialogs.js";
import { LobbyPanel } from "../rooms/lobbypanel.js";
import { LookDialog } from "../rooms/lookdialog.js";
import { MuteButton } from "../rooms/mutebutton.js";
import { Podium } from "../rooms/podium.js";
import { Refusal } from "../rooms/refusal.js";
import { RoomPage, readConfig } from "../rooms/room.js";
import { Answering } from "./answering.js";
import { Countdown } from "./countdown.js";
import { HostControls } from "./host.js";
import { Outcome } from "./outcome.js";
import { OwnStrip } from "./own.js";
import { Pausing } from "./pausing.js";
import { Quiz } from "./quiz.js";
import { Rest } from "./rest.js";
import { columns, verdict } from "./results.js";
import { Say } from "./say.js";
import { Sounds } from "./sounds.js";
import { Teams } from "./teams.js";

const config = readConfig();
const sounds = new Sounds();
const say = new Say(document.getElementById("spoken"));
new MuteButton(sounds, document.getElementById("bar-sound"));

const game = new Quiz({
  views: [say, new Answering({ sounds, say }), new Outcome({ sounds }), new Countdown({ sounds }), new Pausing(), new Rest(), new Teams(), new OwnStrip(), new HostControls({ ask })],
});
const invite = new InviteDialog({ title: document.title, address: config.urls.absolute });
const back = () => document.getElementById("stage").focus({ preventScroll: true });
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
