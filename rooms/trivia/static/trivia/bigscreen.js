// The big screen: everything to be seen from across the room, and the host's controls along its foot.

import { ask } from "../rooms/dialogs.js";
import { setText } from "../rooms/dom.js";
import { MuteButton } from "../rooms/mutebutton.js";
import { Refusal } from "../rooms/refusal.js";
import { RoomPage, readConfig } from "../rooms/room.js";
import { Board } from "./board.js";
import { Ceremony } from "./ceremony.js";
import { Countdown } from "./countdown.js";
import { Gathering } from "./gathering.js";
import { HostControls } from "./host.js";
import { Pausing } from "./pausing.js";
import { Quiz } from "./quiz.js";
import { Rest } from "./rest.js";
import { Say } from "./say.js";
import { Sounds } from "./sounds.js";

const byId = (id) => document.getElementById(id);
const config = { ...readConfig(), watch: true };
const sounds = new Sounds();
const say = new Say(byId("spoken"));
new MuteButton(sounds, byId("bar-sound"));

const progress = {
  show({ game }) {
    for (const place of document.querySelectorAll("[data-progress]")) setText(place, game?.number ? `${game.number} / ${game.of}` : "");
  },
};
const game = new Quiz({
  views: [say, new Gathering(), new Board({ sounds }), new Countdown({ sounds }), new Pausing(), new Rest(), new Ceremony({ sounds, say }), new HostControls({ ask }), progress],
});

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => null);
}

byId("bar-fullscreen").hidden = !document.fullscreenEnabled;
byId("bar-fullscreen").addEventListener("click", fullScreen);
const page = new RoomPage({ config, game, panels: [new Refusal()] });
game.start(page);
page.open();
